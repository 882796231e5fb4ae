import { InvalidInputError } from '@semblance/core/errors';
import { cachedOtherSeed } from './cached-other-seed.ts';
import { type Conduct, honest } from './conduct.ts';
import { equivocate } from './equivocate.ts';
import { garbageFile } from './garbage-file.ts';
import { lateCommit } from './late-commit.ts';
import { randomOutput } from './random-output.ts';
import { withholdReveal } from './withhold-reveal.ts';

const CONDUCTS: Readonly<Record<string, () => Conduct>> = {
  honest: () => honest,
  'cached-other-seed': cachedOtherSeed,
  'random-output': () => randomOutput,
  'garbage-file': () => garbageFile,
  'withhold-reveal': () => withholdReveal,
  'late-commit': () => lateCommit,
  equivocate: () => equivocate,
};

/** Names for the `adversary` option, "honest" first. */
export const CONDUCT_NAMES: readonly string[] = Object.keys(CONDUCTS);

export function conductOf(name: string): Conduct {
  const make = Object.hasOwn(CONDUCTS, name) ? CONDUCTS[name] : undefined;
  if (!make) throw new InvalidInputError('adversary', `not one of ${CONDUCT_NAMES.join(', ')}`);
  return make();
}
