import { Plan } from 'cosmjs-types/cosmos/upgrade/v1beta1/upgrade';
import type { Context } from '../../context.ts';
import { RefusedError, sdkErrors, UpgradeNeededError } from '../../errors.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { encodeCosmos, readCosmos } from '../../tx/cosmos-wire.ts';

/** What a release does to state when its upgrade's height comes, by the upgrade's name. */
export type Upgrades = ReadonlyMap<string, (context: Context) => void>;

const KEY = keyOf(PREFIX.upgradePlan);

/** The upgrade that was decided and has not come yet. */
export function getPlan(state: Reader): Plan | undefined {
  const bytes = state.get(KEY);
  return bytes && readCosmos(Plan, bytes);
}

/** Decides on an upgrade in a later block; it takes the place of one that was decided before. */
export function setPlan({ state, block }: Context, { name, height, info }: Plan): void {
  if (height <= block.height) {
    throw new RefusedError(sdkErrors.invalidRequest, 'plan.height: in the past');
  }
  state.set(KEY, encodeCosmos(Plan, Plan.fromPartial({ name, height, info })));
}

export function deletePlan(state: State): void {
  state.delete(KEY);
}

/**
 * Does what this release has for the upgrade whose height has come. A release that does not know
 * it must not go on: it throws, so that the chain waits at this height for the one that does.
 */
export function upgradeIfDue(context: Context, upgrades: Upgrades): void {
  const { state, block } = context;
  const plan = getPlan(state);
  if (plan === undefined || plan.height > block.height) return;
  const upgrade = upgrades.get(plan.name);
  if (upgrade === undefined) throw new UpgradeNeededError(plan);
  upgrade(context);
  deletePlan(state);
}
