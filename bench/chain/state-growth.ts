import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApplication } from '@semblance/chain/app';
import { LmdbStore } from '@semblance/consensus/lmdb-store';
import { toBech32 } from '@semblance/core/bech32';
import { fromUint64 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { sendMessage, signedTx } from '../../packages/chain/test/support/tx.ts';
import { type Wallet, wallet } from '../../packages/chain/test/support/wallet.ts';
import { openDatabase, openEnvironment } from '../../packages/consensus/src/store/environment.ts';
import { type Spread, spread } from './percentile.ts';

/*
 * What a chain of so many accounts costs: the application over its database, without an engine, in
 * blocks of transfers among accounts drawn at random. Run as a process of its own, which prints JSON:
 *
 *   node state-growth.ts ACCOUNTS
 */

const CHAIN_ID = 'semblance-bench-4';
const TRANSFERS = 500;
/** Past one checkpoint of the trees, which is at every hundredth block. */
const BLOCKS = 120;
/** Accounts whose keys are made. Addresses are hashes, so that these lie anywhere among all. */
const SENDERS = 10_000;
const START_MS = 1_700_000_000_000n;

export interface GrowthResult {
  readonly accounts: number;
  readonly transfersPerBlock: number;
  readonly blocks: number;
  readonly genesisSeconds: number;
  /** Of one transaction. */
  readonly checkMs: Spread;
  readonly finalizeMs: Spread;
  readonly commitMs: Spread;
  readonly diskMiB: { readonly afterGenesis: number; readonly afterBlocks: number };
  readonly rssMiB: number;
}

const accounts = Number(process.argv[2]);
const home = mkdtempSync(join(tmpdir(), 'semblance-growth-'));
try {
  process.stdout.write(`${JSON.stringify(await measure())}\n`);
} finally {
  rmSync(home, { recursive: true });
}

async function measure(): Promise<GrowthResult> {
  const environment = openEnvironment(home);
  const app = createApplication({ store: new LmdbStore(openDatabase(environment, 'state')) });
  const senders = Array.from({ length: Math.min(accounts, SENDERS) }, (_, i) => wallet(`s${i}`));
  const sequences = senders.map(() => 0n);
  const started = performance.now();
  app.initChain(genesis(senders));
  const genesisSeconds = (performance.now() - started) / 1000;
  const afterGenesis = diskMiB();

  const draw = drawer();
  const check: number[] = [];
  const finalize: number[] = [];
  const commit: number[] = [];
  for (let height = 1n; height <= BLOCKS; height++) {
    const txs = Array.from({ length: TRANSFERS }, () => {
      const from = draw(senders.length);
      const sequence = sequences[from] as bigint;
      sequences[from] = sequence + 1n;
      return transfer(
        senders[from] as Wallet,
        BigInt(from),
        sequence,
        addressAt(draw(accounts), senders),
      );
    });
    check.push(timed(() => requireAll(txs.map((tx) => app.checkTx(tx)))) / TRANSFERS);
    const block = {
      height,
      timeMs: START_MS + 1000n * height,
      proposer: new Uint8Array(20),
      lastCommit: [],
      misbehavior: [],
      txs,
    };
    finalize.push(timed(() => requireAll(app.finalizeBlock(block).txResults)));
    commit.push(timed(() => app.commit()));
  }
  const result = {
    accounts,
    transfersPerBlock: TRANSFERS,
    blocks: BLOCKS,
    genesisSeconds,
    checkMs: spread(check),
    finalizeMs: spread(finalize),
    commitMs: spread(commit),
    diskMiB: { afterGenesis, afterBlocks: diskMiB() },
    rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
  };
  await environment.close();
  return result;
}

function genesis(senders: readonly Wallet[]) {
  const balances = Array.from({ length: accounts }, (_, i) => ({
    address: addressAt(i, senders),
    coins: [{ denom: 'usem', amount: '100000000' }],
  }));
  return {
    chainId: CHAIN_ID,
    timeMs: START_MS,
    block: { maxBytes: 4_194_304n, maxGas: -1n },
    validators: [],
    appState: {
      auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
      bank: { balances },
      staking: { validators: [] },
      ml: {},
    },
  };
}

function addressAt(i: number, senders: readonly Wallet[]): string {
  return senders[i]?.address ?? toBech32('sem', sha256(fromUint64(BigInt(i))).slice(0, 20));
}

function transfer(from: Wallet, accountNumber: bigint, sequence: bigint, to: string): Uint8Array {
  const message = sendMessage(from.address, to, 1n);
  const signer = { wallet: from, accountNumber, sequence };
  return signedTx([message], [signer], { chainId: CHAIN_ID, gas: 200_000n });
}

/** The same draws in every run. */
function drawer(): (below: number) => number {
  let n = 0n;
  return (below) => {
    const bytes = sha256(fromUint64(n++));
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) % below;
  };
}

function requireAll(results: readonly { readonly code: number; readonly log: string }[]): void {
  const refused = results.find(({ code }) => code !== 0);
  if (refused !== undefined) throw new Error(refused.log);
}

function timed(act: () => void): number {
  const started = performance.now();
  act();
  return performance.now() - started;
}

function diskMiB(): number {
  const bytes = readdirSync(home).reduce((sum, name) => sum + statSync(join(home, name)).size, 0);
  return Number((bytes / 2 ** 20).toFixed(1));
}
