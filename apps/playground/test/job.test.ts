import { describe, expect, it } from 'vitest';
import { artifactPath } from '../src/api.ts';
import { UnexpectedAnswerError } from '../src/decode.ts';
import { job, withProgress } from '../src/job.ts';
import { FILES, SETTLED, settledJob, withMembers } from './fixtures.ts';

describe('a JobView from outside', () => {
  it('is read with its amounts exact', () => {
    const read = job({ ...SETTLED, fee: '340282366920938463463374607431768211455' }, 'job');
    expect(read.fee).toBe(340282366920938463463374607431768211455n);
    expect(read.request.seed).toBe('18446744073709551615');
  });

  it('cannot bring addresses of its own: a picture is found by its hash', () => {
    const read = settledJob();
    expect(JSON.stringify({ ...read, fee: 0, committee: [], payouts: 0 })).not.toContain('alert');
    expect(artifactPath(read.result ?? '')).toBe(`./v1/artifacts/${FILES[0]}`);
  });

  it.each([
    ['a hash that is a path', { result: { sha256: '../../secret' } }, 'job.result.sha256'],
    ['an unknown verdict', { verdict: 'bribed' }, 'job.verdict'],
    ['a negative fee', { fee: '-1' }, 'job.fee'],
    ['a fee that is not a number', { fee: Number.NaN }, 'job.fee'],
    ['a crowd', { committee: Array(3000).fill({}) }, 'job.committee'],
    ['a list for an object', { request: [] }, 'job.request'],
    ['a flood of text', { requester: 'x'.repeat(20_000) }, 'job.requester'],
  ])('is refused with %s', (_, change, at) => {
    const attempt = () => job({ ...SETTLED, ...change }, 'job');
    expect(attempt).toThrow(UnexpectedAnswerError);
    expect(attempt).toThrow(at);
  });
});

describe('withProgress', () => {
  const moved = { stage: 'step', step: 3, steps: 20 } as const;

  it('moves a node that is at work', () => {
    const working = settledJob({ committee: withMembers({}, { state: 'running' }) });
    expect(withProgress(working, 'sem1node1', moved).committee[1]?.progress).toEqual(moved);
  });

  it('leaves a node alone that has already sealed', () => {
    const sealed = settledJob({ committee: withMembers({}, { state: 'committed' }) });
    expect(withProgress(sealed, 'sem1node1', moved).committee[1]?.progress).toBeNull();
  });
});
