import { getChainParams } from './chain-params.ts';
import { bankInvariants } from './modules/bank/invariants.ts';
import { distributionInvariants } from './modules/distribution/invariants.ts';
import { govInvariants } from './modules/gov/invariants.ts';
import { mlInvariants } from './modules/ml/invariants.ts';
import { slashingInvariants } from './modules/slashing/invariants.ts';
import { stakingInvariants } from './modules/staking/invariants.ts';
import type { Reader } from './store/overlay.ts';

/**
 * What must hold in committed state after every block. Returns one sentence for each break; none
 * means that all hold. Reads all of state: for tests and for operators, not for every block.
 */
export function brokenInvariants(state: Reader): string[] {
  const params = getChainParams(state);
  if (params === undefined) return ['chain: there is no genesis'];
  const view = { state, params };
  return [
    ...bankInvariants(state),
    ...stakingInvariants(view),
    ...slashingInvariants(state),
    ...distributionInvariants(view),
    ...govInvariants(view),
    ...mlInvariants(state, params),
  ];
}
