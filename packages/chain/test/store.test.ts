import { compare, toHex } from '@semblance/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { Overlay } from '../src/store/overlay.ts';
import { after, keysUnder } from '../src/store/prefixes.ts';
import type { Change, Store } from '../src/store/store.ts';

/** Short keys over few bytes, so that they collide and nest. */
const key = fc
  .array(fc.constantFrom(0, 1, 127, 254, 255), { minLength: 1, maxLength: 3 })
  .map((b) => Uint8Array.from(b));
const change: fc.Arbitrary<Change> = fc.record({
  key,
  value: fc.option(fc.uint8Array({ maxLength: 3 }), { nil: undefined }),
});
const changes = fc.array(change, { maxLength: 30 });

/** What a store should hold, worked out the slow way. */
function expected(all: readonly Change[], start: Uint8Array, end: Uint8Array): string[] {
  const last = new Map(all.map(({ key, value }) => [toHex(key), { key, value }]));
  return [...last.values()]
    .filter(({ value }) => value !== undefined)
    .filter(({ key }) => compare(key, start) >= 0 && compare(key, end) < 0)
    .sort((a, b) => compare(a.key, b.key))
    .map(({ key, value }) => `${toHex(key)}=${toHex(value as Uint8Array)}`);
}

const show = (entries: Iterable<readonly [Uint8Array, Uint8Array]>): string[] =>
  Array.from(entries, ([key, value]) => `${toHex(key)}=${toHex(value)}`);

function expectContents(
  store: Pick<Store, 'get' | 'range' | 'rangeReverse'>,
  all: Change[],
  start: Uint8Array,
  end: Uint8Array,
) {
  const wanted = expected(all, start, end);
  expect(show(store.range(start, end))).toEqual(wanted);
  expect(show(store.rangeReverse(start, end))).toEqual(wanted.toReversed());
  for (const { key } of all) {
    const value = all.findLast((change) => compare(change.key, key) === 0)?.value;
    expect(store.get(key)).toEqual(value);
  }
}

test('a memory store and overlays over it read as one sequence of changes', () => {
  fc.assert(
    fc.property(changes, changes, changes, key, key, (stored, block, tx, start, end) => {
      const store = createMemoryStore();
      store.write(stored);
      expectContents(store, stored, start, end);
      const below = new Overlay(store);
      const above = new Overlay(below);
      const stage = (overlay: Overlay, { key, value }: Change) =>
        value === undefined ? overlay.delete(key) : overlay.set(key, value);
      for (const change of block) stage(below, change);
      for (const change of tx) stage(above, change);
      expectContents(above, [...stored, ...block, ...tx], start, end);
      expectContents(below, [...stored, ...block], start, end);
      above.mergeInto(below);
      expectContents(below, [...stored, ...block, ...tx], start, end);
      expectContents(store, stored, start, end);
      store.write(below.changes());
      expectContents(store, [...stored, ...block, ...tx], start, end);
    }),
  );
});

test('changes come out in the byte order of their keys, the last one of each', () => {
  const overlay = new Overlay(createMemoryStore());
  for (const byte of [255, 0, 128, 127, 0]) overlay.set(Uint8Array.of(byte), Uint8Array.of(byte));
  overlay.delete(Uint8Array.of(128));
  expect(overlay.changes().map(({ key, value }) => [key[0], value?.[0]])).toEqual([
    [0, 0],
    [127, 127],
    [128, undefined],
    [255, 255],
  ]);
});

test('a prefix ends where the next one begins', () => {
  expect(after(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 3));
  expect(after(Uint8Array.of(1, 255))).toEqual(Uint8Array.of(2));
  expect(() => after(Uint8Array.of(255))).toThrow(RangeError);
  fc.assert(
    fc.property(key, key, (prefix, key) => {
      fc.pre(prefix.some((byte) => byte !== 255));
      const [start, end] = keysUnder(prefix);
      const isInside = compare(key, start) >= 0 && compare(key, end) < 0;
      expect(isInside).toBe(toHex(key).startsWith(toHex(prefix)));
    }),
  );
});
