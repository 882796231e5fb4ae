import type { Duration } from 'cosmjs-types/google/protobuf/duration';
import type { Timestamp } from 'cosmjs-types/google/protobuf/timestamp';

/*
 * The chain counts Unix milliseconds. Cosmos' messages have seconds and nanoseconds.
 */

export const SECOND = 1000n;
export const MINUTE = 60n * SECOND;
export const DAY = 24n * 60n * MINUTE;
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

/** RFC 3339, as events spell times. */
export const formatTime = (ms: bigint): string => new Date(Number(ms)).toISOString();
