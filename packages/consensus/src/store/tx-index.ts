import type { TxResult } from '@semblance/chain/application';
import { concat, fromUint64, fromUtf8, toHex, toUint64 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { matches, tagsOf } from '../query/match.ts';
import type { Condition, Query } from '../query/parse.ts';
import type { BytesDatabase } from './environment.ts';
import { heightKey, positionKey, readPosition, type TxPosition } from './keys.ts';
import { decodeTxRecord } from './results-codec.ts';

/*
 * An inverted index: hash of "type.key=value" || height -> places of the transactions in the block,
 * 4 bytes each. Equality is looked up in it; heights are compared on the key; anything else is
 * decided on the stored events. Most attributes of a block are those of many of its transactions,
 * so that one entry a block is a fraction of one a transaction.
 */

export interface TxIndex {
  /** Where a transaction was executed; the last time, if several. */
  positionOf(txHash: Uint8Array): TxPosition | undefined;
  /** Positions of the transactions that match, in the order of execution. */
  search(query: Query): TxPosition[];
}

/** Candidates that one search may look at, so that a broad query cannot hold the process. */
const MAX_CANDIDATES = 100_000;

/** What a block adds to the index: its transactions by their hashes and attributes. */
export function* indexEntries(
  height: bigint,
  txHashes: readonly Uint8Array[],
  results: readonly TxResult[],
): Iterable<readonly [key: Uint8Array, places: Buffer]> {
  const places = new Map<string, number[]>();
  const add = (name: string, place: number) => {
    const known = places.get(name);
    if (known === undefined) places.set(name, [place]);
    else if (known.at(-1) !== place) known.push(place);
  };
  for (const [place, hash] of txHashes.entries()) {
    add(`tx.hash=${toHex(hash)}`, place);
    for (const { type, attributes } of results[place]?.events ?? []) {
      for (const { key, value } of attributes) add(`${type}.${key}=${value}`, place);
    }
  }
  const suffix = fromUint64(height);
  for (const [name, of] of places) yield [concat(attributeKey(name), suffix), encodePlaces(of)];
}

/** Ascending places as big-endian 32-bit numbers. */
function encodePlaces(places: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * places.length);
  for (const [i, place] of places.entries()) bytes.writeUInt32BE(place, 4 * i);
  return bytes;
}

function decodePlaces(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32BE(4 * i));
}

export function txIndex(attributes: BytesDatabase, txs: BytesDatabase): TxIndex {
  return {
    positionOf(txHash) {
      const prefix = equalityKey('tx.hash', toHex(txHash));
      const start = concat(prefix, fromUint64(MAX_HEIGHT));
      const last = { start, end: concat(prefix, fromUint64(0n)), reverse: true, limit: 1 };
      for (const { key, value } of attributes.getRange(last)) {
        return { height: toUint64(key, prefix.length), index: decodePlaces(value).at(-1) ?? 0 };
      }
      return undefined;
    },
    search(query) {
      const plan = planOf(query);
      const found: TxPosition[] = [];
      let looked = 0;
      for (const position of candidates(plan, attributes, txs)) {
        if (++looked > MAX_CANDIDATES) throw new InvalidInputError('query', 'too broad');
        if (isMatch(plan, position, attributes, txs)) found.push(position);
      }
      return found;
    },
  };
}

type HeightCondition = Extract<Condition, { integer: bigint }>;

interface Plan {
  readonly equalities: readonly Uint8Array[];
  readonly others: Query;
  /** Heights that all conditions on `tx.height` allow. */
  readonly from: bigint;
  /** First height beyond. */
  readonly to: bigint;
}

const MAX_HEIGHT = (1n << 63n) - 1n;

function planOf(query: Query): Plan {
  const equalities: Uint8Array[] = [];
  const heights: HeightCondition[] = [];
  const others: Condition[] = [];
  for (const condition of query) {
    const height = heightCondition(condition);
    if (height !== undefined) heights.push(height);
    else if (condition.operator === '=' && 'text' in condition) {
      equalities.push(equalityKey(condition.key, condition.text));
    } else others.push(condition);
  }
  return { equalities, others, ...heightRange(heights) };
}

/** `tx.height='5'` means the same as `tx.height=5`. */
function heightCondition(condition: Condition): HeightCondition | undefined {
  if (condition.key !== 'tx.height') return undefined;
  if ('integer' in condition) return condition;
  if (condition.operator !== '=' || !/^\d{1,18}$/.test(condition.text)) {
    throw new InvalidInputError('query', 'tx.height compares with integers only');
  }
  return { key: condition.key, operator: '=', integer: BigInt(condition.text) };
}

function heightRange(heights: readonly HeightCondition[]): { from: bigint; to: bigint } {
  let from = 1n;
  let to = MAX_HEIGHT;
  for (const { operator, integer } of heights) {
    if (integer > MAX_HEIGHT - 2n) throw new InvalidInputError('query', 'no such height');
    const low = operator === '=' || operator === '>=' ? integer : integer + 1n;
    if ((operator === '=' || operator.startsWith('>')) && low > from) from = low;
    const high = operator === '<' ? integer : integer + 1n;
    if ((operator === '=' || operator.startsWith('<')) && high < to) to = high;
  }
  return { from, to };
}

function* candidates(
  plan: Plan,
  attributes: BytesDatabase,
  txs: BytesDatabase,
): Iterable<TxPosition> {
  const [prefix] = plan.equalities;
  if (prefix === undefined) {
    const range = { start: heightKey(plan.from), end: heightKey(plan.to) };
    for (const key of txs.getKeys(range)) yield readPosition(key);
    return;
  }
  const start = concat(prefix, fromUint64(plan.from));
  const end = concat(prefix, fromUint64(plan.to));
  for (const { key, value } of attributes.getRange({ start, end })) {
    const height = toUint64(key, prefix.length);
    for (const index of decodePlaces(value)) yield { height, index };
  }
}

function isMatch(
  { equalities, others }: Plan,
  position: TxPosition,
  attributes: BytesDatabase,
  txs: BytesDatabase,
): boolean {
  return (
    equalities.slice(1).every((attribute) => isListed(attributes, attribute, position)) &&
    (others.length === 0 || matchesEvents(others, txs.getBinary(positionKey(position))))
  );
}

function isListed(
  attributes: BytesDatabase,
  attribute: Uint8Array,
  { height, index }: TxPosition,
): boolean {
  const places = attributes.getBinary(concat(attribute, fromUint64(height)));
  return places !== undefined && decodePlaces(places).includes(index);
}

function matchesEvents(query: Query, record: Uint8Array | undefined): boolean {
  return record !== undefined && matches(query, tagsOf(decodeTxRecord(record).result.events));
}

function equalityKey(key: string, value: string): Uint8Array {
  return attributeKey(`${key}=${key === 'tx.hash' ? value.toLowerCase() : value}`);
}

/** 20 bytes of hash: long values fit, and nobody finds two that meet. */
function attributeKey(name: string): Uint8Array {
  return sha256(fromUtf8(name)).subarray(0, 20);
}
