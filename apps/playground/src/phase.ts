import { isOver, type Job } from './job.ts';

export const PHASES = ['Escrow', 'Draw', 'Commit', 'Reveal', 'Verdict'] as const;

export type Phase = (typeof PHASES)[number];

/** The phase that the job is in; null once the verdict has fallen. */
export function currentPhase(job: Job): Phase | null {
  if (isOver(job)) return null;
  if (job.status === 'queued') return 'Escrow';
  if (job.committee.length === 0) return 'Draw';
  if (job.status !== 'revealing') return 'Commit';
  return job.committee.some((member) => member.state === 'committed') ? 'Reveal' : 'Verdict';
}

/** How far the job is in one short sentence, for the eye and for the screen reader. */
export function phaseSentence(job: Job): string {
  const of = (states: readonly string[]) =>
    job.committee.filter((member) => states.includes(member.state)).length;
  switch (currentPhase(job)) {
    case 'Escrow':
      return 'The fee moves into escrow on the chain.';
    case 'Draw':
      return 'The chain draws a committee from the staked nodes.';
    case 'Commit':
      return `${of(['committed', 'revealed'])} of ${job.committee.length} results sealed. Nobody can see another’s work.`;
    case 'Reveal':
      return `All sealed. ${of(['revealed'])} of ${job.committee.length} results revealed.`;
    case 'Verdict':
      return 'All revealed. The chain compares the pictures.';
    case null:
      return 'The job is over.';
  }
}
