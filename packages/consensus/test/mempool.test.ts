import type { TxResult } from '@semblance/chain/application';
import { fromUtf8, toUtf8 } from '@semblance/core/bytes';
import { expect, it } from 'vitest';
import { DEFAULT_MEMPOOL_LIMITS, Mempool, type MempoolLimits } from '../src/solo/mempool.ts';

const result = (code: number, gasWanted = 1n): TxResult => ({
  code,
  codespace: '',
  data: new Uint8Array(0),
  log: '',
  gasWanted,
  gasUsed: 0n,
  events: [],
});

/** A pool over a check that refuses what `refused` holds. */
function poolOf(limits: Partial<MempoolLimits> = {}) {
  const refused = new Set<string>();
  const checked: string[] = [];
  let pending = 0;
  const app = {
    checkTx(tx: Uint8Array) {
      const text = toUtf8(tx);
      checked.push(text);
      return result(refused.has(text) ? 1 : 0, BigInt(text.length));
    },
  };
  const pool = new Mempool(app, { ...DEFAULT_MEMPOOL_LIMITS, ...limits }, () => pending++);
  const add = (text: string) => pool.add(fromUtf8(text)).result.code;
  const waiting = () => pool.oldest(100).map(({ bytes }) => toUtf8(bytes));
  return { pool, add, waiting, refused, checked, pendingCalls: () => pending };
}

it('keeps what the application accepts, in order', () => {
  const { add, waiting, refused, pool, pendingCalls } = poolOf();
  refused.add('bad');
  expect([add('a'), add('bad'), add('bb')]).toEqual([0, 1, 0]);
  expect(waiting()).toEqual(['a', 'bb']);
  expect([pool.size, pool.bytes, pendingCalls()]).toEqual([2, 3, 2]);
});

it('refuses a repeat, but not of what was refused', () => {
  const { add, refused, waiting } = poolOf();
  add('a');
  expect(() => add('a')).toThrow('tx already exists in cache');
  refused.add('b');
  expect(add('b')).toBe(1);
  refused.delete('b');
  expect(add('b')).toBe(0);
  expect(waiting()).toEqual(['a', 'b']);
});

it('remembers what a block held, unless it failed there', () => {
  const { add, pool } = poolOf();
  add('a');
  add('b');
  pool.update(pool.oldest(2), [result(0), result(5)]);
  expect(pool.size).toBe(0);
  expect(() => add('a')).toThrow('tx already exists in cache');
  expect(add('b')).toBe(0);
});

it('forgets the oldest hashes', () => {
  const { add, pool } = poolOf({ cachedHashes: 2 });
  for (const text of ['a', 'b', 'c']) add(text);
  pool.update(pool.oldest(3), [result(0), result(0), result(0)]);
  expect(() => add('c')).toThrow();
  expect(add('a')).toBe(0);
});

it('is bounded in number, in bytes and in the size of one', () => {
  const byNumber = poolOf({ maxTxs: 1 });
  byNumber.add('a');
  expect(() => byNumber.add('b')).toThrow(/mempool is full: number of txs 1 \(max: 1\)/);
  const byBytes = poolOf({ maxBytes: 5 });
  byBytes.add('aaa');
  expect(() => byBytes.add('bbb')).toThrow(/mempool is full/);
  expect(byBytes.add('bb')).toBe(0);
  expect(() => poolOf({ maxTxBytes: 2 }).add('aaa')).toThrow('Tx too large. Max size is 2');
  expect(byNumber.checked).toEqual(['a']);
});

it('reaps by bytes and by gas, oldest first', () => {
  const { add, pool } = poolOf();
  for (const text of ['aaaa', 'bb', 'c']) add(text);
  const reap = (bytes: number, gas: bigint) => pool.reap(bytes, gas).map((tx) => toUtf8(tx.bytes));
  expect(reap(1000, -1n)).toEqual(['aaaa', 'bb', 'c']);
  expect(reap(10, -1n)).toEqual(['aaaa']);
  expect(reap(18, -1n)).toEqual(['aaaa', 'bb']);
  expect(reap(1000, 6n)).toEqual(['aaaa', 'bb']);
  expect(reap(1000, 3n)).toEqual([]);
  expect(pool.size).toBe(3);
});

it('checks what is left again after a block, and drops what does not hold any more', () => {
  const { add, pool, refused, checked, waiting } = poolOf();
  for (const text of ['a', 'b', 'c']) add(text);
  checked.length = 0;
  refused.add('b');
  pool.update(pool.oldest(1), [result(0)]);
  expect(checked).toEqual(['b', 'c']);
  expect(waiting()).toEqual(['c']);
  expect(pool.bytes).toBe(1);
  refused.clear();
  expect(add('b')).toBe(0);
});

it('takes nothing once it is closed', () => {
  const { add, pool } = poolOf();
  pool.close();
  expect(() => add('a')).toThrow('the node is stopping');
});

it('forgets a transaction whose check failed to run', () => {
  let broken = true;
  const app = {
    checkTx() {
      if (broken) throw new RangeError('broken');
      return result(0);
    },
  };
  const pool = new Mempool(app, DEFAULT_MEMPOOL_LIMITS, () => {});
  expect(() => pool.add(fromUtf8('a'))).toThrow('broken');
  broken = false;
  expect(pool.add(fromUtf8('a')).result.code).toBe(0);
});
