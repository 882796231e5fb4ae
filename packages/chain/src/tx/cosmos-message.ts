import type { ChainParams } from '../chain-params.ts';
import type { Context } from '../context.ts';
import { sdkErrors } from '../errors.ts';
import { type Codec, encodeCosmos } from './cosmos-wire.ts';
import type { MessageType } from './message.ts';
import { decodeCosmos } from './strict.ts';

/** A generated message of cosmjs-types. */
interface Generated<M> extends Codec<M> {
  readonly typeUrl: string;
}

/** What one of Cosmos' messages is made of. */
interface CosmosMessage<M, R> {
  readonly codec: Generated<M>;
  readonly response: Generated<R>;
  readonly signer: (message: M) => string;
  readonly gas: (message: M) => bigint;
  readonly validate: (message: M, params: ChainParams) => void;
  readonly handle: (context: Context, message: M) => R;
}

/** The message as the transaction runner takes it. */
export function cosmosMessage<M, R>(message: CosmosMessage<M, R>): MessageType<M> {
  const { codec, response, signer, gas, validate, handle } = message;
  const name = codec.typeUrl.slice(codec.typeUrl.lastIndexOf('.') + 1);
  return {
    typeUrl: codec.typeUrl,
    responseTypeUrl: response.typeUrl,
    invalid: sdkErrors.invalidRequest,
    decode: (bytes) => decodeCosmos(codec, bytes, name),
    signer,
    gas,
    validate,
    execute: (context, decoded) => encodeCosmos(response, handle(context, decoded)),
  };
}
