import { equals, fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

/** Address of an account that no key owns: the first 20 bytes of its name's hash, as in Cosmos. */
function moduleAddress(name: string): Uint8Array {
  return sha256(fromUtf8(name)).slice(0, 20);
}

export const MODULE_ACCOUNTS = {
  /** Gas fees of the block being made. */
  feeCollector: moduleAddress('fee_collector'),
  /** Penalties, its share of fees, and rewards that are nobody's. */
  communityPool: moduleAddress('community_pool'),
  /** Escrow: the fees of open jobs. */
  escrow: moduleAddress('ml'),
  /** Stakes of nodes, leaving ones too. */
  stakes: moduleAddress('ml_stakes'),
  /** Stakes of validators that make blocks. */
  bonded: moduleAddress('bonded_tokens_pool'),
  /** Stakes of the other validators, and what is being unbonded. */
  notBonded: moduleAddress('not_bonded_tokens_pool'),
  /** Rewards of validators and delegators that nobody has taken yet. */
  rewards: moduleAddress('distribution'),
  /** Shares of fees and block rewards that wait for ML nodes to earn them. */
  nodeRewards: moduleAddress('ml_rewards'),
  /** Deposits of open proposals. */
  gov: moduleAddress('gov'),
} as const;

/** Module accounts take no transfers, or what they hold could not be accounted for. */
export function isModuleAccount(address: Uint8Array): boolean {
  return Object.values(MODULE_ACCOUNTS).some((module) => equals(module, address));
}
