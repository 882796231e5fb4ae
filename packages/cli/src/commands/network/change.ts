import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { interruption } from '../../interruption.ts';
import type { ChangeOptions } from '../../network/change-host.ts';
import { print, printJson } from '../../terminal.ts';

export interface ChangeCommandOptions {
  home: string;
  json?: true;
}

/** Runs a change of a running network and says what came of it, in lines or as one JSON value. */
export async function runChange<T>(
  { home, json }: ChangeCommandOptions,
  change: (options: ChangeOptions) => Promise<T>,
  conclusion: (result: T) => string,
): Promise<void> {
  const signal = interruption();
  const tell = json ? () => {} : (line: string) => print(`  ${line}`);
  const result = await change({ home, signal, tell }).catch((cause: unknown) => {
    throw signal.aborted ? interrupted(cause) : cause;
  });
  if (json) printJson(result);
  else print(`\n  ${conclusion(result)}`);
}

function interrupted(cause: unknown): CommandError {
  const message = 'interrupted; run it again with the same name to go on';
  return new CommandError('INTERRUPTED', message, EXIT.interrupted, { cause });
}
