import { describe, expect, it } from 'vitest';
import { memberStatus, shareDone } from '../src/member-status.ts';
import { currentPhase, phaseSentence } from '../src/phase.ts';
import { settledJob, withMembers } from './fixtures.ts';

describe('the phase of a job', () => {
  const open = { verdict: null } as const;

  it('goes from escrow to verdict', () => {
    const sealed = withMembers({ state: 'committed' }, { state: 'committed' });
    expect(currentPhase(settledJob({ ...open, status: 'queued' }))).toBe('Escrow');
    expect(currentPhase(settledJob({ ...open, status: 'submitted', committee: [] }))).toBe('Draw');
    expect(currentPhase(settledJob({ ...open, status: 'running' }))).toBe('Commit');
    const revealing = settledJob({ ...open, status: 'revealing', committee: sealed });
    expect(currentPhase(revealing)).toBe('Reveal');
    expect(phaseSentence(revealing)).toBe('All sealed. 1 of 3 results revealed.');
    expect(currentPhase(settledJob({ ...open, status: 'revealing' }))).toBe('Verdict');
    expect(currentPhase(settledJob())).toBeNull();
  });
});

describe("a member's share of the work", () => {
  const [member] = withMembers({ state: 'running' });
  if (member === undefined) throw new Error('the fixture has no members');

  it('grows with the steps and is whole only when sealed', () => {
    const at = (step: number) =>
      shareDone({ ...member, progress: { stage: 'step', step, steps: 20 } });
    expect(shareDone(member)).toBe(0);
    expect(at(5)).toBeLessThan(at(6));
    expect(at(20)).toBeLessThan(1);
    expect(shareDone({ ...member, state: 'committed' })).toBe(1);
  });

  it('is told in words', () => {
    expect(memberStatus(member)).toBe('Getting ready');
    expect(memberStatus({ ...member, progress: { stage: 'step', step: 7, steps: 20 } })).toBe(
      'Step 7 of 20',
    );
  });
});
