import { recordBytes, Side } from './buckets';
import { distanceTo, wordOf } from './metric';

/*
 * Near pairs: those within `threshold` of each other, bucket by bucket. Two hashes within t of each
 * other agree on at least one of t + 1 segments, so a join over each segment's buckets meets every
 * near pair; it counts where it agrees on no earlier segment, and so exactly once.
 *
 * Large buckets go through a filter first: 16 hashes at a time, four of their bytes looked up in
 * tables made for these 16. Measured as in histogram.ts, all pairs of two sets of uniform hashes:
 * 13e9 pairs a second at threshold 2, 8e9 at 8, and 2.8e9 without the filter.
 */

/** Rows from which making the filter's tables pays, and the distance up to which it filters well. */
const FILTER_ROWS: usize = 192;
const FILTER_THRESHOLD: i32 = 8;
const LANES: usize = 16;
const TABLE: usize = 4096;
const FILTER = memory.data(16384, 16);

/** No segment: every pair of a bucket counts. */
const NONE: i32 = -1;

let threshold: i32 = 0;
let segment: i32 = NONE;
/** Segment after segment, `words` words each, ones where the segment is. */
let masks: usize = 0;
/** Pairs at each distance from 0 to the threshold, u64. */
let counts: usize = 0;
/** Matches as three u32 each: id in a, id in b, distance. Those beyond the capacity are left out. */
let matches: usize = 0;
let capacity: u32 = 0;
let found: u32 = 0;

export function joinFor(
  forThreshold: i32,
  forSegment: i32,
  segmentMasks: usize,
  toCounts: usize,
  toMatches: usize,
  matchCapacity: u32,
): void {
  threshold = forThreshold;
  segment = forSegment;
  masks = segmentMasks;
  counts = toCounts;
  matches = toMatches;
  capacity = matchCapacity;
}

/** A pair of records within the threshold. Rare, so not in the hot loops. */
function meet(words: i32, p: usize, q: usize, distance: i32): void {
  if (segment != NONE && !meetsFirstHere(words, p, q)) return;
  const size = <usize>words << 3;
  const pairs = <u64>load<u32>(p + size, 4) * <u64>load<u32>(q + size, 4);
  const counter = counts + (<usize>distance << 3);
  store<u64>(counter, load<u64>(counter) + pairs);
  if (found < capacity) {
    const match = matches + <usize>found * 12;
    store<u32>(match, load<u32>(p + size));
    store<u32>(match, load<u32>(q + size), 4);
    store<u32>(match, distance, 8);
  }
  found++;
}

/** Whether the two agree on this segment and on none before it. */
function meetsFirstHere(words: i32, p: usize, q: usize): bool {
  const size = <usize>words << 3;
  for (let s = 0; s <= segment; s++) {
    const mask = masks + <usize>s * size;
    let differing: u64 = 0;
    for (let offset: usize = 0; offset < size; offset += 8) {
      differing |= (load<u64>(p + offset) ^ load<u64>(q + offset)) & load<u64>(mask + offset);
    }
    if (differing == 0) return s == segment;
  }
  return false;
}

/** The record at `query` against those from `from` to `to`. */
// @ts-ignore: decorator
@inline
function row(words: i32, unit: i32, query: usize, from: usize, to: usize): void {
  const q0 = load<u64>(query);
  const q1 = wordOf(words, 1, query);
  const q2 = wordOf(words, 2, query);
  const q3 = wordOf(words, 3, query);
  const limit = threshold;
  for (let p = from; p < to; p += recordBytes(words)) {
    const distance = <i32>distanceTo(words, unit, q0, q1, q2, q3, p);
    if (distance <= limit) meet(words, query, p, distance);
  }
}

/** Each record once with every later one. */
// @ts-ignore: decorator
@inline
function triangle(words: i32, unit: i32, from: usize, to: usize): void {
  const size = recordBytes(words);
  for (let p = from; p < to; p += size) row(words, unit, p, p + size, to);
}

/** Tables of distances between each value of four bytes, spread over the hash, and 16 hashes. */
// @ts-ignore: decorator
@inline
function makeFilter(words: i32, unit: i32, records: usize): void {
  for (let k: usize = 0; k < 4; k++) {
    const table = FILTER + k * TABLE;
    const byte = records + k * <usize>(2 * words);
    for (let lane: usize = 0; lane < 16; lane++) {
      store<u8>(table + lane, load<u8>(byte + lane * recordBytes(words)));
    }
    const bytes = v128.load(table);
    for (let value = 0; value < 256; value++) {
      const differing = v128.xor(bytes, i8x16.splat(<i8>value));
      v128.store(table + (<usize>value << 4), weighBytes(unit, differing));
    }
  }
}

// @ts-ignore: decorator
@inline
function weighBytes(unit: i32, x: v128): v128 {
  if (unit == 0) return i8x16.popcnt(x);
  const zero = i8x16.splat(0);
  const high = i8x16.ne(v128.and(x, i8x16.splat(-16)), zero);
  const low = i8x16.ne(v128.and(x, i8x16.splat(15)), zero);
  return i8x16.neg(i8x16.add(high, low));
}

// @ts-ignore: decorator
@inline
function look(words: i32, k: i32, query: usize): v128 {
  const value = <usize>load<u8>(query + <usize>(k * 2 * words));
  return v128.load(FILTER + <usize>k * TABLE + (value << 4));
}

/** The records from `from` to `to` against the 16 from `columns` on. */
// @ts-ignore: decorator
@inline
function block(words: i32, unit: i32, from: usize, to: usize, columns: usize): void {
  const size = recordBytes(words);
  makeFilter(words, unit, columns);
  const limit = i8x16.splat(<i8>threshold);
  for (let query = from; query < to; query += size) {
    const sum = i8x16.add(
      i8x16.add(look(words, 0, query), look(words, 1, query)),
      i8x16.add(look(words, 2, query), look(words, 3, query)),
    );
    const near = i8x16.le_u(sum, limit);
    if (!v128.any_true(near)) continue;
    for (let lanes = i8x16.bitmask(near); lanes != 0; lanes &= lanes - 1) {
      const column = columns + <usize>ctz(lanes) * size;
      row(words, unit, query, column, column + size);
    }
  }
}

// @ts-ignore: decorator
@inline
function across(words: i32, unit: i32, a: Side, b: Side, buckets: i32): u32 {
  found = 0;
  const size = recordBytes(words);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const at = <usize>bucket << 2;
    const from = a.records + <usize>load<u32>(a.starts + at) * size;
    const to = a.records + <usize>load<u32>(a.starts + at, 4) * size;
    if (from == to) continue;
    let columns = b.records + <usize>load<u32>(b.starts + at) * size;
    const end = b.records + <usize>load<u32>(b.starts + at, 4) * size;
    if (threshold <= FILTER_THRESHOLD && to - from >= FILTER_ROWS * size) {
      for (; columns + LANES * size <= end; columns += LANES * size) {
        block(words, unit, from, to, columns);
      }
    }
    if (columns == end) continue;
    for (let p = from; p < to; p += size) row(words, unit, p, columns, end);
  }
  return found;
}

// @ts-ignore: decorator
@inline
function within(words: i32, unit: i32, a: Side, buckets: i32): u32 {
  found = 0;
  const size = recordBytes(words);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const at = <usize>bucket << 2;
    const from = a.records + <usize>load<u32>(a.starts + at) * size;
    let end = a.records + <usize>load<u32>(a.starts + at, 4) * size;
    if (threshold <= FILTER_THRESHOLD) {
      // The last columns first, 16 at a time, while enough rows stand before them.
      while (end - from >= (FILTER_ROWS + LANES) * size) {
        const columns = end - LANES * size;
        block(words, unit, from, columns, columns);
        triangle(words, unit, columns, end);
        end = columns;
      }
    }
    triangle(words, unit, from, end);
  }
  return found;
}

/** Joins each bucket of side a with that of side b. Returns the matches, also those left out. */
export function joinAcross(words: i32, unit: i32, a: Side, b: Side, buckets: i32): u32 {
  switch ((words << 1) | unit) {
    case 2:
      return across(1, 0, a, b, buckets);
    case 3:
      return across(1, 1, a, b, buckets);
    case 4:
      return across(2, 0, a, b, buckets);
    case 5:
      return across(2, 1, a, b, buckets);
    case 6:
      return across(3, 0, a, b, buckets);
    case 7:
      return across(3, 1, a, b, buckets);
    case 8:
      return across(4, 0, a, b, buckets);
    default:
      return across(4, 1, a, b, buckets);
  }
}

/** Joins each bucket with itself: pairs of two different records, once each. */
export function joinWithin(words: i32, unit: i32, a: Side, buckets: i32): u32 {
  switch ((words << 1) | unit) {
    case 2:
      return within(1, 0, a, buckets);
    case 3:
      return within(1, 1, a, buckets);
    case 4:
      return within(2, 0, a, buckets);
    case 5:
      return within(2, 1, a, buckets);
    case 6:
      return within(3, 0, a, buckets);
    case 7:
      return within(3, 1, a, buckets);
    case 8:
      return within(4, 0, a, buckets);
    default:
      return within(4, 1, a, buckets);
  }
}
