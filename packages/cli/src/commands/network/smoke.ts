import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { SemblanceError } from '@semblance/core/errors';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { interruption } from '../../interruption.ts';
import { layout } from '../../network/layout.ts';
import { runSmoke, type SmokeReport } from '../../network/smoke.ts';
import { print, printJson } from '../../terminal.ts';

export function addNetworkSmokeCommand(network: Command): void {
  network
    .command('smoke')
    .description('run a temporary network, kill a validator while jobs settle, and compare')
    .option('--validators <n>', 'how many, from 1 to 10', count, 4)
    .option('--model <id>', 'the model to run', 'emoji-64')
    .option('--json', 'print one JSON object')
    .action(smoke);
}

interface SmokeCommandOptions {
  validators: number;
  model: string;
  json?: true;
}

async function smoke(options: SmokeCommandOptions): Promise<void> {
  findEngine();
  const home = await mkdtemp(join(tmpdir(), 'semblance-smoke-'));
  const signal = interruption();
  const tell = options.json ? () => {} : (line: string) => print(`  ${line}`);
  const report = await runSmoke({ ...options, home, signal, tell }).catch(async (cause) => {
    if (!signal.aborted) throw withLogs(home, cause);
    await rm(home, { recursive: true });
    throw new CommandError('INTERRUPTED', 'interrupted', EXIT.interrupted, { cause });
  });
  await rm(home, { recursive: true });
  if (options.json) printJson(report);
  else print(`\n  ${conclusion(report)}`);
  if (!isGood(report)) process.exitCode = EXIT.failure;
}

/** The folder of a run that broke is kept. */
function withLogs(home: string, error: unknown): unknown {
  if (!(error instanceof SemblanceError)) return error;
  const message = `${error.message}; see ${layout(home).logs}`;
  return new CommandError(error.code, message, EXIT.failure, { cause: error });
}

function isGood({ appHashesEqual, recovered }: SmokeReport): boolean {
  return appHashesEqual && recovered;
}

function conclusion({ settled, heights, appHashesEqual, recovered }: SmokeReport): string {
  return [
    `${settled} jobs settled at heights ${heights.join(', ')}`,
    appHashesEqual ? 'equal application hashes' : 'the application hashes DIFFER',
    recovered ? 'the killed validator came back' : 'the killed validator did NOT come back',
  ].join('; ');
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10) return value;
  throw new InvalidArgumentError('Not a whole number from 1 to 10.');
}
