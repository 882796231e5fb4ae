import { describe, expect, it } from 'vitest';
import { ageOf } from '../src/age.ts';
import { inSem, inUsem } from '../src/amount.ts';
import { counted, inWords } from '../src/number-words.ts';
import { shortAddress, shortDigest } from '../src/short-form.ts';

describe('amounts', () => {
  it.each([
    [0n, '0 SEM'],
    [1n, '0.000001 SEM'],
    [1_250_000n, '1.25 SEM'],
    [1_000_000n, '1 SEM'],
    [123_456_789_000_001n, '123,456,789.000001 SEM'],
  ])('%d usem is %s, exactly', (usem, sem) => {
    expect(inSem(usem)).toBe(sem);
  });

  it('groups the base unit', () => {
    expect(inUsem(1_250_000n)).toBe('1,250,000 usem');
  });
});

describe('ages', () => {
  it.each([
    [0, 'just now'],
    [-5_000, 'just now'],
    [59_000, '59 seconds ago'],
    [60_000, '1 minute ago'],
    [7_200_000, '2 hours ago'],
    [90_000_000, '1 day ago'],
  ])('%d ms is %s', (elapsed, words) => {
    expect(ageOf(1_000_000_000_000 - elapsed, 1_000_000_000_000)).toBe(words);
  });
});

describe('words', () => {
  it('counts', () => {
    expect(counted(1, 'node')).toBe('one node');
    expect(counted(3, 'node')).toBe('three nodes');
    expect(inWords(12)).toBe('12');
  });

  it('shortens what is long and only that', () => {
    expect(shortDigest('ab'.repeat(32))).toBe('ababab…abab');
    expect(shortDigest('abcd')).toBe('abcd');
    expect(shortAddress('sem1qqqqwwwweeeerrrrtttt')).toBe('sem1qqqq…tttt');
  });
});
