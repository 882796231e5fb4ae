import { inspect } from 'node:util';
import { SemblanceError } from '@semblance/core/errors';
import { EXIT } from './exit-codes.ts';

/** A failure that ends a command with a chosen exit code and one clear line. */
export class CommandError extends SemblanceError<string, { exitCode: number }> {
  constructor(code: string, message: string, exitCode: number, options?: { cause?: unknown }) {
    super(code, message, { exitCode }, options);
  }
}

/** Tells the user what went wrong, in one line or one JSON object, and returns the exit code. */
export function presentFailure(error: unknown, format: { readonly json: boolean }): number {
  const { code, message, exitCode } = describe(error);
  if (format.json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else process.stderr.write(`semblance: ${message}\n`);
  if (process.env.SEMBLANCE_DEBUG) process.stderr.write(`${inspect(error)}\n`);
  return exitCode;
}

function describe(error: unknown): { code: string; message: string; exitCode: number } {
  if (error instanceof CommandError) {
    return { code: error.code, message: error.message, exitCode: error.details.exitCode };
  }
  if (error instanceof SemblanceError) {
    const exitCode = error.code === 'INVALID_INPUT' ? EXIT.usage : EXIT.failure;
    return { code: error.code, message: oneLine(error.message), exitCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'set SEMBLANCE_DEBUG=1 to see where';
  return { code: 'INTERNAL', message: `${oneLine(message)} (${hint})`, exitCode: EXIT.failure };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 400);
}
