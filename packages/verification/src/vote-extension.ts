import { concat } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { Contribution } from './beacon.ts';
import { PROOF_BYTES, prove, verify, vrfPublicKey } from './vrf.ts';

/*
 * What a validator adds to its vote: its public key, 32 bytes, and its VRF's proof. Whoever knows the
 * validator's address and the input needs nothing else to check it, and it says who made it, so
 * that it needs no signature besides.
 */

const KEY_BYTES = 32;

export const EXTENSION_BYTES = KEY_BYTES + PROOF_BYTES;

/**
 * The extension made with the seed of a validator's consensus key, 32 bytes. There is no other key: one
 * announced for the purpose could be chosen after the beacons that it is to move were known.
 *
 * That the key also signs votes is safe. A signature and a proof each take a nonce from the key and what
 * they are about, and two equations with one nonce would give the key away; but a signature is about a
 * structured message of the engine and a proof about a point that a hash has chosen, 32 bytes that no
 * message is.
 */
export function makeExtension(seed: Uint8Array, input: Uint8Array): Uint8Array {
  return concat(vrfPublicKey(seed), prove(seed, input));
}

/** What it adds to the beacon; nothing if its key is not on the curve or its proof is not of this input. */
export function readExtension(extension: Uint8Array, input: Uint8Array): Contribution | undefined {
  if (extension.length !== EXTENSION_BYTES) return undefined;
  const key = extension.subarray(0, KEY_BYTES);
  const output = verify(key, input, extension.subarray(KEY_BYTES));
  return output && { validator: consensusAddress(key), output };
}

/** Of an ed25519 key, as CometBFT has it: the first 20 bytes of its SHA-256. */
function consensusAddress(key: Uint8Array): Uint8Array {
  return sha256(key).slice(0, 20);
}
