import { equals, fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

/** Address of an account that no key owns: the first 20 bytes of its name's hash, as in Cosmos. */
function moduleAddress(name: string): Uint8Array {
  return sha256(fromUtf8(name)).slice(0, 20);
}

export const MODULE_ACCOUNTS = {
  /** Gas fees of the block being made. */
  feeCollector: moduleAddress('fee_collector'),
  /** Penalties, and fees of blocks whose producer has no account. */
  communityPool: moduleAddress('community_pool'),
  /** Escrow: the fees of open jobs. */
  escrow: moduleAddress('ml'),
  /** Stakes of nodes, leaving ones too. */
  stakes: moduleAddress('ml_stakes'),
} as const;

/** Module accounts take no transfers, or what they hold could not be accounted for. */
export function isModuleAccount(address: Uint8Array): boolean {
  return Object.values(MODULE_ACCOUNTS).some((module) => equals(module, address));
}
