import type { Context } from '../../context.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { burn, transferFeeCoin } from '../bank/keeper.ts';
import { isBonded, type Validator } from './validator.ts';

/** The account that holds a validator's stake. */
export function poolOf(validator: Validator): Uint8Array {
  return isBonded(validator) ? MODULE_ACCOUNTS.bonded : MODULE_ACCOUNTS.notBonded;
}

/** Moves stake between accounts, which may be the same. */
export function moveStake(
  context: Context,
  from: Uint8Array,
  to: Uint8Array,
  amount: bigint,
): void {
  if (from !== to) transferFeeCoin(context, from, to, amount);
}

/** Destroys stake that was slashed. */
export function burnStake({ state, params }: Context, pool: Uint8Array, amount: bigint): void {
  if (amount > 0n) burn(state, pool, { denom: params.ml.bondDenom, amount });
}
