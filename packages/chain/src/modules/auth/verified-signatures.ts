import { toByteString } from '../../store/byte-string.ts';

/** Whether a signature signs a digest with a key. */
export type VerifySignature = (
  digest: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
) => boolean;

/**
 * The same judgement, remembering the signatures found good: a transaction is checked for the pool
 * and again in its block. Everything that decides is in the key, so that no outcome can change.
 * Holds between `capacity` and twice as many entries of about 150 bytes.
 */
export function rememberVerified(verify: VerifySignature, capacity: number): VerifySignature {
  let recent = new Set<string>();
  let older = new Set<string>();
  return (digest, signature, publicKey) => {
    const key = toByteString(digest) + toByteString(signature) + toByteString(publicKey);
    if (recent.has(key) || older.has(key)) return true;
    if (!verify(digest, signature, publicKey)) return false;
    recent.add(key);
    if (recent.size >= capacity) [older, recent] = [recent, new Set()];
    return true;
  };
}
