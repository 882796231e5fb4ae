import { fromUint64, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, committeeSeed, drawCommittee } from '../src/draw.ts';

const seedOf = (n: number) => sha256(fromUint64(BigInt(n)));
const candidates: Candidate[] = [
  { id: 'a', operator: 'A', weight: 1n },
  { id: 'b', operator: 'B', weight: 2n },
  { id: 'c', operator: 'C', weight: 7n },
];

describe('drawCommittee', () => {
  test('the same seed draws the same committee, whatever the order of the candidates', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(candidates, { minLength: 3 }), fc.nat(), (order, n) => {
        expect(drawCommittee(order, 2, seedOf(n))).toEqual(drawCommittee(candidates, 2, seedOf(n)));
      }),
    );
  });

  test('nobody twice, never two of one operator, nobody without weight', () => {
    const candidate = fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      operator: fc.constantFrom('A', 'B', 'C', 'D'),
      weight: fc.bigInt({ min: 0n, max: 1n << 60n }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { selector: (c) => c.id, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        (pool, size, n) => {
          const drawn = drawCommittee(pool, size, seedOf(n));
          const operators = new Set(pool.filter((c) => c.weight > 0n).map((c) => c.operator));
          expect(drawn === undefined).toBe(operators.size < size);
          if (drawn === undefined) return;
          const members = drawn.map((id) => pool.find((c) => c.id === id) as Candidate);
          expect(new Set(members.map((m) => m.operator)).size).toBe(size);
          for (const member of members) expect(member.weight).toBeGreaterThan(0n);
        },
      ),
    );
  });

  test('the executor is drawn in proportion to weight', () => {
    const counts = { a: 0, b: 0, c: 0 };
    const draws = 20_000;
    for (let n = 0; n < draws; n++) {
      const executor = drawCommittee(candidates, 1, seedOf(n))?.[0] as keyof typeof counts;
      counts[executor]++;
    }
    // Six standard deviations of a binomial: the seeds are fixed, so this never flickers.
    const expected = { a: 0.1, b: 0.2, c: 0.7 };
    for (const [id, share] of Object.entries(expected) as [keyof typeof counts, number][]) {
      const deviation = Math.sqrt(share * (1 - share) * draws);
      expect(Math.abs(counts[id] - share * draws)).toBeLessThan(6 * deviation);
    }
  });

  test('a known draw, so that another implementation can be held against this one', () => {
    const seed = committeeSeed(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
    expect([toHex(seed), drawCommittee(candidates, 3, seed)]).toMatchInlineSnapshot(`
      [
        "9fe8876e8011821138a825b3820c5409dfb3fefc0cacafc4d0df2bd75f157522",
        [
          "a",
          "c",
          "b",
        ],
      ]
    `);
  });
});
