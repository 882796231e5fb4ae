import type { Context } from '../../context.ts';
import { type Decimal, ONE, truncate } from '../../decimal.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { transferFeeCoin } from '../bank/keeper.ts';

const KEY = keyOf(PREFIX.distributionDust);

/** Parts of rewards that are nobody's: below one base unit at the end of every block. */
export function getDust(state: Reader): Decimal {
  const bytes = state.get(KEY);
  return (bytes && decodeIntegers(bytes)[0]) ?? 0n;
}

/** Leaves parts of rewards to the community pool, which gets every whole base unit of them. */
export function addDust(context: Context, amount: Decimal): void {
  if (amount === 0n) return;
  const dust = getDust(context.state) + amount;
  const { rewards, communityPool } = MODULE_ACCOUNTS;
  transferFeeCoin(context, rewards, communityPool, truncate(dust));
  context.state.set(KEY, encodeIntegers(dust % ONE));
}
