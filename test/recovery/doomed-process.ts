import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createApplication } from '@semblance/chain/app';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { readGenesis } from '@semblance/consensus/genesis';
import { startValidator } from '@semblance/consensus/validator';
import { parseValidatorKey } from '@semblance/consensus/validator-key';
import { runSolo } from '../../packages/consensus/src/solo/run.ts';
import { recorded } from './recording.ts';
import { doomed, type Stage } from './stages.ts';

/*
 * A chain in a process of its own that ends by `kill -9` at a stage, or lives on if that is empty:
 * `doomed-process.ts ENGINE HOME RECORDING STAGE`. It is doomed once a line comes over standard input,
 * or from the start if that is closed.
 */

const [engine, home = '', recording = '', stage = ''] = process.argv.slice(2);
let isArmed = false;
const arm = () => {
  isArmed = true;
};
createInterface({ input: process.stdin }).once('line', arm).once('close', arm);

const create =
  stage === ''
    ? createApplication
    : doomed(createApplication, {
        stage: stage as Stage,
        snapshots: join(home, 'application', 'snapshots'),
        isArmed: () => isArmed,
      });
const url = engine === 'solo' ? await startEmbedded() : await startUnderCometBft();
process.stdout.write(`${url}\n`);

async function startEmbedded(): Promise<string> {
  const genesis = readGenesis(join(home, 'config', 'genesis.json'));
  const key = readFileSync(join(home, 'config', 'priv_validator_key.json'), 'utf8');
  const { rpcUrl } = await runSolo(
    {
      home: join(home, 'solo'),
      genesis,
      validatorKey: parseValidatorKey(key),
      rpc: { host: '127.0.0.1', port: 0 },
      emptyBlockMs: 5,
    },
    (store) => recorded(create({ store, chainId: genesis.chain_id }), recording),
  );
  return rpcUrl;
}

async function startUnderCometBft(): Promise<string> {
  const { rpcUrl } = await startValidator(
    { home, binary: findEngine().path, snapshotEvery: 100n },
    (options) => recorded(create(options), recording),
  );
  return rpcUrl;
}
