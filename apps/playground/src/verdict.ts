import type { Job, Member } from './job.ts';
import { capitalised, counted, inBits, inWords } from './number-words.ts';

/** A verdict in plain words: the headline says it, the detail says what follows. */
export interface PlainVerdict {
  readonly tone: 'agreed' | 'open' | 'failed';
  readonly headline: string;
  readonly detail: string;
}

function indicesIn(job: Job, standing: Member['standing']): number[] {
  return job.committee.flatMap((member, index) => (member.standing === standing ? [index] : []));
}

/** Greatest pairwise distance inside the majority, in bits. */
function widestAgreement(job: Job, majority: readonly number[]): number {
  const distances = majority.flatMap((a) => majority.map((b) => job.distances[a]?.[b] ?? 0));
  return Math.max(0, ...distances);
}

function filesOf(job: Job, majority: readonly number[]): string {
  const files = new Set(majority.map((index) => job.committee[index]?.sha256)).size;
  if (files === 1) return 'the same file to the last byte';
  return `${inWords(files)} different files`;
}

function within(bits: number): string {
  return bits === 0 ? 'with equal hashes' : `within ${inBits(bits)}`;
}

function outsiders(job: Job): string {
  const phrases = [
    [indicesIn(job, 'dissent').length, 'painted something else'],
    [indicesIn(job, 'late').length, 'came too late'],
    [indicesIn(job, 'withheld').length, 'sealed a result and never showed it'],
    [indicesIn(job, 'fault').length, 'broke the rules, with proof'],
  ] as const;
  return phrases
    .filter(([number]) => number > 0)
    .map(([number, did]) => `${capitalised(inWords(number))} ${did}.`)
    .join(' ');
}

function agreed(job: Job): PlainVerdict {
  const majority = indicesIn(job, 'majority');
  const bits = widestAgreement(job, majority);
  const all = majority.length === job.committee.length;
  const committee = counted(job.committee.length, 'node');
  const who = all ? committee : `${inWords(majority.length)} of ${committee}`;
  const headline =
    majority.length === 1
      ? `${capitalised(who)}, one picture: delivered.`
      : `${capitalised(who)}, ${filesOf(job, majority)}, one picture: agreed ${within(bits)}.`;
  const allowance = `The model allows ${inBits(job.thresholdBits)} of 64.`;
  return { tone: 'agreed', headline, detail: all ? allowance : `${outsiders(job)} ${allowance}` };
}

const FEE_BACK = 'The fee went back to the requester.';

/** The verdict on a job that is over, or null while it runs. */
export function plainVerdict(job: Job): PlainVerdict | null {
  switch (job.verdict) {
    case 'agreed':
      return agreed(job);
    case 'no_majority':
      return {
        tone: 'open',
        headline: `No majority of the ${counted(job.committee.length, 'result')} is alike: no verdict.`,
        detail: `More than half must lie within ${inBits(job.thresholdBits)} of each other. Nobody is paid, nobody is punished. ${FEE_BACK}`,
      };
    case 'late':
      return {
        tone: 'open',
        headline: 'Too few nodes committed in time: no verdict.',
        detail: `The late ones lose a little stake and sit out for a while. ${FEE_BACK}`,
      };
    case 'withheld':
      return {
        tone: 'open',
        headline: 'Too few nodes showed what they had sealed: no verdict.',
        detail: `Those who held back lose a little stake and sit out for a while. ${FEE_BACK}`,
      };
    case 'no_nodes':
      return {
        tone: 'open',
        headline: `No committee of ${inWords(job.committeeSize)} could be drawn.`,
        detail: `Too few active nodes carry this model right now. ${FEE_BACK}`,
      };
    case null:
      if (job.status !== 'failed') return null;
      return {
        tone: 'failed',
        headline: 'The job failed.',
        detail: job.error ?? 'The sequencer gave no reason.',
      };
  }
}
