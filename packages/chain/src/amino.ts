import {
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { base64Encode } from '@bufbuild/protobuf/wire';
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
import { distributionAmino } from './modules/distribution/amino.ts';
import { govAmino } from './modules/gov/amino.ts';
import { slashingAmino } from './modules/slashing/unjail.ts';
import { stakingAmino } from './modules/staking/amino.ts';
import type { AminoJson } from './tx/amino-json.ts';
import {
  type AminoConverter,
  type AminoMessage,
  aminoCoin,
  cosmosAmino,
} from './tx/cosmos-amino.ts';

/*
 * What a wallet that signs legacy amino JSON (a Ledger) signs for each message:
 * `{ "type": <amino name>, "value": { ... } }`.
 *
 * Cosmos' own messages have their forms beside their modules. Every message of ours is named
 * `semblance/ml/<Message>` and its value follows one rule, field by field of the .proto:
 *   - the key is the field's name in the .proto, snake_case;
 *   - a field at its default ("", 0, no bytes, empty list) is left out; a message field is left out
 *     when it is not set, and is {} when it is set and all of its fields are left out;
 *   - a oneof is its set field under that field's own name;
 *   - string as it is; uint32 as a number; uint64 as a decimal string; bytes as base64 with padding;
 *   - amounts are strings in the .proto already.
 */

const OURS: readonly DescMessage[] = [
  MsgRegisterNodeSchema,
  MsgUpdateNodeSchema,
  MsgUnregisterNodeSchema,
  MsgUnjailNodeSchema,
  MsgRegisterModelSchema,
  MsgSubmitJobSchema,
  MsgCommitSchema,
  MsgRevealSchema,
];

const CONVERTERS: readonly AminoConverter[] = [
  cosmosAmino(MsgSend, 'cosmos-sdk/MsgSend', ({ fromAddress, toAddress, amount }) => ({
    from_address: fromAddress,
    to_address: toAddress,
    amount: amount.map(aminoCoin),
  })),
  ...stakingAmino,
  ...slashingAmino,
  ...distributionAmino,
  ...govAmino,
  ...OURS.map((schema) => ({
    typeUrl: `/${schema.typeName}`,
    convert: (bytes: Uint8Array) => ({
      type: `semblance/ml/${schema.name}`,
      value: toAmino(reflect(schema, fromBinary(schema, bytes) as Message)),
    }),
  })),
];

const byTypeUrl = new Map(CONVERTERS.map((converter) => [converter.typeUrl, converter]));

/** Amino form of an encoded message, or undefined when the chain has no such message. */
export function aminoMessage(typeUrl: string, bytes: Uint8Array): AminoMessage | undefined {
  return byTypeUrl.get(typeUrl)?.convert(bytes);
}

function toAmino(message: ReflectMessage): AminoJson {
  const value: Record<string, AminoJson> = {};
  for (const field of message.fields) {
    if (message.isSet(field)) value[field.name] = fieldToAmino(message, field);
  }
  return value;
}

function fieldToAmino(message: ReflectMessage, field: DescField): AminoJson {
  if (field.fieldKind === 'message') return toAmino(message.get(field));
  if (field.fieldKind === 'scalar') return scalarToAmino(field.scalar, message.get(field));
  if (field.fieldKind === 'list' && field.listKind === 'scalar') {
    return Array.from(message.get(field), (item) => scalarToAmino(field.scalar, item));
  }
  throw new TypeError(`no amino form for ${field.toString()}`);
}

function scalarToAmino(type: ScalarType, value: unknown): AminoJson {
  if (type === ScalarType.STRING && typeof value === 'string') return value;
  if (type === ScalarType.UINT32 && typeof value === 'number') return value;
  if (type === ScalarType.UINT64 && typeof value === 'bigint') return value.toString();
  if (type === ScalarType.BYTES && value instanceof Uint8Array) return base64Encode(value);
  throw new TypeError(`no amino form for scalar type ${type}`);
}
