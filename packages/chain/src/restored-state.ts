import { compare, toUtf8 } from '@semblance/core/bytes';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import type { Genesis } from './application.ts';
import {
  type ChainParams,
  getChainParams,
  isGivenByGenesis,
  setGivenByGenesis,
} from './chain-params.ts';
import { checkParams } from './change-params.ts';
import { STATE_FORMAT } from './exported-state.ts';
import type { FirstState } from './first-state.ts';
import { checkSupply } from './genesis.ts';
import { readList, readObject, readString, readUint64 } from './genesis-json.ts';
import { brokenInvariants } from './invariants.ts';
import { getTotalSupply } from './modules/bank/keeper.ts';
import { consensusSet, type NamedValidator } from './modules/staking/consensus-set.ts';
import { readRemainingRecords } from './readable-records.ts';
import { createMemoryStore } from './store/memory-store.ts';
import { Overlay, type Reader } from './store/overlay.ts';
import { PREFIX, STORES } from './store/prefixes.ts';
import type { Change } from './store/store.ts';

/* A chain that goes on from the state of another one, which its genesis holds record by record. */

/** Longest key that a store takes. */
const MAX_KEY = 255;
/** What a tree's version is a number of. */
const MAX_HEIGHT = BigInt(Number.MAX_SAFE_INTEGER) - 1n;
const KNOWN_PREFIXES: ReadonlySet<number> = new Set(
  Object.values(PREFIX).filter((prefix) => prefix !== PREFIX.meta && prefix !== PREFIX.tree),
);

export interface RestoredState extends FirstState {
  readonly validators: readonly NamedValidator[];
}

/** Whether `app_state` holds the records of an exported state. */
export function isExportedState(appState: unknown): boolean {
  return typeof appState === 'object' && appState !== null && 'format' in appState;
}

/**
 * The state in a genesis, checked in full: every record's form and place, the parameters as those of
 * a new chain are, and all invariants; but not whether the engine names the same validators. Throws
 * InvalidInputError naming the field that is wrong.
 */
export function restoreState(genesis: Genesis): RestoredState {
  const app = readObject(genesis.appState, 'app_state', ['format', 'height', 'time_ms', 'stores']);
  if (app.format !== STATE_FORMAT) {
    throw new InvalidInputError('app_state.format', `not ${STATE_FORMAT}`);
  }
  checkBeginning(genesis, app);
  const state = createMemoryStore();
  state.write(readRecords(app.stores));
  const given = new Overlay(state);
  setGivenByGenesis(given, { chainId: genesis.chainId, maxBlockGas: genesis.block.maxGas });
  state.write(given.changes());
  const params = readable('app_state.stores.params', () => checkedParams(state));
  readable('app_state.stores.bank', () => checkSupply(params, getTotalSupply(state), 'supply'));
  readable('app_state.stores', () => readRemainingRecords(state, params));
  const [broken] = readable('app_state.stores', () => brokenInvariants(state));
  if (broken !== undefined) throw new InvalidInputError('app_state.stores', broken);
  const validators = consensusSet({ state, params });
  const entries = state.range(Uint8Array.of(1), Uint8Array.of(PREFIX.tree));
  return { params, entries, validators };
}

/** The new chain goes on where the old one stopped, so that heights and times in state stay true. */
function checkBeginning(
  { initialHeight = 1n, timeMs }: Genesis,
  app: Readonly<Record<string, unknown>>,
): void {
  const height = readRequired(app.height, 'app_state.height');
  if (height > MAX_HEIGHT) throw new InvalidInputError('app_state.height', 'too large');
  if (initialHeight !== height + 1n) {
    throw new InvalidInputError('initial_height', `not ${height + 1n}, after app_state.height`);
  }
  if (timeMs < readRequired(app.time_ms, 'app_state.time_ms')) {
    throw new InvalidInputError('genesis_time', 'before app_state.time_ms');
  }
}

function readRequired(value: unknown, path: string): bigint {
  return readUint64(readString(value, path), path, 0n);
}

/** All records, by ascending key. */
function readRecords(value: unknown): Change[] {
  const stores = readObject(
    value,
    'app_state.stores',
    STORES.map(({ name }) => name),
  );
  const changes: Change[] = [];
  for (const { name, group } of STORES) {
    let last = new Uint8Array();
    for (const [i, record] of readList(stores[name], `app_state.stores.${name}`).entries()) {
      const path = `app_state.stores.${name}[${i}]`;
      const change = readRecord(record, path);
      checkKey(change.key, group, path);
      if (compare(change.key, last) <= 0) {
        throw new InvalidInputError(path, 'not after the key before it');
      }
      last = change.key;
      changes.push(change);
    }
  }
  return changes;
}

function readRecord(
  record: unknown,
  path: string,
): { key: Uint8Array<ArrayBuffer>; value: Uint8Array } {
  const [key, value, ...more] = readList(record ?? null, path);
  if (more.length > 0) throw new InvalidInputError(path, 'more than a key and a value');
  return { key: readBase64(key, path), value: readBase64(value, path) };
}

function readBase64(value: unknown, path: string): Uint8Array<ArrayBuffer> {
  const text = readString(value, path);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new InvalidInputError(path, 'not base64');
  return new Uint8Array(bytes);
}

function checkKey(key: Uint8Array, group: number, path: string): void {
  const [prefix] = key;
  if (prefix === undefined || key.length > MAX_KEY) {
    throw new InvalidInputError(path, `a key is 1 to ${MAX_KEY} bytes`);
  }
  if (prefix >> 4 !== group) throw new InvalidInputError(path, 'a key of another store');
  if (!KNOWN_PREFIXES.has(prefix)) throw new InvalidInputError(path, 'no kind of record');
  if (isGivenByGenesis(key)) {
    throw new InvalidInputError(path, `${toUtf8(key.subarray(1))} is what genesis itself says`);
  }
}

function checkedParams(state: Reader): ChainParams {
  const params = getChainParams(state) as ChainParams;
  checkParams(params);
  return params;
}

/** What cannot be read, for whatever reason, makes no genesis. */
function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const known = cause instanceof SemblanceError || cause instanceof RangeError;
    const reason = known ? cause.message : 'a record cannot be read';
    throw new InvalidInputError(path, reason, { cause });
  }
}
