import { bech32 } from '@scure/base';
import { InvalidInputError } from './errors.ts';

/** Address text of 20 account bytes under a human-readable prefix (BIP-173). */
export function toBech32(prefix: string, address: Uint8Array): string {
  return bech32.encode(prefix, bech32.toWords(address));
}

/** Account bytes of an address, which must carry `prefix` and hold 20 bytes. */
export function fromBech32(prefix: string, address: string, field = 'address'): Uint8Array {
  let decoded: ReturnType<typeof bech32.decode>;
  let bytes: Uint8Array;
  try {
    decoded = bech32.decode(address as `${string}1${string}`, 90);
    bytes = bech32.fromWords(decoded.words);
  } catch (cause) {
    throw new InvalidInputError(field, 'not a bech32 address', { cause });
  }
  if (decoded.prefix !== prefix) throw new InvalidInputError(field, `prefix is not "${prefix}"`);
  if (bytes.length !== 20) throw new InvalidInputError(field, 'not 20 bytes long');
  return bytes;
}
