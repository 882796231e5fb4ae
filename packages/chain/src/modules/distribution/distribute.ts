import type { Vote } from '../../application.ts';
import type { Context } from '../../context.ts';
import { ofInteger, partOf } from '../../decimal.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance, getSupply, mint, transferFeeCoin } from '../bank/keeper.ts';
import { STAKE_LIMIT } from '../staking/validator.ts';
import { validatorAt } from '../staking/validators.ts';
import { addDust } from './dust.ts';
import { addRewards } from './validator-rewards.ts';

/**
 * Splits what the block before has earned: by the parameters among community pool, ML nodes and
 * validators, and among these by the power with which they stood behind it, `votes`. Who did not
 * sign is paid too, so that leaving out another's vote gains nothing; downtime has its own penalty.
 */
export function distribute(context: Context, votes: readonly Vote[]): void {
  const { state, params } = context;
  const { feeCollector, communityPool, nodeRewards, rewards } = MODULE_ACCOUNTS;
  mintReward(context);
  const earned = getBalance(state, feeCollector, params.ml.bondDenom);
  if (earned === 0n) return;
  const totalPower = votes.reduce((sum, { validator }) => sum + validator.power, 0n);
  const tax = partOf(earned, params.distribution.communityTax);
  const forNodes = partOf(earned, params.distribution.nodeShare);
  const forValidators = earned - tax - forNodes;
  transferFeeCoin(context, feeCollector, communityPool, tax);
  transferFeeCoin(context, feeCollector, nodeRewards, forNodes);
  transferFeeCoin(context, feeCollector, rewards, forValidators);
  let left = ofInteger(forValidators);
  for (const { validator: voter } of votes) {
    const validator = validatorAt(context, voter.address);
    if (validator === undefined) continue;
    const part = (ofInteger(forValidators) * voter.power) / totalPower;
    addRewards(context, validator, part);
    left -= part;
  }
  addDust(context, left);
}

/** Mints the reward of a block, as long as the engine can count all there is. */
function mintReward({ state, params }: Context): void {
  const { ml, distribution } = params;
  const amount = distribution.blockReward;
  if (amount === 0n || getSupply(state, ml.bondDenom) + amount >= STAKE_LIMIT) return;
  mint(state, MODULE_ACCOUNTS.feeCollector, { denom: ml.bondDenom, amount });
}

/** Splits what is there for ML nodes equally among those in the majorities of settled jobs. */
export function rewardNodes(context: Context, nodes: readonly Uint8Array[]): void {
  if (nodes.length === 0) return;
  const { nodeRewards } = MODULE_ACCOUNTS;
  const there = getBalance(context.state, nodeRewards, context.params.ml.bondDenom);
  const part = there / BigInt(nodes.length);
  for (const node of nodes) transferFeeCoin(context, nodeRewards, node, part);
}
