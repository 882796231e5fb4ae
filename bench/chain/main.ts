import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { jobsRun } from './jobs.ts';
import { type ChainReport, markdown, type Part } from './report.ts';
import type { GrowthResult } from './state-growth.ts';
import { transferRuns } from './transfers.ts';

/*
 * The chain under load: `main.ts [transfers|jobs|growth ...]`, by default all. Each part that is run
 * takes its place in docs/reports/chain-bench; the others stay as they were.
 */

const REPORT = fileURLToPath(new URL('../../docs/reports/chain-bench', import.meta.url));
const JSON_FILE = join(REPORT, 'report.json');
const GROWTH = fileURLToPath(new URL('state-growth.ts', import.meta.url));
const VALIDATORS = (process.env.BENCH_VALIDATORS ?? '1,4').split(',').map(Number);
const ACCOUNTS = (process.env.BENCH_ACCOUNTS ?? '1000,10000,100000,1000000').split(',').map(Number);

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  transfers: () =>
    each(VALIDATORS, transferRuns, (results) => write({ transfers: part(results.flat()) })),
  jobs: () => each(VALIDATORS, jobsRun, (results) => write({ jobs: part(results) })),
  growth: () => each(ACCOUNTS, growthWith, (results) => write({ growth: part(results) })),
};

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  const run = PARTS[name];
  if (run === undefined) throw new Error(`no part ${name}: ${Object.keys(PARTS).join(', ')}`);
  await run();
}

/** Reports after each, so that what was found stays if a later one fails. */
async function each<T>(
  counts: readonly number[],
  run: (count: number) => T | Promise<T>,
  report: (results: readonly T[]) => void,
): Promise<void> {
  const results: T[] = [];
  for (const count of counts) {
    results.push(await run(count));
    report(results);
  }
}

/** What was found, and where. */
function part<T>(results: readonly T[]): Part<T> {
  const names = ['BENCH_VALIDATORS', 'BENCH_ROUNDS', 'BENCH_TXS', 'BENCH_ACCOUNTS'];
  const settings = names.flatMap((name) =>
    process.env[name] ? [`${name}=${process.env[name]}`] : [],
  );
  return {
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model.trim() ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      cometbft: findEngine().version,
      loadAverage: loadavg().map((load) => Number(load.toFixed(1))),
    },
    command: [...settings, 'npm run bench:chain', ...asked].join(' '),
    results,
  };
}

function write(found: ChainReport): void {
  const known = existsSync(JSON_FILE) ? JSON.parse(readFileSync(JSON_FILE, 'utf8')) : {};
  const report: ChainReport = { ...known, ...found };
  mkdirSync(REPORT, { recursive: true });
  writeFileSync(JSON_FILE, `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(REPORT, 'report.md'), markdown(report));
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
