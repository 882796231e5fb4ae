import type { JobView, MemberView } from '@semblance/sequencer/views';
import { expect, test } from 'vitest';
import { jobReport } from '../src/job-report.ts';
import { sem } from '../src/terminal.ts';

const HASH = 'efc180cb8387c7ff';

function member(tail: string, change: Partial<MemberView> = {}): MemberView {
  return {
    node: `sem1ym9tjva84qp6hzmf0ep44r0443p0watc7n${tail}`,
    role: 'verifier',
    runtime: 'native-f16-plain',
    state: 'revealed',
    progress: null,
    sha256: 'ab'.repeat(32),
    bytes: 7_000,
    url: null,
    hashes: { average: HASH, perceptual: HASH, difference: HASH, color: '0'.repeat(12) },
    distance: 0,
    standing: 'majority',
    fault: '',
    payout: '450000',
    ...change,
  };
}

function job(committee: readonly MemberView[]): JobView {
  return {
    committee,
    verdict: 'agreed',
    hash: 'average',
    threshold_bits: 2,
    payouts: { producer: '100000', nodes: { a: '450000', b: '450000' }, refund: '0' },
  } as unknown as JobView;
}

test('a report fits a terminal of 80 columns', () => {
  const outside = member('cccc', { standing: 'dissent', distance: 14, payout: '0' });
  const report = jobReport(job([member('aaaa'), member('bbbb'), outside]));
  for (const line of report.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(report).toMatch(/agreed: 2 of 3 alike within 2 bits, 1 different file$/m);
});

test('the cheat is named in place of its address', () => {
  const cheat = member('cccc', { standing: 'dissent', distance: 14, payout: '0' });
  const [line] = jobReport(job([member('aaaa'), cheat]), cheat.node).match(/the cheat.*/) ?? [];
  expect(line).toMatch(/14 +- +dissent$/);
});

test('amounts are exact', () => {
  expect(sem('1')).toBe('0.000001 SEM');
  expect(sem('1500000')).toBe('1.5 SEM');
  expect(sem(1_000_000n * 10n ** 12n)).toBe('1000000000000 SEM');
});
