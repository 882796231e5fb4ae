import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createApplication } from '@semblance/chain/app';
import { createMemoryStore } from '@semblance/chain/memory-store';
import { startApi } from '@semblance/consensus/api';
import { createGenesis, genesisValidator } from '@semblance/consensus/genesis';
import { startSolo } from '@semblance/consensus/solo';
import { generateValidatorKey } from '@semblance/consensus/validator-key';
import { SemblanceError } from '@semblance/core/errors';
import { genesisOf } from '../../packages/chain/test/support/chain.ts';
import { FUNDED, mlGenesis } from '../../packages/chain/test/support/ml.ts';
import { serveAbci } from '../../packages/consensus/src/abci/server.ts';

/*
 * All that a chain listens on, in a process of its own: `target.ts <directory>`. Prints the addresses
 * as JSON once they are served, and for each line that it reads the bytes that it holds. Makes no block
 * that nobody asks for.
 */

export interface Target {
  readonly rpc: string;
  readonly rest: string;
  readonly grpc: string;
  readonly abci: string;
}

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const CHAIN_ID = 'semblance-test-1';
const [directory = ''] = process.argv.slice(2);
const validatorKey = generateValidatorKey();
const appState = genesisOf({ balances: FUNDED, ml: mlGenesis(), staking: { validators: [] } });
const chain = await startSolo({
  home: join(directory, 'solo'),
  validatorKey,
  rpc: LOOPBACK,
  emptyBlockMs: 3_600_000,
  genesis: createGenesis({
    chainId: CHAIN_ID,
    timeMs: 1_700_000_000_000n,
    validators: [genesisValidator(validatorKey.publicKey)],
    appState,
  }),
});
const report = (error: unknown) => process.stderr.write(`${String(error)}\n`);
const api = await startApi({ call: chain.call, report, rest: LOOPBACK, grpc: LOOPBACK });
const app = createApplication({ store: createMemoryStore() });
app.initChain({
  chainId: CHAIN_ID,
  timeMs: 1_700_000_000_000n,
  block: { maxBytes: 4_194_304n, maxGas: -1n },
  validators: [],
  appState,
});
const abci = await serveAbci(app, {
  address: 'tcp://127.0.0.1:0',
  maxFrameBytes: 4 << 20,
  report: () => {}, // what makes no sense is what is sent here
  // A wrong block, for one, stops a validator, whose engine alone can send it: not so here.
  onFailure: (error) => {
    if (!(error instanceof SemblanceError)) report(error);
  },
});
const target: Target = {
  rpc: chain.rpcUrl,
  rest: api.restUrl,
  grpc: api.grpcUrl,
  abci: abci.address,
};
process.stdout.write(`${JSON.stringify(target)}\n`);
createInterface(process.stdin).on('line', () => process.stdout.write(`${heldBytes()}\n`));

/** What is left when all garbage is gone: this process runs with `--expose-gc`. */
function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
