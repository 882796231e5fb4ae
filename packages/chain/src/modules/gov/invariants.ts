import type { View } from '../../context.ts';
import { decodeAmount } from '../../store/amount.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance } from '../bank/keeper.ts';

/** Sentences on what is broken: deposits that are not there. */
export function govInvariants({ state, params }: View): string[] {
  const held = getBalance(state, MODULE_ACCOUNTS.gov, params.ml.bondDenom);
  let owed = 0n;
  for (const [, value] of state.range(...keysUnder(keyOf(PREFIX.govDeposit)))) {
    owed += decodeAmount(value);
  }
  return held === owed ? [] : [`gov: the account holds ${held}, deposited are ${owed}`];
}
