import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, tagsOf } from '../src/query/match.ts';
import { parseQuery } from '../src/query/parse.ts';

describe('parseQuery', () => {
  it('reads every kind of condition', () => {
    expect(
      parseQuery("tm.event='Tx' AND tx.height>=5 AND a.b CONTAINS 'x y' AND c.d EXISTS AND e<7"),
    ).toEqual([
      { key: 'tm.event', operator: '=', text: 'Tx' },
      { key: 'tx.height', operator: '>=', integer: 5n },
      { key: 'a.b', operator: 'CONTAINS', text: 'x y' },
      { key: 'c.d', operator: 'EXISTS' },
      { key: 'e', operator: '<', integer: 7n },
    ]);
    expect(parseQuery("  tm.event = 'NewBlock'  ")).toEqual([
      { key: 'tm.event', operator: '=', text: 'NewBlock' },
    ]);
    expect(parseQuery('')).toEqual([]);
  });

  it('leaves an AND inside quotes alone', () => {
    expect(parseQuery("a='x AND b=1'")).toEqual([{ key: 'a', operator: '=', text: 'x AND b=1' }]);
  });

  it.each([
    'a',
    'a=',
    "='x'",
    "a='x",
    "a='x' AND",
    "a='x' b='y'",
    "a='x' OR b='y'",
    "a='x'ANDb='y'",
    "a>'x'",
    'a=1.5',
    'a=-1',
    "a='x' AND AND b='y'",
    `a='${'x'.repeat(600)}'`,
    Array(17).fill('a=1').join(' AND '),
  ])('refuses %s', (text) => {
    expect(() => parseQuery(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('never fails in another way, and quickly', () => {
    const piece = fc.constantFrom("'", ' ', 'AND', '=', '>', '<', 'a.b', '5', 'EXISTS', '\\', '(');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 100 }), (pieces) => {
        try {
          parseQuery(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_INPUT' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('matches', () => {
  const tags = tagsOf(
    [
      {
        type: 'transfer',
        attributes: [
          { key: 'recipient', value: 'alice' },
          { key: 'amount', value: '100usem' },
        ],
      },
      { type: 'transfer', attributes: [{ key: 'recipient', value: 'bob' }] },
    ],
    { 'tm.event': 'Tx', 'tx.height': '12' },
  );

  it.each([
    ['', true],
    ["tm.event='Tx'", true],
    ["tm.event='NewBlock'", false],
    ["transfer.recipient='bob' AND transfer.recipient='alice'", true],
    ["transfer.recipient='carol'", false],
    ["transfer.recipient CONTAINS 'lic'", true],
    ['transfer.amount=100', true],
    ['transfer.amount>=100 AND transfer.amount<=100', true],
    ['transfer.amount>100', false],
    ['tx.height<13 AND tx.height>11', true],
    ['transfer.recipient>0', false],
    ['transfer.sender EXISTS', false],
    ['transfer.amount EXISTS', true],
    ["constructor='x'", false],
  ])('%s is %s', (query, expected) => {
    expect(matches(parseQuery(query), tags)).toBe(expected);
  });
});
