import { TreeError } from './errors.ts';
import { VarintReader, writeUvarint } from './varint.ts';

/** A record of a tree: its new value, or its removal. */
export interface RecordChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * Where the records of one tree are kept: its nodes, the roots of its versions, and which nodes a
 * version left behind. A tree only reads here; what it wants written it hands out as changes, so
 * that they can be part of a larger database transaction. Keys are at most 13 bytes.
 */
export interface Records {
  get(key: Uint8Array): Uint8Array | undefined;
}

/** First byte of a record's key. */
const KIND = { head: 0, root: 1, orphans: 2, node: 3 } as const;

/** Identity of a saved node: the version that made it and its number there, the root's being 1. */
export interface NodeId {
  readonly version: number;
  readonly nonce: number;
}

/** 13 bytes, so that nodes lie by version: new ones at the end. */
export function nodeRecordKey(version: number, nonce: number): Uint8Array {
  const key = new Uint8Array(13);
  key[0] = KIND.node;
  putNumber(key, 1, version, 8);
  putNumber(key, 9, nonce, 4);
  return key;
}

/** Holds the id of a version's root; nothing when that version is empty. */
export const rootRecordKey = (version: number): Uint8Array => versionKey(KIND.root, version);

/** Lists the nodes that are in the version before this one and not in this one. */
export const orphansRecordKey = (version: number): Uint8Array => versionKey(KIND.orphans, version);

const HEAD_KEY = Uint8Array.of(KIND.head);

/** The versions that there are: all from `oldest` to `latest`. */
export interface Head {
  readonly latest: number;
  readonly oldest: number;
}

export function readHead(records: Records): Head | undefined {
  const bytes = records.get(HEAD_KEY);
  if (bytes === undefined) return undefined;
  const [head] = decodeIds(bytes);
  if (head === undefined) throw new TreeError('CORRUPT_TREE', 'a tree has no head', {});
  return { latest: head.version, oldest: head.nonce };
}

export function headChange({ latest, oldest }: Head): RecordChange {
  return { key: HEAD_KEY, value: encodeIds([{ version: latest, nonce: oldest }]) };
}

export function readRoot(records: Records, version: number): NodeId | undefined {
  const bytes = records.get(rootRecordKey(version));
  if (bytes === undefined) {
    throw new TreeError('CORRUPT_TREE', `version ${version} has no root`, { version });
  }
  return decodeIds(bytes)[0];
}

export function encodeIds(ids: readonly NodeId[]): Uint8Array {
  const bytes = new Uint8Array(16 * ids.length);
  let end = 0;
  for (const { version, nonce } of ids) {
    end = writeUvarint(bytes, end, version);
    end = writeUvarint(bytes, end, nonce);
  }
  return bytes.slice(0, end);
}

export function decodeIds(bytes: Uint8Array): NodeId[] {
  const reader = new VarintReader(bytes);
  const ids: NodeId[] = [];
  while (!reader.isAtEnd) ids.push({ version: reader.uvarint(), nonce: reader.uvarint() });
  return ids;
}

function versionKey(kind: number, version: number): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = kind;
  putNumber(key, 1, version, 8);
  return key;
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
