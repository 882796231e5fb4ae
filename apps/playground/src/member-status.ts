import type { Member } from './job.ts';

/** What a member is doing or has done, in a few words. */
export function memberStatus(member: Member): string {
  switch (member.state) {
    case 'drawn':
    case 'running':
      return stageWords(member);
    case 'committed':
      return 'Sealed on chain';
    case 'revealed':
      return 'Revealed';
    case 'late':
      return 'Nothing in time';
    case 'withheld':
      return 'Sealed, never shown';
    case 'fault':
      return 'Proven fault';
  }
}

function stageWords({ progress }: Member): string {
  switch (progress?.stage) {
    case undefined:
      return 'Getting ready';
    case 'text':
      return 'Reading the prompt';
    case 'step':
      return `Step ${progress.step} of ${progress.steps}`;
    case 'decode':
      return 'Decoding the picture';
    case 'committed':
    case 'revealed':
      return 'Sealing the result';
    case 'failed':
      return 'Failed on this node';
  }
}

const READING = 0.03;
const DECODING = 0.94;

/** Share of the work done, 0..1. The steps take nearly all of the time. */
export function shareDone({ state, progress }: Member): number {
  if (state !== 'drawn' && state !== 'running') return 1;
  switch (progress?.stage) {
    case undefined:
    case 'failed':
      return 0;
    case 'text':
      return READING;
    case 'step':
      return READING + (DECODING - READING) * (progress.step / Math.max(1, progress.steps));
    case 'decode':
      return DECODING;
    case 'committed':
    case 'revealed':
      return 1;
  }
}
