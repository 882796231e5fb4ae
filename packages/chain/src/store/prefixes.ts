import { concat } from '@semblance/core/bytes';

/**
 * First byte of every key in the store, one for each kind of entry. A number that was used once
 * is never given to another kind.
 */
export const PREFIX = {
  meta: 0x00,
  chainParams: 0x01,

  account: 0x10,
  accountNumber: 0x11,

  balance: 0x20,
  supply: 0x21,

  producer: 0x30,

  mlModel: 0x40,
  mlNode: 0x41,
  mlJob: 0x42,
  mlJobNumber: 0x43,
  mlJobList: 0x44,
  mlDuty: 0x45,
  mlDrawQueue: 0x46,
  mlCommitQueue: 0x47,
  mlRevealQueue: 0x48,
  mlLeaveQueue: 0x49,
  mlPruneQueue: 0x4a,
  mlBeacon: 0x4b,

  /** Records of the trees over all the others but `meta`. */
  tree: 0xf0,
} as const;

/**
 * The stores of the multistore, which stand in proofs by their names (the Cosmos SDK's, where it has
 * them): all keys whose first byte has this upper half.
 */
export const STORES: readonly { readonly name: string; readonly group: number }[] = [
  { name: 'params', group: 0x0 },
  { name: 'acc', group: 0x1 },
  { name: 'bank', group: 0x2 },
  { name: 'producers', group: 0x3 },
  { name: 'ml', group: 0x4 },
];

const FIRST_BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));

/** Value of an entry whose key says it all. */
export const PRESENT = Uint8Array.of(1);

export function keyOf(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat(FIRST_BYTES[prefix] as Uint8Array, ...parts);
}

/** The half-open range of all keys that begin with `prefix`. */
export function keysUnder(prefix: Uint8Array): readonly [start: Uint8Array, end: Uint8Array] {
  return [prefix, after(prefix)];
}

/** The least key above every key that begins with `prefix`. Not every byte may be 0xff. */
export function after(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) throw new RangeError('no key comes after this prefix');
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] as number) + 1;
  return end;
}
