import type { AdversaryResult, HashName, Rung } from '../result.ts';

/** The words of the field for the result's names. */

export const HASHES: Readonly<Record<HashName, string>> = {
  average: 'average hash',
  perceptual: 'perceptual hash',
  difference: 'difference hash',
  color: 'colour hash',
};

export const RUNGS: Readonly<Record<Rung, string>> = {
  commit: 'commitment',
  likeness: 'likeness vote',
  'spot-check': 'spot check',
  escalation: 'larger committee',
  referee: 'referee',
  deadline: 'deadline',
};

export const GROUPS: Readonly<Record<AdversaryResult['group'], string>> = {
  'other-picture': 'another picture',
  'less-work': 'less work',
  'altered-picture': 'altered picture',
  'forged-hash': 'forged hash',
  copy: 'copy',
};

/** "a, b and c" */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
