import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import type { ValidatorHome } from './home.ts';

/** What of a node's `config.toml` another node of its network must know. */
export interface NetworkConfig {
  /** The other nodes, each `ID@HOST:PORT`. */
  readonly peers: readonly string[];
  /** Least time between two blocks; undefined if it is CometBFT's default or in no unit known here. */
  readonly blockMs: number | undefined;
}

/** Throws what reading or parsing throws. */
export function readNetworkConfig({ config }: Pick<ValidatorHome, 'config'>): NetworkConfig {
  const { p2p, consensus } = parse(readFileSync(config, 'utf8'));
  return {
    peers: textIn(p2p, 'persistent_peers')
      .split(',')
      .map((peer) => peer.trim())
      .filter((peer) => peer !== ''),
    blockMs: milliseconds(textIn(consensus, 'timeout_commit')),
  };
}

function textIn(table: unknown, key: string): string {
  const value = (table as Readonly<Record<string, unknown>> | undefined)?.[key];
  return typeof value === 'string' ? value : '';
}

/** Go writes durations as `500ms`, `1s`, `1.5s`. */
function milliseconds(duration: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s)$/.exec(duration) ?? [];
  const value = Math.round(Number(amount) * (unit === 's' ? 1000 : 1));
  return value >= 1 ? value : undefined;
}
