import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { type JobsRun, jobsRun } from './jobs.ts';
import { type ChainReport, markdown } from './report.ts';
import type { GrowthResult } from './state-growth.ts';
import { BLOCK_MS, type TransferRun, transferRuns } from './transfers.ts';

/* The chain under load. Writes what it found to docs/reports/chain-bench. */

const REPORT = fileURLToPath(new URL('../../docs/reports/chain-bench', import.meta.url));
const GROWTH = fileURLToPath(new URL('state-growth.ts', import.meta.url));
const VALIDATORS = [1, 4];
const ACCOUNTS = [1_000, 10_000, 100_000, 1_000_000];

const transfers: TransferRun[] = [];
const jobs: JobsRun[] = [];
for (const validators of VALIDATORS) {
  transfers.push(...(await transferRuns(validators)));
  const run = await jobsRun(validators);
  process.stdout.write(`jobs x ${validators}: ${run.perSecond.toFixed(0)} a second\n`);
  jobs.push(run);
}
const growth = ACCOUNTS.map(growthWith);
const report: ChainReport = {
  machine: {
    cpus: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    cometbft: findEngine().version,
    loadAverage: loadavg().map((load) => Number(load.toFixed(1))),
  },
  command: [...settings(), 'npm run bench:chain'].join(' '),
  blockMs: BLOCK_MS,
  transfers,
  jobs,
  growth,
};
mkdirSync(REPORT, { recursive: true });
writeFileSync(join(REPORT, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
writeFileSync(join(REPORT, 'report.md'), markdown(report));
process.stdout.write(markdown(report));

/** What was set otherwise than by default. */
function settings(): string[] {
  const names = ['BENCH_ROUNDS', 'BENCH_TXS'];
  return names.flatMap((name) => (process.env[name] ? [`${name}=${process.env[name]}`] : []));
}

/** In a process of its own, whose memory is this measurement's alone. */
function growthWith(accounts: number): GrowthResult {
  const { status, stdout } = spawnSync(process.execPath, [GROWTH, String(accounts)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${accounts} accounts: ended with ${status}`);
  process.stdout.write(stdout);
  return JSON.parse(stdout) as GrowthResult;
}
