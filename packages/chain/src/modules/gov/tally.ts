import { type TallyResult, VoteOption } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import type { View } from '../../context.ts';
import { type Decimal, mulTruncate, ofInteger, truncate } from '../../decimal.ts';
import { toByteString } from '../../store/byte-string.ts';
import { delegationsOf } from '../staking/delegations.ts';
import { isBonded, tokensOfTruncated, type Validator } from '../staking/validator.ts';
import { allValidators } from '../staking/validators.ts';
import { votesOn } from './proposals.ts';

export type Outcome = 'passed' | 'rejected' | 'vetoed';

/** Voting power for each option, in base units of stake. */
type Sums = Record<number, Decimal>;

/** A validator while votes are counted. */
interface Voice {
  readonly validator: Validator;
  /** Shares of delegators that voted for themselves. */
  taken: Decimal;
  option: number | undefined;
}

/**
 * Counts votes by bonded stake. A delegator that did not vote has the vote of its validator, as in
 * Cosmos.
 */
export function tally(view: View, id: bigint): { outcome: Outcome; result: TallyResult } {
  const voices = new Map<string, Voice>();
  for (const validator of allValidators(view)) {
    if (!isBonded(validator) || validator.shares === 0n) continue;
    voices.set(toByteString(validator.operator), { validator, taken: 0n, option: undefined });
  }
  const sums: Sums = {};
  for (const [voter, option] of votesOn(view.state, id)) {
    const own = voices.get(toByteString(voter));
    if (own !== undefined) own.option = option;
    for (const { operator, shares } of delegationsOf(view, voter)) {
      const voice = voices.get(toByteString(operator));
      if (voice === undefined) continue;
      voice.taken += shares;
      add(sums, option, tokensOfTruncated(voice.validator, shares));
    }
  }
  let bonded = 0n;
  for (const { validator, taken, option } of voices.values()) {
    bonded += ofInteger(validator.tokens);
    if (option === undefined) continue;
    add(sums, option, tokensOfTruncated(validator, validator.shares - taken));
  }
  return { outcome: outcomeOf(view, sums, bonded), result: toResult(sums) };
}

function add(sums: Sums, option: number, power: Decimal): void {
  sums[option] = (sums[option] ?? 0n) + power;
}

const {
  VOTE_OPTION_YES: YES,
  VOTE_OPTION_ABSTAIN: ABSTAIN,
  VOTE_OPTION_NO: NO,
  VOTE_OPTION_NO_WITH_VETO: VETO,
} = VoteOption;

function outcomeOf({ params: { gov } }: View, sums: Sums, bonded: Decimal): Outcome {
  const of = (option: number) => sums[option] ?? 0n;
  const all = of(YES) + of(ABSTAIN) + of(NO) + of(VETO);
  const decided = all - of(ABSTAIN);
  if (all < mulTruncate(bonded, gov.quorum) || decided === 0n) return 'rejected';
  if (of(VETO) > mulTruncate(all, gov.vetoThreshold)) return 'vetoed';
  return of(YES) > mulTruncate(decided, gov.threshold) ? 'passed' : 'rejected';
}

function toResult(sums: Sums): TallyResult {
  const of = (option: number) => truncate(sums[option] ?? 0n).toString();
  return { yes: of(YES), abstain: of(ABSTAIN), no: of(NO), noWithVeto: of(VETO) };
}
