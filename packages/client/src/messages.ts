import {
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import {
  MsgCommitSchema,
  MsgRegisterModelSchema,
  MsgRegisterNodeSchema,
  MsgRevealSchema,
  MsgSubmitJobSchema,
  MsgUnjailNodeSchema,
  MsgUnregisterNodeSchema,
  MsgUpdateNodeSchema,
} from '@semblance/proto/ml';
import { MsgSend } from 'cosmjs-types/cosmos/bank/v1beta1/tx';

/** A message as it goes into a transaction: google.protobuf.Any. */
export interface TxMessage {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

export interface Coin {
  readonly denom: string;
  /** Decimal string of the base unit. */
  readonly amount: string;
}

const builder =
  <Schema extends DescMessage>(schema: Schema) =>
  (fields: MessageInitShape<Schema>): TxMessage => ({
    typeUrl: `/${schema.typeName}`,
    value: toBinary(schema, create(schema, fields) as MessageShape<Schema>),
  });

/** Builders of the ml module's messages; fields as in `semblance/ml/v1/tx.proto`. */
export const registerNode = builder(MsgRegisterNodeSchema);
export const updateNode = builder(MsgUpdateNodeSchema);
export const unregisterNode = builder(MsgUnregisterNodeSchema);
export const unjailNode = builder(MsgUnjailNodeSchema);
export const registerModel = builder(MsgRegisterModelSchema);
export const submitJob = builder(MsgSubmitJobSchema);
export const commit = builder(MsgCommitSchema);
export const reveal = builder(MsgRevealSchema);

/** Moves coins between accounts. */
export function send(from: string, to: string, amount: readonly Coin[]): TxMessage {
  const fields = { fromAddress: from, toAddress: to, amount: [...amount] };
  return {
    typeUrl: MsgSend.typeUrl,
    value: MsgSend.encode(MsgSend.fromPartial(fields)).finish(),
  };
}
