/** A validator as the rest of the network sees it. */
export interface Voter {
  /** Consensus address, hexadecimal, upper case. */
  readonly address: string;
  readonly power: bigint;
  /** Whether a vote of it stands in one of the last blocks. */
  readonly isSigning: boolean;
}

/** Whether blocks go on without a validator; if not, why. */
export type WithoutIt =
  | { readonly verdict: 'goes_on' }
  | { readonly verdict: 'nobody_left' }
  /** Those who sign have no two thirds of what is left. */
  | { readonly verdict: 'too_weak'; readonly signing: bigint; readonly total: bigint };

/** A block needs the votes of more than two thirds of the power, of whoever is still in the set. */
export function setWithout(voters: readonly Voter[], address: string): WithoutIt {
  const left = voters.filter((voter) => voter.address !== address);
  if (left.length === 0) return { verdict: 'nobody_left' };
  const total = powerOf(left);
  const signing = powerOf(left.filter(({ isSigning }) => isSigning));
  if (3n * signing > 2n * total) return { verdict: 'goes_on' };
  return { verdict: 'too_weak', signing, total };
}

const powerOf = (voters: readonly Voter[]): bigint =>
  voters.reduce((sum, { power }) => sum + power, 0n);
