/*
 * Counting sort of hashes by the value of one segment of theirs, so that hashes which agree on the
 * segment stand together. A set streams through in blocks, of which one part's hashes are gathered
 * as records; these are counted into buckets and placed.
 *
 * A record is a hash, the number it has in its set (u32) and how often it occurs (u32).
 */

/** Records in bucket order: bucket b holds those from starts[b] to starts[b + 1]. */
@unmanaged
export class Side {
  records: usize;
  /** u32, two more than there are buckets: the last one is needed while sorting only. */
  starts: usize;
}

// @ts-ignore: decorator
@inline
export function recordBytes(words: i32): usize {
  return (<usize>words << 3) + 8;
}

/** How a segment's values fall into buckets. */
@unmanaged
export class Sorting {
  /** `words` words, ones where the segment is; all zeros put every hash into bucket 0. */
  mask: usize;
  /** 31 less the log2 of the number of buckets. */
  shift: u32;
  /** log2 of the number of buckets a part. */
  partBits: u32;
  /** The part to gather. */
  part: u32;
}

/**
 * A bucket number of 31 bits, a function of the masked bits alone; its upper bits are the best
 * mixed. Hashes with different segments may share a bucket, which costs time and nothing else.
 */
// @ts-ignore: decorator
@inline
function bucketOf(words: i32, p: usize, mask: usize): u32 {
  let mixed: u64 = 0;
  for (let offset: usize = 0; offset < <usize>words << 3; offset += 8) {
    mixed = (mixed ^ (load<u64>(p + offset) & load<u64>(mask + offset))) * 0x9e3779b97f4a7c15;
    mixed ^= mixed >> 32;
  }
  return <u32>((mixed * 0xd1342543de82ef95) >> 33);
}

/**
 * Writes the records of those hashes of a block that belong to the part, and returns how many.
 * There must be room for the whole block: no branch, since which part is next cannot be predicted.
 */
export function gather(
  words: i32,
  block: usize,
  weights: usize,
  firstId: u32,
  count: i32,
  sorting: Sorting,
  records: usize,
): u32 {
  const size = <usize>words << 3;
  const mask = sorting.mask;
  const shift = sorting.shift + sorting.partBits;
  const part = sorting.part;
  let record = records;
  for (let i = 0; i < count; i++) {
    const p = block + <usize>i * size;
    for (let offset: usize = 0; offset < size; offset += 8) {
      store<u64>(record + offset, load<u64>(p + offset));
    }
    store<u32>(record + size, firstId + i);
    store<u32>(record + size, load<u32>(weights + (<usize>i << 2)), 4);
    const kept = bucketOf(words, p, mask) >> shift == part;
    record += kept ? recordBytes(words) : 0;
  }
  return <u32>((record - records) / recordBytes(words));
}

/** Sorts `count` records of one part into `side`, whose starts are zeros. */
export function sortIntoBuckets(
  words: i32,
  records: usize,
  count: i32,
  sorting: Sorting,
  side: Side,
): void {
  const size = recordBytes(words);
  const end = records + <usize>count * size;
  const mask = sorting.mask;
  const shift = sorting.shift;
  const inPart = (<u32>1 << sorting.partBits) - 1;
  const starts = side.starts;
  for (let p = records; p < end; p += size) {
    const bucket = <usize>((bucketOf(words, p, mask) >> shift) & inPart);
    const counter = starts + (bucket << 2);
    store<u32>(counter, load<u32>(counter, 8) + 1, 8);
  }
  let sum: u32 = 0;
  for (let p = starts + 8, last = p + (<usize>inPart << 2); p <= last; p += 4) {
    sum += load<u32>(p);
    store<u32>(p, sum);
  }
  // Now starts[bucket + 1] is where a bucket starts; placing moves it to where the next one does.
  for (let p = records; p < end; p += size) {
    const bucket = <usize>((bucketOf(words, p, mask) >> shift) & inPart);
    const cursor = starts + (bucket << 2);
    const at = load<u32>(cursor, 4);
    store<u32>(cursor, at + 1, 4);
    const to = side.records + <usize>at * size;
    for (let offset: usize = 0; offset < size; offset += 8) {
      store<u64>(to + offset, load<u64>(p + offset));
    }
  }
}
