import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startReport } from '../report.ts';
import { killAtEveryStage } from './kills.ts';
import { fetchOtherNode, replayOn } from './other-node.ts';
import { joinByStateSync } from './state-sync.ts';
import { recordVariedChain } from './varied-chain.ts';

/*
 * The long forms of the recovery tests: `npm run recovery -- state-sync --holders 500000`. Each writes
 * a report to docs/reports/recovery and fails if what must hold did not.
 */

const tell = (line: string) => process.stderr.write(`${line}\n`);

const RUNS: Readonly<Record<string, (args: string[]) => Promise<object>>> = {
  kills: async (args) => {
    const kills = numbers(args, { embedded: 200, cometbft: 200 });
    const embedded = await killAtEveryStage('solo', kills.embedded, tell);
    const cometbft = await killAtEveryStage('cometbft', kills.cometbft, tell);
    return { embedded, cometbft };
  },

  replay: async (args) => {
    const { jobs } = numbers(args, { jobs: 500 });
    const recording = join(mkdtempSync(join(tmpdir(), 'semblance-varied-')), 'recording.jsonl');
    const hashes = recordVariedChain(recording, jobs);
    const nodes = [process.execPath, fetchOtherNode()].map((node) => replayOn(node, recording));
    rmSync(dirname(recording), { recursive: true });
    const equal = nodes.every(({ appHashes }) => appHashes.slice(1).join() === hashes.join());
    if (!equal) process.exitCode = 1;
    return { jobs, heights: hashes.length, nodes: nodes.map(({ node }) => node), equal };
  },

  'state-sync': async (args) => {
    const {
      holders,
      validators,
      'block-ms': blockMs,
    } = numbers(args, {
      holders: 500_000,
      validators: 2,
      'block-ms': 500,
    });
    return joinByStateSync({ holders, validators, blockMs, snapshotEvery: 100 }, tell);
  },
};

function numbers<K extends string>(args: string[], defaults: Record<K, number>): Record<K, number> {
  const names = Object.keys(defaults) as K[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  const given = names.map((name) => [name, Number(values[name] ?? defaults[name])]);
  return Object.fromEntries(given) as Record<K, number>;
}

const [name = '', ...args] = process.argv.slice(2);
const run = RUNS[name];
if (run === undefined) {
  tell(`usage: npm run recovery -- ${Object.keys(RUNS).join('|')} [options]`);
  process.exitCode = 2;
} else {
  const write = startReport('recovery', name, args);
  tell(`written: ${write(await run(args))}`);
}
