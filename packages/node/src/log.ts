export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Takes one thing that happened. Fields hold no secrets: no salts, keys or prompts. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: LogFields) => void;

/** One JSON object a line, for machines and for grep. */
export function createLineLog(write: (line: string) => void): Log {
  return (level, event, fields = {}) => {
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
  };
}

/** Why something failed, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
}
