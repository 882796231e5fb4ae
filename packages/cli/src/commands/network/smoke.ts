import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { interruption } from '../../interruption.ts';
import { runSmoke, type SmokeReport } from '../../network/smoke.ts';
import { print, printJson } from '../../terminal.ts';

export function addNetworkSmokeCommand(network: Command): void {
  network
    .command('smoke')
    .description('run a temporary network, kill a validator while jobs settle, and compare')
    .option('--validators <n>', 'how many, from 1 to 10', count, 4)
    .option('--model <id>', 'the model to run', 'emoji-64')
    .option('--json', 'print one JSON object')
    .action(async (options: { validators: number; model: string; json?: true }) => {
      const home = await mkdtemp(join(tmpdir(), 'semblance-smoke-'));
      const signal = interruption();
      try {
        const tell = options.json ? () => {} : (line: string) => print(`  ${line}`);
        const report = await runSmoke({ ...options, home, signal, tell });
        if (options.json) printJson(report);
        else print(`\n  ${conclusion(report)}`);
        if (!isGood(report)) process.exitCode = EXIT.failure;
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new CommandError('INTERRUPTED', 'interrupted', EXIT.interrupted, { cause: error });
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    });
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
