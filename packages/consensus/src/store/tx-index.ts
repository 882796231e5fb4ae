import type { ChainEvent } from '@semblance/chain/application';
import { concat, fromUtf8, toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { matches, tagsOf } from '../query/match.ts';
import type { Condition, Query } from '../query/parse.ts';
import type { BytesDatabase } from './environment.ts';
import { heightKey, positionKey, readPosition, type TxPosition } from './keys.ts';
import { decodeTxRecord } from './results-codec.ts';

/*
 * An inverted index: hash of "type.key=value" || position -> nothing. Equality is looked up in it;
 * heights are compared on the position; anything else is decided on the stored events.
 */

export interface TxIndex {
  /** Where a transaction was executed; the last time, if several. */
  positionOf(txHash: Uint8Array): TxPosition | undefined;
  /** Positions of the transactions that match, in the order of execution. */
  search(query: Query): TxPosition[];
}

/** Candidates that one search may look at, so that a broad query cannot hold the process. */
const MAX_CANDIDATES = 100_000;

/** Index keys of a transaction's hash and attributes, each once. */
export function attributeKeys(txHash: Uint8Array, events: readonly ChainEvent[]): Uint8Array[] {
  const names = new Set<string>([`tx.hash=${toHex(txHash)}`]);
  for (const { type, attributes } of events) {
    for (const { key, value } of attributes) names.add(`${type}.${key}=${value}`);
  }
  return Array.from(names, attributeKey);
}

export function txIndex(attributes: BytesDatabase, txs: BytesDatabase): TxIndex {
  return {
    positionOf(txHash) {
      const prefix = equalityKey('tx.hash', toHex(txHash));
      const start = concat(prefix, heightKey(MAX_HEIGHT));
      const last = { start, end: concat(prefix, heightKey(0n)), reverse: true, limit: 1 };
      for (const key of attributes.getKeys(last)) return readPosition(key, prefix.length);
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
  const [first] = plan.equalities;
  const prefix = first ?? new Uint8Array(0);
  const database = first === undefined ? txs : attributes;
  const start = concat(prefix, heightKey(plan.from));
  const end = concat(prefix, heightKey(plan.to));
  for (const key of database.getKeys({ start, end })) yield readPosition(key, prefix.length);
}

function isMatch(
  { equalities, others }: Plan,
  position: TxPosition,
  attributes: BytesDatabase,
  txs: BytesDatabase,
): boolean {
  const key = positionKey(position);
  return (
    equalities.slice(1).every((attribute) => attributes.doesExist(concat(attribute, key))) &&
    (others.length === 0 || matchesEvents(others, txs.getBinary(key)))
  );
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
