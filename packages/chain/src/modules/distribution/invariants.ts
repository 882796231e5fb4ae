import type { View } from '../../context.ts';
import { ONE, ofInteger } from '../../decimal.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance } from '../bank/keeper.ts';
import { delegatorsOf, getDelegation } from '../staking/delegations.ts';
import { formatOperator } from '../staking/operator-address.ts';
import type { Validator } from '../staking/validator.ts';
import { allValidators } from '../staking/validators.ts';
import { getDust } from './dust.ts';
import { pendingRewards } from './f1.ts';
import { heldRatios } from './periods.ts';
import { requireRewards } from './rewards.ts';
import { slashesSince } from './slashes.ts';

/** Sentences on what is broken: rewards that are not there, or ratios that nobody holds. */
export function distributionInvariants(view: View): string[] {
  const { state, params } = view;
  const validators = [...allValidators(view)];
  const broken = validators.flatMap((validator) => validatorInvariants(view, validator));
  const dust = getDust(state);
  if (dust >= ONE) broken.push('distribution: the dust is worth a base unit');
  const owed = validators.reduce(
    (sum, { operator }) => sum + requireRewards(state, operator).outstanding,
    dust,
  );
  const held = getBalance(state, MODULE_ACCOUNTS.rewards, params.ml.bondDenom);
  if (ofInteger(held) !== owed) {
    broken.push(`distribution: the account holds ${held}, owed are ${owed} parts`);
  }
  return broken;
}

function validatorInvariants(view: View, validator: Validator): string[] {
  const { state, params } = view;
  const { operator } = validator;
  const name = formatOperator(params, operator);
  const broken: string[] = [];
  const delegators = [...delegatorsOf(state, operator)];
  const pending = delegators.reduce((sum, delegator) => {
    const delegation = getDelegation(view, delegator, operator);
    return delegation === undefined ? sum : sum + pendingRewards(state, validator, delegation);
  }, 0n);
  const { commission, outstanding } = requireRewards(state, operator);
  if (pending + commission > outstanding) {
    broken.push(`distribution: ${name} owes more than it has earned`);
  }
  const starts = Array.from(state.range(...keysUnder(keyOf(PREFIX.distributionStart, operator))));
  if (starts.length !== delegators.length) {
    broken.push(`distribution: ${name} has delegators without a beginning`);
  }
  const held = heldRatios(state, operator).reduce((sum, [, references]) => sum + references, 0n);
  const slashes = [...slashesSince(state, operator, 0n)].length;
  if (held !== BigInt(1 + starts.length + slashes)) {
    broken.push(`distribution: ${name} keeps ratios that nobody asks for`);
  }
  return broken;
}
