import { create } from '@bufbuild/protobuf';
import { type Job, JobPhase, JobSchema, Standing } from '@semblance/proto/ml';
import { describe, expect, it } from 'vitest';
import { type Duty, nextDuty } from '../src/duty.ts';

const MINE = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);
const NONE = new Uint8Array();

function job(phase: JobPhase, commitment: Uint8Array, revealed = NONE): Job {
  const member = { node: 'me', commitment, fileSha256: revealed };
  return create(JobSchema, { phase, members: [{ node: 'them' }, member] });
}

describe('nextDuty', () => {
  it.each<[string, Job, Uint8Array | undefined, Duty]>([
    ['drawn, nothing done', job(JobPhase.COMMIT, NONE), undefined, 'run'],
    ['killed after the run was saved', job(JobPhase.COMMIT, NONE), MINE, 'commit'],
    ['committed', job(JobPhase.COMMIT, MINE), MINE, 'wait'],
    ['all have committed', job(JobPhase.REVEAL, MINE), MINE, 'reveal'],
    ['the disk was lost', job(JobPhase.REVEAL, MINE), undefined, 'lost'],
    ['the disk holds another run', job(JobPhase.REVEAL, MINE), OTHER, 'lost'],
    ['too late to commit', job(JobPhase.REVEAL, NONE), MINE, 'none'],
    ['revealed', job(JobPhase.REVEAL, MINE, OTHER), MINE, 'none'],
    ['settled', job(JobPhase.SETTLED, MINE, OTHER), MINE, 'none'],
  ])('%s', (_name, state, saved, expected) => {
    expect(nextDuty(state, 'me', saved)).toBe(expected);
  });

  it('has nothing to do for strangers and for the judged', () => {
    expect(nextDuty(job(JobPhase.COMMIT, NONE), 'stranger', undefined)).toBe('none');
    const judged = job(JobPhase.REVEAL, MINE);
    const member = judged.members[1];
    if (member) member.standing = Standing.FAULT;
    expect(nextDuty(judged, 'me', MINE)).toBe('none');
  });
});
