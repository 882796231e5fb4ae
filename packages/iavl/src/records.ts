import { TreeError } from './errors.ts';
import { uvarintLength, VarintReader, writeUvarint } from './varint.ts';

/** A record of a tree: its new value, or its removal. */
export interface RecordChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * Where the records of one tree are kept. A tree only reads here; what it wants written it hands
 * out as changes, so that they can be part of a larger database transaction. Keys are at most 13
 * bytes.
 */
export interface Records {
  get(key: Uint8Array): Uint8Array | undefined;
}

/** One key's new value, or its removal. Keys are not empty. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** First byte of a record's key. */
const KIND = { checkpoint: 0, log: 1, orphans: 2, node: 3 } as const;

/** Identity of a saved node: the version that made it, and a number that differs among its nodes. */
export interface NodeId {
  readonly version: number;
  readonly nonce: number;
}

/** Big-endian, so that new nodes lie behind the others. */
export function nodeKey(version: number, nonce: number): Uint8Array {
  const key = new Uint8Array(13);
  key[0] = KIND.node;
  putNumber(key, 1, version, 8);
  putNumber(key, 9, nonce, 4);
  return key;
}

/** Holds the changes of a version after the checkpoint. */
export function logKey(version: number): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = KIND.log;
  putNumber(key, 1, version, 8);
  return key;
}

/** Lists the nodes of the checkpoint before the last that are not in the last one. */
export const ORPHANS_KEY = Uint8Array.of(KIND.orphans);

const CHECKPOINT_KEY = Uint8Array.of(KIND.checkpoint);

/** The last version of which all nodes are saved. */
export interface Checkpoint {
  readonly version: number;
  /** Undefined of an empty tree. */
  readonly root: NodeId | undefined;
}

export function readCheckpoint(records: Records): Checkpoint | undefined {
  const bytes = records.get(CHECKPOINT_KEY);
  if (bytes === undefined) return undefined;
  return decode('the checkpoint', () => {
    const reader = new VarintReader(bytes);
    const version = reader.uvarint();
    return { version, root: reader.isAtEnd ? undefined : readId(reader) };
  });
}

export function checkpointChange({ version, root }: Checkpoint): RecordChange {
  const bytes = new Uint8Array(24);
  let end = writeUvarint(bytes, 0, version);
  if (root !== undefined) end = writeId(bytes, end, root);
  return { key: CHECKPOINT_KEY, value: bytes.slice(0, end) };
}

export function encodeIds(ids: readonly NodeId[]): Uint8Array {
  const bytes = new Uint8Array(16 * ids.length);
  let end = 0;
  for (const id of ids) end = writeId(bytes, end, id);
  return bytes.slice(0, end);
}

export function decodeIds(bytes: Uint8Array): NodeId[] {
  return decode('a list of nodes', () => {
    const reader = new VarintReader(bytes);
    const ids: NodeId[] = [];
    while (!reader.isAtEnd) ids.push(readId(reader));
    return ids;
  });
}

const REMOVED = 0;
const SET = 1;

export function encodeLog(changes: readonly Change[]): Uint8Array {
  let length = 0;
  for (const { key, value } of changes) {
    length += 1 + fieldLength(key) + (value === undefined ? 0 : fieldLength(value));
  }
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const { key, value } of changes) {
    bytes[end++] = value === undefined ? REMOVED : SET;
    end = writeField(bytes, end, key);
    if (value !== undefined) end = writeField(bytes, end, value);
  }
  return bytes;
}

export function decodeLog(bytes: Uint8Array): Change[] {
  return decode('a log', () => {
    const reader = new VarintReader(bytes);
    const changes: Change[] = [];
    while (!reader.isAtEnd) {
      const isSet = reader.byte() === SET;
      changes.push({ key: reader.bytes(), value: isSet ? reader.bytes() : undefined });
    }
    return changes;
  });
}

/** Writes bytes after their length; returns the place behind them. */
export function writeField(bytes: Uint8Array, at: number, field: Uint8Array): number {
  const start = writeUvarint(bytes, at, field.length);
  bytes.set(field, start);
  return start + field.length;
}

const fieldLength = (field: Uint8Array) => uvarintLength(field.length) + field.length;

const readId = (reader: VarintReader): NodeId => ({
  version: reader.uvarint(),
  nonce: reader.uvarint(),
});

const writeId = (bytes: Uint8Array, at: number, { version, nonce }: NodeId): number =>
  writeUvarint(bytes, writeUvarint(bytes, at, version), nonce);

function decode<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new TreeError('CORRUPT_TREE', `${what} of a tree is unreadable`, {}, { cause });
  }
}

/** Big-endian, so that byte order is number order. */
function putNumber(bytes: Uint8Array, at: number, value: number, length: number): void {
  let rest = value;
  for (let i = at + length - 1; i >= at; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Records that live and die with the process. */
export function createMemoryRecords(): Records & { write(changes: readonly RecordChange[]): void } {
  const values = new Map<string, Uint8Array>();
  const nameOf = (key: Uint8Array) => String.fromCharCode(...key);
  return {
    get: (key) => values.get(nameOf(key)),
    write(changes) {
      for (const { key, value } of changes) {
        if (value === undefined) values.delete(nameOf(key));
        else values.set(nameOf(key), value);
      }
    },
  };
}
