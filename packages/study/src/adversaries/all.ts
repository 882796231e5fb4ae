import { InvalidInputError } from '@semblance/core/errors';
import type { Adversary } from './adversary.ts';
import { ALTERED_PICTURES } from './altered-picture.ts';
import { COPIES } from './copy.ts';
import { FORGED_HASHES } from './forged-hash.ts';
import { LESS_WORK } from './less-work.ts';
import { OTHER_PICTURES } from './other-picture.ts';

/** Everybody who hands in a picture that is not theirs to hand in. */
export const ADVERSARIES: readonly Adversary[] = [
  ...OTHER_PICTURES,
  ...LESS_WORK,
  ...ALTERED_PICTURES,
  ...FORGED_HASHES,
  ...COPIES,
];

/** The adversary of that name. @throws InvalidInputError naming those there are. */
export function adversaryNamed(name: string): Adversary {
  const adversary = ADVERSARIES.find((one) => one.name === name);
  if (adversary === undefined) {
    const names = ADVERSARIES.map((one) => one.name).join(', ');
    throw new InvalidInputError('adversaries', `no ${name}; there are ${names}`);
  }
  return adversary;
}
