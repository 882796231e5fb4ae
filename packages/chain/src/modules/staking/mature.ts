import type { Context } from '../../context.ts';
import { takeDue } from '../../due-queue.ts';
import { event } from '../../events.ts';
import { formatAddress } from '../auth/address.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { transferFeeCoin } from '../bank/keeper.ts';
import { formatOperator } from './operator-address.ts';
import { getRedelegation, REDELEGATION_QUEUE, setRedelegation } from './redelegations.ts';
import { getUnbonding, setUnbonding, UNBONDING_QUEUE } from './unbondings.ts';

/** So that a long silence does not end in one long block; the rest comes in the next ones. */
const MAX_PER_BLOCK = 1000;

/** Gives back what has been unbonded. */
export function payUnbondings(context: Context): void {
  const { state, block } = context;
  for (const id of takeDue(state, UNBONDING_QUEUE, block.timeMs, MAX_PER_BLOCK)) {
    payUnbonding(context, id.subarray(0, 20), id.subarray(20));
  }
}

function payUnbonding(context: Context, delegator: Uint8Array, operator: Uint8Array): void {
  const { block, params, events } = context;
  const unbonding = getUnbonding(context, delegator, operator);
  const isOver = ({ completionMs }: { completionMs: bigint }) => completionMs <= block.timeMs;
  const amount = unbonding.entries.filter(isOver).reduce((sum, { balance }) => sum + balance, 0n);
  const entries = unbonding.entries.filter((entry) => !isOver(entry));
  if (entries.length === unbonding.entries.length) return;
  setUnbonding(context, { ...unbonding, entries });
  transferFeeCoin(context, MODULE_ACCOUNTS.notBonded, delegator, amount);
  events.push(
    event('complete_unbonding', {
      amount: `${amount}${params.ml.bondDenom}`,
      validator: formatOperator(params, operator),
      delegator: formatAddress(params, delegator),
    }),
  );
}

/** Forgets redelegations that no longer answer for anything. */
export function endRedelegations(context: Context): void {
  const { state, block } = context;
  for (const id of takeDue(state, REDELEGATION_QUEUE, block.timeMs, MAX_PER_BLOCK)) {
    const path = {
      delegator: id.subarray(0, 20),
      from: id.subarray(20, 40),
      to: id.subarray(40),
    };
    const redelegation = getRedelegation(context, path);
    const entries = redelegation.entries.filter(({ completionMs }) => completionMs > block.timeMs);
    setRedelegation(context, { ...redelegation, entries });
  }
}
