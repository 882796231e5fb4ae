import type { ChainParams } from '../chain-params.ts';
import type { Context } from '../context.ts';
import type { ErrorKind } from '../errors.ts';

/** One kind of message: how it is read, who signs, what it costs, what it does. */
export interface MessageType<M> {
  /** `/` and the full protobuf name. */
  readonly typeUrl: string;
  readonly responseTypeUrl: string;
  /** How a wrong field is reported. */
  readonly invalid: ErrorKind;
  /** Throws a refusal when the bytes are not the one encoding of a message. */
  decode(bytes: Uint8Array): M;
  /** Address text of the account that must sign. */
  signer(message: M): string;
  /** What executing it costs beside the bytes of its transaction. */
  gas(message: M): bigint;
  /** All that can be checked without state. Throws InvalidInputError naming the field. */
  validate(message: M, params: ChainParams): void;
  /** Acts on state and returns the encoded response, or refuses by throwing. */
  execute(context: Context, message: M): Uint8Array;
}

/** A decoded message of any kind. */
export interface Message {
  readonly typeUrl: string;
  readonly responseTypeUrl: string;
  readonly invalid: ErrorKind;
  readonly signer: string;
  readonly gas: bigint;
  validate(params: ChainParams): void;
  execute(context: Context): Uint8Array;
}

/** How the bytes of one kind of message become a message. */
export interface MessageReader {
  readonly typeUrl: string;
  read(bytes: Uint8Array): Message;
}

export function messageReader<M>(type: MessageType<M>): MessageReader {
  const { typeUrl, responseTypeUrl, invalid } = type;
  return {
    typeUrl,
    read(bytes) {
      const message = type.decode(bytes);
      return {
        typeUrl,
        responseTypeUrl,
        invalid,
        signer: type.signer(message),
        gas: type.gas(message),
        validate: (params) => type.validate(message, params),
        execute: (context) => type.execute(context, message),
      };
    },
  };
}
