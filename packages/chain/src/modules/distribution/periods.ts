import { fromUint64 } from '@semblance/core/bytes';
import type { Decimal } from '../../decimal.ts';
import { ApplicationError } from '../../errors.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';

/*
 * At the end of each closed period of a validator: what one base unit of stake has earned since the
 * validator began, for as long as a delegation or a slash may still ask for it.
 */

interface Ratio {
  readonly ratio: Decimal;
  readonly references: bigint;
}

const ratioKey = (operator: Uint8Array, period: bigint) =>
  keyOf(PREFIX.distributionRatio, operator, fromUint64(period));

function getRatio(state: Reader, operator: Uint8Array, period: bigint): Ratio {
  const bytes = state.get(ratioKey(operator, period));
  if (bytes === undefined) {
    throw new ApplicationError('CORRUPT_STATE', `no reward ratio of period ${period}`, {});
  }
  const [ratio = 0n, references = 0n] = decodeIntegers(bytes);
  return { ratio, references };
}

export function ratioAt(state: Reader, operator: Uint8Array, period: bigint): Decimal {
  return getRatio(state, operator, period).ratio;
}

/** Writes the ratio of a period that is closed now, held by the period that follows. */
export function addRatio(state: State, operator: Uint8Array, period: bigint, ratio: Decimal): void {
  state.set(ratioKey(operator, period), encodeIntegers(ratio, 1n));
}

export function holdRatio(state: State, operator: Uint8Array, period: bigint): void {
  const { ratio, references } = getRatio(state, operator, period);
  state.set(ratioKey(operator, period), encodeIntegers(ratio, references + 1n));
}

/** Forgets the ratio when nobody else holds it. */
export function releaseRatio(state: State, operator: Uint8Array, period: bigint): void {
  const { ratio, references } = getRatio(state, operator, period);
  const key = ratioKey(operator, period);
  if (references === 1n) state.delete(key);
  else state.set(key, encodeIntegers(ratio, references - 1n));
}

/** Periods of a validator whose ratios are there, with how many hold each. */
export function heldRatios(state: Reader, operator: Uint8Array): [key: Uint8Array, bigint][] {
  const range = keysUnder(keyOf(PREFIX.distributionRatio, operator));
  return Array.from(state.range(...range), ([key, bytes]) => [key, decodeIntegers(bytes)[1] ?? 0n]);
}
