/** One line about something that happened. Never holds prompts, keys or secrets. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void;

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Writes a JSON object a line to standard error. */
export const logToStderr: Log = (level, message, fields = {}) => {
  const time = new Date().toISOString();
  process.stderr.write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
};

/** An unknown thrown value in a few words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
