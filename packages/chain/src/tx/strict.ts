import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { RefusedError, sdkErrors } from '../errors.ts';
import { type Codec, CosmosReader, encodeCosmos } from './cosmos-wire.ts';

/*
 * Only one byte string may stand for a message: whatever does not come back the same after
 * decoding and encoding again, unknown fields included, is refused. Otherwise a relay could
 * change a transaction's hash, or slip in what only some clients see.
 */

/** Decodes one of Cosmos' messages. `name` is for the log. */
export function decodeCosmos<M>(codec: Codec<M>, bytes: Uint8Array, name: string): M {
  return decodeCanonical(
    bytes,
    () => codec.decode(new CosmosReader(bytes)),
    (message) => encodeCosmos(codec, message),
    name,
  );
}

/** Decodes one of our own messages. */
export function decodeOwn<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  return decodeCanonical(
    bytes,
    () => fromBinary(schema, bytes, { readUnknownFields: false }),
    (message) => toBinary(schema, message),
    schema.name,
  );
}

/** Hostile nesting may exhaust the stack; that too ends here, with the same code everywhere. */
function decodeCanonical<M>(
  bytes: Uint8Array,
  decode: () => M,
  encode: (message: M) => Uint8Array,
  name: string,
): M {
  let message: M;
  let again: Uint8Array;
  try {
    message = decode();
    again = encode(message);
  } catch (cause) {
    throw new RefusedError(sdkErrors.txDecode, `${name} does not decode`, { cause });
  }
  // Compared natively: a reveal is large, and is compared as a message, a body and a transaction.
  if (Buffer.compare(again, bytes) !== 0) {
    throw new RefusedError(
      sdkErrors.txDecode,
      `${name} has unknown fields or is not canonically encoded`,
    );
  }
  return message;
}
