import type { Upgrades } from './modules/upgrade/plan.ts';

/** The upgrades that this release brings. One stays here until no chain can be below its height. */
export const UPGRADES: Upgrades = new Map();
