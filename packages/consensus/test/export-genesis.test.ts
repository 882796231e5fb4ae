import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApplication } from '@semblance/chain/app';
import { beforeAll, describe, expect, it } from 'vitest';
import { genesisOf, genesisValidator as stakeOf } from '../../chain/test/support/chain.ts';
import { FUNDED, mlGenesis } from '../../chain/test/support/ml.ts';
import { wallet } from '../../chain/test/support/wallet.ts';
import { exportGenesis, writeExportedGenesis } from '../src/export-genesis.ts';
import {
  createGenesis,
  type GenesisJson,
  MAX_GENESIS_BYTES,
  parseGenesis,
  readGenesis,
} from '../src/genesis.ts';
import { startSolo } from '../src/solo.ts';
import { openDatabase, openEnvironment } from '../src/store/environment.ts';
import { LmdbStore } from '../src/store/lmdb-store.ts';
import { generateValidatorKey } from '../src/validator-key.ts';
import { rpc as rpcAt, temporaryHome } from './fixtures/solo.ts';

const validatorKey = generateValidatorKey();
const stake = {
  ...stakeOf(wallet('one')),
  consensus_pubkey: Buffer.from(validatorKey.publicKey).toString('base64'),
};
const genesis = createGenesis({
  chainId: 'semblance-export-1',
  timeMs: 1_700_000_000_123n,
  validators: [{ publicKey: validatorKey.publicKey, power: 10n, name: 'first' }],
  appState: genesisOf({ balances: FUNDED, ml: mlGenesis(), staking: { validators: [stake] } }),
});

/** A chain that has made some blocks and stands. */
async function standingChain(home: string): Promise<void> {
  const rpc = { host: '127.0.0.1', port: 0 };
  const chain = await startSolo({ home, genesis, validatorKey, rpc, emptyBlockMs: 5 });
  const height = async () => {
    const { result } = await rpcAt(chain.rpcUrl, 'status');
    return Number(result.sync_info.latest_block_height);
  };
  while ((await height()) < 5) await new Promise((resolve) => setImmediate(resolve));
  await chain.stop();
}

/** A home that holds what a genesis comes to, and no block. */
async function begin(from: GenesisJson): Promise<string> {
  const home = temporaryHome();
  const environment = openEnvironment(join(home, 'data'));
  createApplication({ store: new LmdbStore(openDatabase(environment, 'state')) }).initChain(
    parseGenesis(from),
  );
  await environment.close();
  return home;
}

describe('an exported genesis', () => {
  let exported: GenesisJson;
  let file: string;

  beforeAll(async () => {
    const home = mkdtempSync(join(tmpdir(), 'semblance-export-'));
    await standingChain(home);
    exported = await exportGenesis({ home, genesis, chainId: 'semblance-export-2' });
    file = join(home, 'genesis.json');
    writeExportedGenesis(file, exported);
    return () => rmSync(home, { recursive: true });
  });

  it('is read back, and written again is the same to the byte', async () => {
    const again = readGenesis(file);
    expect(again).toEqual(exported);
    const home = await begin(again);
    const second = join(home, 'genesis.json');
    writeExportedGenesis(second, await exportGenesis({ home, genesis: again }));
    expect(readFileSync(second).equals(readFileSync(file))).toBe(true);
  });

  it('goes on after the last block, with the validators of the state', () => {
    expect(exported).toMatchObject({
      chain_id: 'semblance-export-2',
      app_hash: '',
      consensus_params: genesis.consensus_params,
      validators: [{ power: '10', name: 'one' }],
    });
    expect(Number(exported.initial_height)).toBeGreaterThan(5);
    expect(Date.parse(exported.genesis_time)).toBeGreaterThan(Date.parse(genesis.genesis_time));
  });

  it('has one record a line', () => {
    const records = Object.values((exported.app_state as { stores: object }).stores).flat();
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith('["'))).toHaveLength(records.length);
  });

  it('takes the place of no file, and leaves none behind when it is too large', () => {
    expect(() => writeExportedGenesis(file, exported)).toThrow(/EEXIST/);
    const value = 'A'.repeat(1_000_000);
    const records = Array.from({ length: 260 }, (_, i) => [String(i), value]);
    const huge = { ...exported, app_state: { stores: { ml: records } } };
    const home = temporaryHome();
    expect(() => writeExportedGenesis(join(home, 'huge.json'), huge)).toThrow(
      /more than 250000000/,
    );
    expect(readdirSync(home)).toEqual([]);
  });

  it('needs a state, and one that holds', async () => {
    const home = temporaryHome();
    await expect(exportGenesis({ home, genesis })).rejects.toMatchObject({ code: 'NO_STATE' });
    const broken = await begin(genesis);
    const environment = openEnvironment(join(broken, 'data'));
    // A balance less.
    const store = new LmdbStore(openDatabase(environment, 'state'));
    for (const [key] of store.range(Uint8Array.of(0x20), Uint8Array.of(0x21))) {
      store.write([{ key, value: undefined }]);
      break;
    }
    await environment.close();
    await expect(exportGenesis({ home: broken, genesis })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('app_state.stores: bank: the supply'),
    });
  });
});

describe('a genesis file', () => {
  it('of more than can be read is refused before it is', () => {
    const path = join(temporaryHome(), 'genesis.json');
    writeFileSync(path, '');
    truncateSync(path, MAX_GENESIS_BYTES + 1);
    expect(() => readGenesis(path)).toThrow(/no file of 250000000 bytes or less/);
  });

  it('that is none is refused', () => {
    expect(() => readGenesis('/dev/zero')).toThrow(/no file of/);
    expect(() => readGenesis(temporaryHome())).toThrow(/no file of/);
  });
});
