import { describe, expect, it } from 'vitest';
import { createSequenceBook, NotSent, SequenceMismatch } from '../src/sequence.ts';

const ADDRESS = 'sem1a';

/** An account whose committed sequence is told by `next()`. */
function accountAt(next: () => bigint) {
  let reads = 0;
  const book = createSequenceBook(async () => {
    reads++;
    return { number: 3n, sequence: next() };
  });
  return { book, reads: () => reads };
}

describe('a sequence book', () => {
  it('reads the account once and counts on by itself', async () => {
    const { book, reads } = accountAt(() => 5n);
    const used = await Promise.all(
      [1, 2, 3].map(() => book.use(ADDRESS, async ({ sequence }) => sequence)),
    );
    expect(used).toEqual([5n, 6n, 7n]);
    expect(reads()).toBe(1);
  });

  it('takes the sequence that the chain expects, once', async () => {
    const { book } = accountAt(() => 5n);
    const seen: bigint[] = [];
    const send = async ({ sequence }: { sequence: bigint }) => {
      seen.push(sequence);
      if (sequence !== 9n) throw new SequenceMismatch(9n, new Error('expected 9'));
    };
    await book.use(ADDRESS, send);
    expect(seen).toEqual([5n, 9n]);
    await expect(
      book.use(ADDRESS, async () => {
        throw new SequenceMismatch(undefined, new Error('always wrong'));
      }),
    ).rejects.toThrow('always wrong');
  });

  it('gives a sequence out again when nothing was sent, and reads anew when nobody knows', async () => {
    let committed = 5n;
    const { book, reads } = accountAt(() => committed);
    const refused = book.use(ADDRESS, async () => {
      throw new NotSent(new Error('no funds'));
    });
    await expect(refused).rejects.toThrow('no funds');
    expect(await book.use(ADDRESS, async ({ sequence }) => sequence)).toBe(5n);
    committed = 7n;
    const lost = book.use(ADDRESS, async () => {
      throw new Error('no answer');
    });
    await expect(lost).rejects.toThrow('no answer');
    expect(await book.use(ADDRESS, async ({ sequence }) => sequence)).toBe(7n);
    expect(reads()).toBe(2);
  });
});
