import { invalidArgument } from './errors.ts';

/** By which clients name the height of the state they want, and learn which they got. */
export const HEIGHT_HEADER = 'x-cosmos-block-height';

/** Undefined and 0 both mean the latest. */
export function requestedHeight(header: string | null | undefined): bigint | undefined {
  if (header === null || header === undefined || header === '') return undefined;
  if (!/^\d{1,18}$/.test(header)) throw invalidArgument(`${HEIGHT_HEADER}: not a height`);
  return header === '0' ? undefined : BigInt(header);
}
