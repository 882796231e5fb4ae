import { concat } from '@semblance/core/bytes';

/**
 * First byte of every key in the store, one for each kind of entry. A number that was used once
 * is never given to another kind (0x30 and 0x4b were).
 */
export const PREFIX = {
  meta: 0x00,
  chainParams: 0x01,

  account: 0x10,
  accountNumber: 0x11,

  balance: 0x20,
  supply: 0x21,

  mlModel: 0x40,
  mlNode: 0x41,
  mlJob: 0x42,
  mlJobNumber: 0x43,
  mlJobList: 0x44,
  mlDuty: 0x45,
  mlDrawQueue: 0x46,
  mlCommitQueue: 0x47,
  mlRevealQueue: 0x48,
  mlLeaveQueue: 0x49,
  mlPruneQueue: 0x4a,
  mlInput: 0x4c,

  stakingValidator: 0x50,
  stakingByConsensus: 0x51,
  stakingByPower: 0x52,
  stakingLastPower: 0x53,
  stakingSetChanged: 0x54,
  stakingDelegation: 0x55,
  stakingDelegator: 0x56,
  stakingUnbonding: 0x57,
  stakingUnbondingOf: 0x58,
  stakingRedelegation: 0x59,
  stakingRedelegationFrom: 0x5a,
  stakingRedelegationTo: 0x5b,
  stakingUnbondingQueue: 0x5c,
  stakingRedelegationQueue: 0x5d,
  stakingValidatorQueue: 0x5e,

  distributionRewards: 0x60,
  distributionRatio: 0x61,
  distributionStart: 0x62,
  distributionSlash: 0x63,
  distributionWithdrawAddress: 0x64,
  distributionDust: 0x65,

  slashingInfo: 0x70,
  slashingMissed: 0x71,

  govProposal: 0x80,
  govDeposit: 0x81,
  govVote: 0x82,
  govDepositQueue: 0x83,
  govVotingQueue: 0x84,
  govNextId: 0x85,

  upgradePlan: 0x90,

  beacon: 0xa0,

  /** Records of the trees over all the others but `meta`. */
  tree: 0xf0,
} as const;

/**
 * The stores of the multistore, which stand in proofs by their names (the Cosmos SDK's, where it has
 * them): all keys whose first byte has this upper half.
 */
export const STORES: readonly { readonly name: string; readonly group: number }[] = [
  { name: 'params', group: 0x0 },
  { name: 'acc', group: 0x1 },
  { name: 'bank', group: 0x2 },
  { name: 'ml', group: 0x4 },
  { name: 'staking', group: 0x5 },
  { name: 'distribution', group: 0x6 },
  { name: 'slashing', group: 0x7 },
  { name: 'gov', group: 0x8 },
  { name: 'upgrade', group: 0x9 },
  { name: 'beacon', group: 0xa },
];

const FIRST_BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));

/** Value of an entry whose key says it all. */
export const PRESENT = Uint8Array.of(1);

export function keyOf(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat(FIRST_BYTES[prefix] as Uint8Array, ...parts);
}

/** The half-open range of all keys that begin with `prefix`. */
export function keysUnder(prefix: Uint8Array): readonly [start: Uint8Array, end: Uint8Array] {
  return [prefix, after(prefix)];
}

/** The least key above every key that begins with `prefix`. Not every byte may be 0xff. */
export function after(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) throw new RangeError('no key comes after this prefix');
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] as number) + 1;
  return end;
}
