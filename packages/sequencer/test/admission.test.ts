import { describe, expect, it } from 'vitest';
import { admit, type Schedulable } from '../src/jobs/admission.ts';

interface Waiting extends Schedulable {
  readonly name: string;
}

const job = (name: string, keyId = 'a', committeeSize = 1, model = 'm'): Waiting => ({
  name,
  keyId,
  committeeSize,
  model,
});
const names = (jobs: readonly Waiting[]): string => jobs.map(({ name }) => name).join(' ');
const nodes =
  (count: number) =>
  (model: string): number =>
    model === 'm' ? count : 1;

describe('admission', () => {
  it('lets as many jobs in as there are nodes', () => {
    const waiting = ['1', '2', '3', '4'].map((name) => job(name));
    expect(names(admit(waiting, [], nodes(3)))).toBe('1 2 3');
    expect(names(admit(waiting, [job('x')], nodes(3)))).toBe('1 2');
    expect(names(admit(waiting, waiting, nodes(3)))).toBe('');
  });

  it('counts what the committees of larger jobs have to do', () => {
    const waiting = ['1', '2', '3', '4', '5'].map((name) => job(name, 'a', 3));
    expect(names(admit(waiting, [], nodes(6)))).toBe('1 2 3 4');
  });

  it('always lets one in, so that the chain can say that nobody is there', () => {
    expect(names(admit([job('1', 'a', 5), job('2', 'a', 5)], [], nodes(0)))).toBe('1');
  });

  it('gives each key its turn, oldest first within a key', () => {
    const waiting = [job('a1'), job('a2'), job('a3'), job('b1', 'b'), job('c1', 'c')];
    expect(names(admit(waiting, [], nodes(4)))).toBe('a1 b1 c1 a2');
    expect(names(admit(waiting, [job('x', 'a')], nodes(4)))).toBe('b1 c1 a1');
  });

  it('is not held up by a model without room', () => {
    const waiting = [job('1', 'a', 1, 'small'), job('2', 'a', 1, 'small'), job('3')];
    expect(names(admit(waiting, [], nodes(2)))).toBe('1 3');
  });
});
