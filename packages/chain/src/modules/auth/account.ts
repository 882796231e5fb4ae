import { concat, fromUint64, toUint64 } from '@semblance/core/bytes';

/** Who may sign: its number never changes, its sequence counts its transactions. */
export interface Account {
  readonly address: Uint8Array;
  readonly number: bigint;
  readonly sequence: bigint;
  /** Compressed secp256k1 key, 33 bytes, once the account has signed. */
  readonly pubKey: Uint8Array | undefined;
}

/** number, sequence (8 bytes each, big-endian), then the key if there is one. */
export function encodeAccount({ number, sequence, pubKey }: Account): Uint8Array {
  return concat(fromUint64(number), fromUint64(sequence), pubKey ?? new Uint8Array());
}

export function decodeAccount(address: Uint8Array, bytes: Uint8Array): Account {
  return {
    address,
    number: toUint64(bytes, 0),
    sequence: toUint64(bytes, 8),
    pubKey: bytes.length > 16 ? bytes.subarray(16) : undefined,
  };
}
