import type { Contribution } from '@semblance/verification/beacon';
import type { DecidedBlock } from './application.ts';
import type { Context } from './context.ts';
import { advanceBeacon } from './modules/beacon/beacon.ts';
import { distribute } from './modules/distribution/distribute.ts';
import { drawCommittees } from './modules/ml/phases/draw-committees.ts';
import { judgeMisbehavior } from './modules/slashing/evidence.ts';
import { countVotes } from './modules/slashing/votes.ts';
import { type Upgrades, upgradeIfDue } from './modules/upgrade/plan.ts';

type Told = Pick<DecidedBlock, 'lastCommit' | 'misbehavior'> & {
  readonly contributions: readonly Contribution[];
};

/**
 * What the block before and the evidence in this one mean, before its transactions run. The draws
 * are for jobs of earlier blocks: whoever proposes this one knows its beacon.
 */
export function beginBlock(
  context: Context,
  { lastCommit, misbehavior, contributions }: Told,
  upgrades: Upgrades,
): void {
  upgradeIfDue(context, upgrades);
  distribute(context, lastCommit);
  countVotes(context, lastCommit);
  judgeMisbehavior(context, misbehavior);
  drawCommittees(context, advanceBeacon(context, contributions));
}
