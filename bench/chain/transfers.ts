import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { CpuTime } from './cpu-time.ts';
import { APPLICATIONS, type ApplicationName, startEngines } from './engines.ts';
import type { LoadResult } from './load.ts';
import { CHAIN_ID, makeTransactions, type Transactions } from './transactions.ts';

const LOAD = fileURLToPath(new URL('load.ts', import.meta.url));
const WARM_UP = 1000;
const PACED = 300;
const PACED_RATE = 30;
const SATURATING = Number(process.env.BENCH_TXS ?? 8000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** The network's pace; both applications get the same. */
export const BLOCK_MS = 200;

export interface TransferRun {
  readonly application: ApplicationName;
  readonly validators: number;
  readonly perSecond: number;
  readonly saturated: LoadResult;
  /** Milliseconds of processor a saturating transfer took all validators. */
  readonly cpuMs: CpuTime;
  /** At a rate that leaves the machine idle. */
  readonly paced: LoadResult;
}

/** Alternates between the applications, each time on a chain from nothing. */
export async function transferRuns(validators: number): Promise<TransferRun[]> {
  const transactions = makeTransactions(WARM_UP + PACED + SATURATING);
  const runs: TransferRun[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const application of APPLICATIONS) {
      const run = await transfers(application, validators, transactions);
      process.stdout.write(
        `${application} x ${validators}: ${run.perSecond.toFixed(0)} a second, ${cpuText(run)}\n`,
      );
      runs.push(run);
    }
  }
  return runs;
}

/** Of the application, or nothing where it is inside the engine, and of the engine. */
function cpuText({ cpuMs: { application, engine } }: TransferRun): string {
  return `${application.toFixed(2)} + ${engine.toFixed(2)} ms of processor each`;
}

async function transfers(
  application: ApplicationName,
  validators: number,
  transactions: Transactions,
): Promise<TransferRun> {
  const engines = await startEngines({
    application,
    validators,
    chainId: CHAIN_ID,
    blockMs: BLOCK_MS,
    appState: application === 'kvstore' ? {} : transactions.appState,
  });
  try {
    const txs = transactions[application];
    await load(txs.slice(0, WARM_UP), 0, engines.rpcUrls);
    const paced = await load(txs.slice(WARM_UP, WARM_UP + PACED), PACED_RATE, engines.rpcUrls);
    const before = engines.cpuTime();
    const saturated = await load(txs.slice(WARM_UP + PACED), 0, engines.rpcUrls);
    const after = engines.cpuTime();
    const perSecond = saturated.txs / saturated.seconds;
    const cpuMs = {
      application: (1000 * (after.application - before.application)) / saturated.txs,
      engine: (1000 * (after.engine - before.engine)) / saturated.txs,
    };
    return { application, validators, perSecond, saturated, cpuMs, paced };
  } finally {
    await engines.stop();
  }
}

async function load(
  txs: readonly string[],
  rate: number,
  rpcUrls: readonly string[],
): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'semblance-load-'));
  try {
    const file = join(folder, 'transactions');
    writeFileSync(file, txs.join('\n'));
    const child = spawn(process.execPath, [LOAD, file, String(rate), ...rpcUrls], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`the load ended with ${code}`);
    return JSON.parse(output) as LoadResult;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
