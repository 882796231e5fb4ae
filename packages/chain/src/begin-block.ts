import type { DecidedBlock } from './application.ts';
import type { Context } from './context.ts';
import { distribute } from './modules/distribution/distribute.ts';
import { judgeMisbehavior } from './modules/slashing/evidence.ts';
import { countVotes } from './modules/slashing/votes.ts';
import { type Upgrades, upgradeIfDue } from './modules/upgrade/plan.ts';

/** What the block before and the evidence in this one mean, before its transactions run. */
export function beginBlock(
  context: Context,
  { lastCommit, misbehavior }: Pick<DecidedBlock, 'lastCommit' | 'misbehavior'>,
  upgrades: Upgrades,
): void {
  upgradeIfDue(context, upgrades);
  distribute(context, lastCommit);
  countVotes(context, lastCommit);
  judgeMisbehavior(context, misbehavior);
}
