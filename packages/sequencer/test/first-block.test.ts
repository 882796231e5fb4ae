import type { Chain } from '@semblance/client/chain';
import { expect, test } from 'vitest';
import { firstBlockHash } from '../src/chain/first-block.ts';

/** A chain of which nothing is known but the height of its first block, asked for again and again. */
function chainThatBegins(earliest: readonly bigint[], onAsked: (times: number) => void = () => {}) {
  let asked = 0;
  const query = {
    status: async () => {
      const earliestHeight = earliest[Math.min(asked, earliest.length - 1)];
      onAsked(++asked);
      return { chainId: 'test-1', earliestHeight };
    },
    block: async (height: bigint) => ({ hash: `BLOCK ${height}` }),
  };
  return { query } as unknown as Pick<Chain, 'query'>;
}

const never = new AbortController().signal;

test('a chain that has blocks is not waited for', async () => {
  const log: string[] = [];
  const chain = chainThatBegins([7n]);
  const hash = await firstBlockHash(chain, never, (_, message) => log.push(message));
  expect(hash).toBe('BLOCK 7');
  expect(log).toEqual([]);
});

test('the first block is waited for, which is said once', async () => {
  const log: string[] = [];
  const chain = chainThatBegins([0n, 0n, 1n]);
  const hash = await firstBlockHash(chain, never, (_, message) => log.push(message));
  expect(hash).toBe('BLOCK 1');
  expect(log).toEqual(['waiting for the first block']);
});

test('waiting ends when the signal aborts', async () => {
  const abort = new AbortController();
  const chain = chainThatBegins([0n], (times) => times === 2 && abort.abort());
  await expect(firstBlockHash(chain, abort.signal, () => {})).rejects.toThrow(/abort/);
});
