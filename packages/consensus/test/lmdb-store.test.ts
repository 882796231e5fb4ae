import { createMemoryStore } from '@semblance/chain/memory-store';
import type { Change } from '@semblance/chain/store';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase, openEnvironment } from '../src/store/environment.ts';
import { LmdbStore } from '../src/store/lmdb-store.ts';
import { temporaryHome } from './fixtures/solo.ts';

function openStore(path = temporaryHome()): LmdbStore {
  const environment = openEnvironment(path);
  onTestFinished(() => environment.close());
  return new LmdbStore(openDatabase(environment, 'state'));
}

/** Few and short, so that they meet; a prefix of another sorts before it. */
const key = fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 });
const value = fc.uint8Array({ maxLength: 40 });
const change: fc.Arbitrary<Change> = fc.record({
  key,
  value: fc.option(value, { nil: undefined }),
});

const contents = (entries: Iterable<readonly [Uint8Array, Uint8Array]>) => [...entries];

it('behaves like the memory store', () => {
  const lmdb = openStore();
  fc.assert(
    fc.property(fc.array(fc.array(change)), key, key, (writes, start, end) => {
      const everything = contents(lmdb.range(Uint8Array.of(0), Uint8Array.of(255)));
      lmdb.write(everything.map(([old]) => ({ key: old, value: undefined })));
      const memory = createMemoryStore();
      for (const changes of writes) {
        lmdb.write(changes);
        memory.write(changes);
      }
      expect(lmdb.get(start)).toEqual(memory.get(start));
      expect(contents(lmdb.range(start, end))).toEqual(contents(memory.range(start, end)));
      expect(contents(lmdb.rangeReverse(start, end))).toEqual(
        contents(memory.rangeReverse(start, end)),
      );
    }),
    { numRuns: 40 },
  );
});

it('keeps long keys, long values and empty values, over a restart', async () => {
  const path = temporaryHome();
  const environment = openEnvironment(path);
  const before = new LmdbStore(openDatabase(environment, 'state'));
  const long = new Uint8Array(255).fill(7);
  const megabyte = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 256);
  before.write([
    { key: long, value: megabyte },
    { key: Uint8Array.of(1), value: new Uint8Array(0) },
  ]);
  await environment.close();
  const after = openStore(path);
  expect(Buffer.compare(after.get(long) ?? long, megabyte)).toBe(0);
  expect(after.get(Uint8Array.of(1))).toEqual(new Uint8Array(0));
  expect(after.get(Uint8Array.of(2))).toBeUndefined();
});

it('hands out values that later reads and writes leave alone', () => {
  const lmdb = openStore();
  lmdb.write([1, 2, 3].map((i) => ({ key: Uint8Array.of(i), value: new Uint8Array(50).fill(i) })));
  const entries = contents(lmdb.range(Uint8Array.of(1), Uint8Array.of(4)));
  const first = lmdb.get(Uint8Array.of(1));
  lmdb.write([{ key: Uint8Array.of(1), value: new Uint8Array(50).fill(9) }]);
  lmdb.get(Uint8Array.of(2));
  expect(first).toEqual(new Uint8Array(50).fill(1));
  expect(entries.map(([, bytes]) => bytes[0])).toEqual([1, 2, 3]);
});

it('applies nothing of a write that fails', () => {
  const lmdb = openStore();
  lmdb.write([{ key: Uint8Array.of(1), value: Uint8Array.of(1) }]);
  const tooLong = new Uint8Array(5000);
  expect(() =>
    lmdb.write([
      { key: Uint8Array.of(1), value: Uint8Array.of(2) },
      { key: tooLong, value: Uint8Array.of(2) },
    ]),
  ).toThrow();
  expect(lmdb.get(Uint8Array.of(1))).toEqual(Uint8Array.of(1));
});

it('applies nothing of changes that fail to come', () => {
  function* failing(): Generator<Change> {
    yield { key: Uint8Array.of(1), value: Uint8Array.of(2) };
    throw new RangeError('no more');
  }
  for (const store of [openStore(), createMemoryStore()]) {
    expect(() => store.write(failing())).toThrow('no more');
    expect(store.get(Uint8Array.of(1))).toBeUndefined();
    store.write([{ key: Uint8Array.of(1), value: Uint8Array.of(3) }]);
    expect(store.get(Uint8Array.of(1))).toEqual(Uint8Array.of(3));
  }
});

it('can be read while it is written, and then holds what was written so far', () => {
  const lmdb = openStore();
  const key = Uint8Array.of(1);
  lmdb.write([{ key, value: Uint8Array.of(1) }]);
  const seen: (Uint8Array | undefined)[] = [];
  function* reading(): Generator<Change> {
    for (const n of [2, 3]) {
      seen.push(lmdb.get(key));
      yield { key, value: Uint8Array.of(n) };
    }
  }
  lmdb.write(reading());
  expect(seen).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});
