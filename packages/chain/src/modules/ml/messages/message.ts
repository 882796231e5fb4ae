import {
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import type { ChainParams } from '../../../chain-params.ts';
import type { Context } from '../../../context.ts';
import type { MessageType } from '../../../tx/message.ts';
import { decodeOwn } from '../../../tx/strict.ts';
import { mlErrors } from '../errors.ts';

/** What one message of the ml module is made of. */
interface MlMessage<M extends DescMessage, R extends DescMessage> {
  readonly schema: M;
  readonly response: R;
  readonly signer: (message: MessageShape<M>) => string;
  readonly gas: (message: MessageShape<M>) => bigint;
  readonly validate: (message: MessageShape<M>, params: ChainParams) => void;
  readonly handle: (context: Context, message: MessageShape<M>) => MessageInitShape<R>;
}

/** The message as the transaction runner takes it. */
export function mlMessage<M extends DescMessage, R extends DescMessage>(
  message: MlMessage<M, R>,
): MessageType<MessageShape<M>> {
  const { schema, response, signer, gas, validate, handle } = message;
  return {
    typeUrl: `/${schema.typeName}`,
    responseTypeUrl: `/${response.typeName}`,
    invalid: mlErrors.invalidField,
    decode: (bytes) => decodeOwn(schema, bytes),
    signer,
    gas,
    validate,
    execute: (context, decoded) => toBinary(response, create(response, handle(context, decoded))),
  };
}
