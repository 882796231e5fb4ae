import { describe, expect, it } from 'vitest';
import { plainVerdict } from '../src/verdict.ts';
import { FILES, settledJob, withMembers } from './fixtures.ts';

describe('plainVerdict', () => {
  it('tells of different files that agree', () => {
    expect(plainVerdict(settledJob())?.headline).toBe(
      'Three nodes, three different files, one picture: agreed within 2 bits.',
    );
  });

  it('tells of one file from every node', () => {
    const same = settledJob({
      committee: withMembers({ sha256: FILES[0] }, { sha256: FILES[0] }, { sha256: FILES[0] }),
      distances: [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    });
    expect(plainVerdict(same)?.headline).toBe(
      'Three nodes, the same file to the last byte, one picture: agreed with equal hashes.',
    );
  });

  it('leaves a dissenter out of the distance and names what it did', () => {
    const dissent = settledJob({
      committee: withMembers({}, {}, { standing: 'dissent' }),
      distances: [
        [0, 1, 30],
        [1, 0, 31],
        [30, 31, 0],
      ],
    });
    expect(plainVerdict(dissent)).toEqual({
      tone: 'agreed',
      headline: 'Two of three nodes, two different files, one picture: agreed within 1 bit.',
      detail: 'One painted something else. The model allows 2 bits of 64.',
    });
  });

  it('says that nobody is punished without a majority', () => {
    const open = plainVerdict(settledJob({ verdict: 'no_majority' }));
    expect(open?.tone).toBe('open');
    expect(open?.headline).toBe('No majority of the three results is alike: no verdict.');
    expect(open?.detail).toContain('The fee went back');
  });

  it('waits while the job runs and gives the reason when it failed', () => {
    expect(plainVerdict(settledJob({ verdict: null, status: 'running' }))).toBeNull();
    const failed = settledJob({ verdict: null, status: 'failed', error: 'no funds' });
    expect(plainVerdict(failed)).toMatchObject({ tone: 'failed', detail: 'no funds' });
  });
});
