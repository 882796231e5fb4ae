import type { HashName, StudyResult } from '../../result.ts';

export interface ProfileOfInterest {
  readonly name: string;
  readonly hash: HashName;
  readonly thresholdBits: number;
}

/** The recommended hash and threshold, the model's of today and the paper's; equal ones once. */
export function profilesOfInterest({ recommendation, model }: StudyResult): ProfileOfInterest[] {
  const all: ProfileOfInterest[] = [
    { name: 'recommended', ...recommendation.profile },
    { name: "the model's today", ...model.profile },
    { name: "the paper's", hash: 'average', thresholdBits: 2 },
  ];
  const alike = (one: ProfileOfInterest) => (other: ProfileOfInterest) =>
    other.hash === one.hash && other.thresholdBits === one.thresholdBits;
  return all
    .filter((one, i) => all.findIndex(alike(one)) === i)
    .map((one) => ({
      ...one,
      name: all
        .filter(alike(one))
        .map(({ name }) => name)
        .join(', '),
    }));
}
