import { fromUint64, toUint64 } from '@semblance/core/bytes';
import type { Decimal } from '../../decimal.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { after, keyOf, PREFIX } from '../../store/prefixes.ts';

/** A validator lost a part of its stake when a period closed. */
export interface Slash {
  readonly height: bigint;
  readonly period: bigint;
  readonly fraction: Decimal;
}

const slashKey = (operator: Uint8Array, height: bigint, period: bigint) =>
  keyOf(PREFIX.distributionSlash, operator, fromUint64(height), fromUint64(period));

export function addSlash(state: State, operator: Uint8Array, slash: Slash): void {
  state.set(slashKey(operator, slash.height, slash.period), encodeIntegers(slash.fraction));
}

/** A validator's slashes from a height on, the oldest first. */
export function* slashesSince(
  state: Reader,
  operator: Uint8Array,
  height: bigint,
): Generator<Slash> {
  const start = keyOf(PREFIX.distributionSlash, operator, fromUint64(height));
  const end = after(keyOf(PREFIX.distributionSlash, operator));
  for (const [key, bytes] of state.range(start, end)) {
    const [fraction = 0n] = decodeIntegers(bytes);
    yield { height: toUint64(key, 21), period: toUint64(key, 29), fraction };
  }
}

export function deleteSlash(state: State, operator: Uint8Array, slash: Slash): void {
  state.delete(slashKey(operator, slash.height, slash.period));
}
