import { InvalidInputError } from '@semblance/core/errors';

/** What a node's operator decides. Addresses are CometBFT's, as `tcp://127.0.0.1:26657`. */
export interface EngineConfig {
  /** A name for people. */
  readonly moniker: string;
  /** Where the application answers. */
  readonly application: string;
  /** Default: port 26657 on loopback. */
  readonly rpc?: string;
  /** Default: port 26656 on loopback. */
  readonly p2p?: string;
  /** The other nodes, each `ID@HOST:PORT`. Default: none. */
  readonly peers?: readonly string[];
  /** Least time between two blocks. Default 1000. */
  readonly blockMs?: number;
  /** Serves the engine's metrics, as `127.0.0.1:26660`. Default: not served. */
  readonly metrics?: string;
  /** Joins by a snapshot from the peers. Default: all blocks are replayed. */
  readonly stateSync?: StateSyncConfig;
}

/** By whom and from which block on a newcomer checks that a snapshot is the chain's. */
export interface StateSyncConfig {
  /** RPC addresses, as `http://10.0.0.1:26657`; at least two, which watch each other. */
  readonly rpcServers: readonly string[];
  readonly trusted: TrustedBlock;
}

/** A block that is believed: not older than a week, for CometBFT trusts none for longer. */
export interface TrustedBlock {
  readonly height: number;
  /** Hexadecimal, 64 digits. */
  readonly hash: string;
}

const DEFAULT_RPC = 'tcp://127.0.0.1:26657';
const DEFAULT_P2P = 'tcp://127.0.0.1:26656';
const DEFAULT_BLOCK_MS = 1000;
const LOOPBACK = /^tcp:\/\/(127\.0\.0\.1|\[::1\]):\d+$/;

/**
 * The text of `config.toml`: only what differs from CometBFT's own defaults, which it takes for
 * everything else.
 *
 * The application's hash changes with every block, and CometBFT then proposes the next one at once
 * to prove it: `timeout_commit` alone makes the pace, and settings about empty blocks do nothing.
 */
export function configToml(config: EngineConfig): string {
  const { rpc = DEFAULT_RPC, p2p = DEFAULT_P2P, peers = [], blockMs = DEFAULT_BLOCK_MS } = config;
  if (!Number.isInteger(blockMs) || blockMs < 1) {
    throw new InvalidInputError('blockMs', 'not a whole number of milliseconds above 0');
  }
  const onLoopback = LOOPBACK.test(p2p);
  return `# CometBFT takes its defaults for what is not here.
proxy_app = ${text(config.application)}
moniker = ${text(config.moniker)}
# "info" tells of every block, some 100 MB a day.
log_level = "error"

[rpc]
laddr = ${text(rpc)}
# A transaction of 1 MiB in base64 with room for the envelope.
max_body_bytes = 2097152
max_subscriptions_per_client = 20

[p2p]
laddr = ${text(p2p)}
persistent_peers = ${text(peers.join(','))}
# Peers on one machine share one address that nobody else can reach.
addr_book_strict = ${!onLoopback}
allow_duplicate_ip = ${onLoopback || shareAddresses(peers)}

[mempool]
max_txs_bytes = 67108864

[consensus]
timeout_commit = "${blockMs}ms"

[instrumentation]
prometheus = ${config.metrics !== undefined}
prometheus_listen_addr = ${text(config.metrics ?? '')}
${config.stateSync === undefined ? '' : stateSyncToml(config.stateSync)}`;
}

/** CometBFT looks at it as long as it has no blocks, and never again. */
function stateSyncToml({ rpcServers, trusted }: StateSyncConfig): string {
  if (new Set(rpcServers).size < 2 || new Set(rpcServers).size < rpcServers.length) {
    throw new InvalidInputError('rpcServers', 'not two or more different addresses');
  }
  if (rpcServers.some((server) => server.includes(','))) {
    throw new InvalidInputError('rpcServers', 'an address with a comma');
  }
  if (!Number.isSafeInteger(trusted.height) || trusted.height < 1) {
    throw new InvalidInputError('trusted.height', 'not a height from 1');
  }
  if (!/^[0-9a-fA-F]{64}$/.test(trusted.hash)) {
    throw new InvalidInputError('trusted.hash', 'not 64 hexadecimal digits');
  }
  return `
[statesync]
enable = true
rpc_servers = ${text(rpcServers.join(','))}
trust_height = ${trusted.height}
trust_hash = ${text(trusted.hash)}
# How long peers are asked for snapshots; CometBFT takes no less.
discovery_time = "5s"
`;
}

/** Whether several peers, each `ID@HOST:PORT`, run on one machine. */
function shareAddresses(peers: readonly string[]): boolean {
  const hosts = peers.map((peer) => peer.slice(peer.indexOf('@') + 1, peer.lastIndexOf(':')));
  return new Set(hosts).size < hosts.length;
}

/** A JSON string is a TOML basic string too, but for what no name or address holds. */
function text(value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) {
    throw new InvalidInputError('config', `not printable ASCII: ${JSON.stringify(value)}`);
  }
  return JSON.stringify(value);
}
