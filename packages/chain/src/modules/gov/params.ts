import { fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import type { QueryParamsResponse } from 'cosmjs-types/cosmos/gov/v1beta1/query';
import { type Decimal, formatDecimal, ONE, parseDecimal } from '../../decimal.ts';
import { readObject, readString, readUint64 } from '../../genesis-json.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import { DAY, toDuration, YEAR } from '../../time.ts';
import { parseAmount } from '../bank/coin.ts';

export interface GovParams {
  /** Base units without which nobody votes on a proposal. */
  readonly minDeposit: bigint;
  readonly depositPeriodMs: bigint;
  readonly votingPeriodMs: bigint;
  /** Part of the bonded stake that must vote. */
  readonly quorum: Decimal;
  /** Part of those who do not abstain that must be exceeded by the yes. */
  readonly threshold: Decimal;
  /** Part of all votes that, exceeded by vetoes, costs the deposits. */
  readonly vetoThreshold: Decimal;
}

/** In genesis and in proposals. */
export interface GovParamsJson {
  readonly min_deposit?: string;
  readonly deposit_period_ms?: string;
  readonly voting_period_ms?: string;
  readonly quorum?: string;
  readonly threshold?: string;
  readonly veto_threshold?: string;
}

/** Cosmos SDK's. */
const DEFAULTS: GovParams = {
  minDeposit: 10_000_000n,
  depositPeriodMs: 2n * DAY,
  votingPeriodMs: 2n * DAY,
  quorum: parseDecimal('0.334', 'quorum'),
  threshold: parseDecimal('0.5', 'threshold'),
  vetoThreshold: parseDecimal('0.334', 'veto_threshold'),
};

/** Lays JSON over the defaults. Throws InvalidInputError naming the parameter that is wrong. */
export function parseGovParams(value: unknown): GovParams {
  const path = 'gov.params';
  const json = readObject(value ?? {}, path, [
    'min_deposit',
    'deposit_period_ms',
    'voting_period_ms',
    'quorum',
    'threshold',
    'veto_threshold',
  ]);
  const time = (name: string, otherwise: bigint) => {
    const ms = readUint64(json[name], `${path}.${name}`, otherwise);
    if (ms >= 1n && ms <= YEAR) return ms;
    throw new InvalidInputError(`${path}.${name}`, 'not from 1 ms to a year');
  };
  const part = (name: string, otherwise: Decimal) => {
    const field = `${path}.${name}`;
    const read =
      json[name] === undefined ? otherwise : parseDecimal(readString(json[name], field), field);
    if (read > ONE) throw new InvalidInputError(field, 'above 1');
    return read;
  };
  const field = `${path}.min_deposit`;
  const minDeposit = readString(json.min_deposit ?? DEFAULTS.minDeposit.toString(), field);
  return {
    minDeposit: parseAmount(minDeposit, field),
    depositPeriodMs: time('deposit_period_ms', DEFAULTS.depositPeriodMs),
    votingPeriodMs: time('voting_period_ms', DEFAULTS.votingPeriodMs),
    quorum: part('quorum', DEFAULTS.quorum),
    threshold: part('threshold', DEFAULTS.threshold),
    vetoThreshold: part('veto_threshold', DEFAULTS.vetoThreshold),
  };
}

export function govParamsJson(params: GovParams): GovParamsJson {
  return {
    min_deposit: params.minDeposit.toString(),
    deposit_period_ms: params.depositPeriodMs.toString(),
    voting_period_ms: params.votingPeriodMs.toString(),
    quorum: formatDecimal(params.quorum),
    threshold: formatDecimal(params.threshold),
    veto_threshold: formatDecimal(params.vetoThreshold),
  };
}

export function encodeGovParams(params: GovParams): Uint8Array {
  const { minDeposit, depositPeriodMs, votingPeriodMs, quorum, threshold, vetoThreshold } = params;
  return encodeIntegers(
    minDeposit,
    depositPeriodMs,
    votingPeriodMs,
    quorum,
    threshold,
    vetoThreshold,
  );
}

export function decodeGovParams(bytes: Uint8Array): GovParams {
  const integers = decodeIntegers(bytes);
  const [minDeposit = 0n, depositPeriodMs = 0n, votingPeriodMs = 0n] = integers;
  const [, , , quorum = 0n, threshold = 0n, vetoThreshold = 0n] = integers;
  return { minDeposit, depositPeriodMs, votingPeriodMs, quorum, threshold, vetoThreshold };
}

/** Decimals stand as the text of their 18th parts, in bytes. */
export function toGovProto(params: GovParams, denom: string): QueryParamsResponse {
  const bytes = (part: Decimal) => fromUtf8(part.toString());
  return {
    votingParams: { votingPeriod: toDuration(params.votingPeriodMs) },
    depositParams: {
      minDeposit: [{ denom, amount: params.minDeposit.toString() }],
      maxDepositPeriod: toDuration(params.depositPeriodMs),
    },
    tallyParams: {
      quorum: bytes(params.quorum),
      threshold: bytes(params.threshold),
      vetoThreshold: bytes(params.vetoThreshold),
    },
  };
}
