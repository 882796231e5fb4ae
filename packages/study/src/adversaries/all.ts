import { InvalidInputError } from '@semblance/core/errors';
import type { Adversary } from './adversary.ts';
import { ALTERED_PICTURES } from './altered-picture.ts';
import { COPIES } from './copy.ts';
import { FORGED_HASHES } from './forged-hash.ts';
import { LESS_WORK } from './less-work.ts';
import { OTHER_PICTURES } from './other-picture.ts';
import { TRAJECTORY_ADVERSARIES } from './trajectory.ts';

/** Everybody who hands in a picture that is not theirs to hand in. */
export const ADVERSARIES: readonly Adversary[] = [
  ...OTHER_PICTURES,
  ...LESS_WORK,
  ...ALTERED_PICTURES,
  ...FORGED_HASHES,
  ...COPIES,
];

/** Every name that a study takes: of those who hand in pictures, and of those who forge steps. */
export const ADVERSARY_NAMES: readonly string[] = [
  ...new Set([...ADVERSARIES, ...TRAJECTORY_ADVERSARIES].map(({ name }) => name)),
];

/** Throws InvalidInputError, naming those there are, unless it is one. */
export function requireAdversary(name: string): void {
  if (ADVERSARY_NAMES.includes(name)) return;
  throw new InvalidInputError('adversaries', `no ${name}; there are ${ADVERSARY_NAMES.join(', ')}`);
}
