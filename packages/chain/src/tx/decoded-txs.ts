import type { DecodedTx } from './decode.ts';

/** Reads a transaction, or throws a refusal. */
export type DecodeTx = (bytes: Uint8Array) => DecodedTx;

/**
 * The same reading, done once for the same bytes: a transaction is read for the pool and then
 * executed in its block. What was read lives as long as its bytes do, whose memory it shares.
 */
export function rememberDecoded(decode: DecodeTx): DecodeTx {
  const known = new WeakMap<Uint8Array, DecodedTx>();
  return (bytes) => {
    const found = known.get(bytes);
    if (found !== undefined) return found;
    const decoded = decode(bytes);
    known.set(bytes, decoded);
    return decoded;
  };
}
