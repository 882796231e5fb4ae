import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExportedState, exportState } from '@semblance/chain/exported-state';
import { restoreState } from '@semblance/chain/restored-state';
import { ConsensusError } from './errors.ts';
import { type GenesisJson, MAX_GENESIS_BYTES, parseGenesis, validatorJson } from './genesis.ts';
import { lockHome } from './home-lock.ts';
import { openDatabase, openEnvironment } from './store/environment.ts';
import { LmdbStore } from './store/lmdb-store.ts';

export interface GenesisExport {
  /** Directory whose `data` holds the state. Nobody may be running it: the export would be of the past. */
  readonly home: string;
  /** From which the chain came. */
  readonly genesis: GenesisJson;
  /** Of the new chain. Default: the same. */
  readonly chainId?: string | undefined;
  /** The embedded engine, whose one signer stays the one. Default: all whom state names. */
  readonly keepSigner?: true;
}

/**
 * A genesis from which a chain goes on with the whole state of this one, at the next height and not
 * before the time of its last block. It is checked as it will be when the new chain starts.
 */
export async function exportGenesis(options: GenesisExport): Promise<GenesisJson> {
  const { genesis, chainId = genesis.chain_id } = options;
  const state = await readState(options.home);
  const exported = {
    ...genesis,
    genesis_time: new Date(Number(state.time_ms)).toISOString(),
    chain_id: chainId,
    initial_height: String(BigInt(state.height) + 1n),
    app_hash: '',
    app_state: state,
  };
  const { validators } = restoreState(parseGenesis(exported));
  if (options.keepSigner || validators.length === 0) return exported;
  return {
    ...exported,
    validators: validators.map(({ moniker, ...one }) => validatorJson({ ...one, name: moniker })),
  };
}

async function readState(home: string): Promise<ExportedState> {
  const data = join(home, 'data');
  if (!existsSync(join(data, 'data.mdb'))) {
    throw new ConsensusError('NO_STATE', `${home} holds no state of a chain`, { home });
  }
  const unlock = lockHome(home);
  try {
    const environment = openEnvironment(data);
    try {
      return exportState(new LmdbStore(openDatabase(environment, 'state')));
    } finally {
      await environment.close();
    }
  } finally {
    unlock();
  }
}

/** Text that is collected before it is written. */
const PIECE = 1 << 20;

/**
 * Writes the file, a record a line; refuses to replace one that is there, and to leave one that is
 * too large to start from.
 */
export function writeExportedGenesis(path: string, genesis: GenesisJson): void {
  const file = openSync(path, 'wx');
  try {
    let bytes = 0;
    for (const piece of pieces(lines(genesis))) {
      bytes += Buffer.byteLength(piece);
      writeFileSync(file, piece);
      if (bytes > MAX_GENESIS_BYTES) {
        const message = `the state makes a genesis of more than ${MAX_GENESIS_BYTES} bytes`;
        throw new ConsensusError('STATE_TOO_LARGE', message, { limit: MAX_GENESIS_BYTES });
      }
    }
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    closeSync(file);
    rmSync(path);
    throw error;
  }
}

function* pieces(text: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of text) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function* lines({ app_state: appState, ...around }: GenesisJson): Generator<string> {
  const { stores, ...about } = appState as ExportedState;
  yield `${JSON.stringify(around, undefined, 2).slice(0, -2)},\n`;
  yield `  "app_state": ${JSON.stringify(about).slice(0, -1)},"stores":{`;
  let first = true;
  for (const [name, records] of Object.entries(stores)) {
    yield `${first ? '' : ','}\n${JSON.stringify(name)}:[`;
    first = false;
    for (const [i, record] of records.entries())
      yield `${i === 0 ? '' : ','}\n${JSON.stringify(record)}`;
    yield ']';
  }
  yield '\n}}\n}\n';
}
