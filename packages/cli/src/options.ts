import type { Command } from 'commander';

/** Options of every command that talks to a running network. */
export interface GatewayOptions {
  url: string;
  apiKey?: string;
  json?: true;
}

export const DEFAULT_URL = 'http://127.0.0.1:8080';

export function addGatewayOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the sequencer', process.env.SEMBLANCE_URL ?? DEFAULT_URL)
    .option('--api-key <key>', 'or the SEMBLANCE_API_KEY variable', process.env.SEMBLANCE_API_KEY)
    .option('--json', 'print one JSON value');
}
