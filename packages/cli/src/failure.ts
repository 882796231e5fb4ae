import { inspect } from 'node:util';
import { SemblanceError } from '@semblance/core/errors';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';

/** A failure that ends a command with a chosen exit code and one clear line. */
export class CommandError extends SemblanceError<string, { exitCode: number }> {
  constructor(code: string, message: string, exitCode: number, options?: { cause?: unknown }) {
    super(code, message, { exitCode }, options);
  }
}

/** Failures of the packages below that are not `EXIT.failure`. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  INVALID_INPUT: EXIT.usage,
  UNREACHABLE: EXIT.unreachable,
};

/** Tells the user what went wrong, in one line or one JSON object, and returns the exit code. */
export function presentFailure(error: unknown, format: { readonly json: boolean }): number {
  const { code, message, exitCode } = describe(error);
  if (format.json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else process.stderr.write(`semblance: ${message}\n`);
  if (process.env.SEMBLANCE_DEBUG) process.stderr.write(`${inspect(error)}\n`);
  return exitCode;
}

function describe(error: unknown): { code: string; message: string; exitCode: number } {
  if (error instanceof CommanderError) {
    const message = `${oneLine(error.message.replace(/^error: /, ''))}; see --help`;
    return { code: 'USAGE', message, exitCode: EXIT.usage };
  }
  if (error instanceof CommandError) {
    return { code: error.code, message: error.message, exitCode: error.details.exitCode };
  }
  if (error instanceof SemblanceError) {
    const exitCode = EXIT_CODES[error.code] ?? EXIT.failure;
    return { code: error.code, message: oneLine(error.message), exitCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'set SEMBLANCE_DEBUG=1 to see where';
  return { code: 'INTERNAL', message: `${oneLine(message)} (${hint})`, exitCode: EXIT.failure };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 400);
}
