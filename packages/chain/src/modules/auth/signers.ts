import { equals } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { DecodedTx } from '../../tx/decode.ts';
import { type SigningAs, signBytes } from '../../tx/sign-bytes.ts';
import { verifySignature } from './secp256k1.ts';

/** An account's place in the history that it signs for, and its key. */
export interface Signer extends SigningAs {
  readonly publicKey: Uint8Array;
}

/** Whether the signature at `index` is the signer's. Refuses sign modes that are not taken. */
export type VerifySigner = (tx: DecodedTx, index: number, signer: Signer) => boolean;

export const verifySigner: VerifySigner = (tx, index, signer) => {
  const signature = tx.signatures[index];
  if (signature === undefined) return false;
  const mode = tx.authInfo.signerInfos[index]?.modeInfo?.single?.mode;
  return verifySignature(sha256(signBytes(tx, mode, signer)), signature, signer.publicKey);
};

/**
 * The same judgement, remembering the signers found good for as long as their transaction is: it is
 * checked for the pool and again in its block. All that decides is compared, so that no outcome can
 * change.
 */
export function rememberSigners(verify: VerifySigner): VerifySigner {
  const good = new WeakMap<DecodedTx, Map<number, Signer>>();
  return (tx, index, signer) => {
    const known = good.get(tx);
    if (isSame(known?.get(index), signer)) return true;
    if (!verify(tx, index, signer)) return false;
    if (known === undefined) good.set(tx, new Map([[index, signer]]));
    else known.set(index, signer);
    return true;
  };
}

function isSame(a: Signer | undefined, b: Signer): boolean {
  return (
    a !== undefined &&
    a.chainId === b.chainId &&
    a.accountNumber === b.accountNumber &&
    a.sequence === b.sequence &&
    equals(a.publicKey, b.publicKey)
  );
}
