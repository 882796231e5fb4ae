import { create } from '@bufbuild/protobuf';
import { InvalidInputError } from '@semblance/core/errors';
import { type Params, ParamsSchema } from '@semblance/proto/ml';
import { parseAmount, parseDenom } from '../bank/coin.ts';

const SECOND = 1000n;
const MINUTE = 60n * SECOND;
const DAY = 24n * 60n * MINUTE;

/** What a genesis leaves out. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    bondDenom: 'usem',
    minNodeStake: '1000000',
    minJobFee: '1000',
    producerShareBp: 1000,
    missPenaltyBp: 50,
    faultSlashBp: 1000,
    jailMs: 10n * MINUTE,
    unbondingMs: 1n * DAY,
    minDeadlineMs: 5n * SECOND,
    maxDeadlineMs: 60n * MINUTE,
    revealWindowMs: 30n * SECOND,
    maxPromptBytes: 2048,
    maxFileBytes: 524_288,
    maxPixels: 262_144,
    jobRetentionMs: 7n * DAY,
  });
}

const BASIS_POINTS = 10_000;
/** A year: times added to the clock stay far from the end of 64 bits. */
const MAX_MS = 365n * DAY;
/** With the rest of a reveal it must fit a transaction. */
const MAX_FILE_BYTES = 960 * 1024;

/** Throws InvalidInputError naming the parameter that is out of range. */
export function validateParams(params: Params, path: string): void {
  const check = (isRight: boolean, name: string, reason: string) => {
    if (!isRight) throw new InvalidInputError(`${path}.${name}`, reason);
  };
  parseDenom(params.bondDenom, `${path}.bond_denom`);
  const minStake = parseAmount(params.minNodeStake, `${path}.min_node_stake`);
  check(minStake > 0n, 'min_node_stake', 'not positive');
  parseAmount(params.minJobFee, `${path}.min_job_fee`);
  check(params.producerShareBp <= BASIS_POINTS, 'producer_share_bp', 'above 10000');
  check(params.missPenaltyBp <= BASIS_POINTS, 'miss_penalty_bp', 'above 10000');
  check(params.faultSlashBp <= BASIS_POINTS, 'fault_slash_bp', 'above 10000');
  const isTime = (ms: bigint) => ms >= 1n && ms <= MAX_MS;
  check(isTime(params.jailMs), 'jail_ms', 'not from 1 ms to a year');
  check(isTime(params.unbondingMs), 'unbonding_ms', 'not from 1 ms to a year');
  check(isTime(params.minDeadlineMs), 'min_deadline_ms', 'not from 1 ms to a year');
  check(isTime(params.maxDeadlineMs), 'max_deadline_ms', 'not from 1 ms to a year');
  check(params.minDeadlineMs <= params.maxDeadlineMs, 'max_deadline_ms', 'below min_deadline_ms');
  check(isTime(params.revealWindowMs), 'reveal_window_ms', 'not from 1 ms to a year');
  check(params.jobRetentionMs <= 100n * MAX_MS, 'job_retention_ms', 'above a hundred years');
  const { maxPromptBytes, maxFileBytes, maxPixels } = params;
  check(maxPromptBytes >= 1 && maxPromptBytes <= 65_536, 'max_prompt_bytes', 'not 1 to 65536');
  check(maxFileBytes >= 1 && maxFileBytes <= MAX_FILE_BYTES, 'max_file_bytes', 'not 1 to 983040');
  check(maxPixels >= 1 && maxPixels <= 2 ** 24, 'max_pixels', 'not 1 to 16777216');
}
