import type { Duration } from 'cosmjs-types/google/protobuf/duration';
import type { Timestamp } from 'cosmjs-types/google/protobuf/timestamp';

/*
 * The chain counts Unix milliseconds. Cosmos' messages have seconds and nanoseconds.
 */

const SECOND = 1000n;
export const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;
export const YEAR = 365n * DAY;

export const toTimestamp = (ms: bigint): Timestamp => split(ms);

export const toDuration = (ms: bigint): Duration => split(ms);

const split = (ms: bigint) => ({
  seconds: ms / SECOND,
  nanos: Number(ms % SECOND) * 1_000_000,
});

/** Whole milliseconds; what is finer is cut off. */
export const toMs = ({ seconds, nanos }: Timestamp | Duration): bigint =>
  seconds * SECOND + BigInt(nanos) / 1_000_000n;

/** RFC 3339 in UTC, as events spell times. */
export function formatTime(ms: bigint): string {
  const [year, month, day] = civilDate(ms / DAY);
  const rest = ms % DAY;
  const pad = (number: bigint, digits: number) => number.toString().padStart(digits, '0');
  const time = [rest / HOUR, (rest / MINUTE) % 60n, (rest / SECOND) % 60n];
  const clock = time.map((part) => pad(part, 2)).join(':');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}.${pad(ms % SECOND, 3)}Z`;
}

/**
 * Year, month and day of a day since 1970 (H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"). Years begin in March, so that the leap day is the last; eras have 400 of them.
 */
function civilDate(sinceEpoch: bigint): [year: bigint, month: bigint, day: bigint] {
  const days = sinceEpoch + 719_468n;
  const era = days / 146_097n;
  const dayOfEra = days % 146_097n;
  const leaps = dayOfEra / 1460n - dayOfEra / 36_524n + dayOfEra / 146_096n;
  const yearOfEra = (dayOfEra - leaps) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const fromMarch = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * fromMarch + 2n) / 5n + 1n;
  const month = fromMarch < 10n ? fromMarch + 3n : fromMarch - 9n;
  return [era * 400n + yearOfEra + (month <= 2n ? 1n : 0n), month, day];
}
