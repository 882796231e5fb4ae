import { copyFileSync, existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import type { StateSyncConfig, TrustedBlock } from '@semblance/consensus/cometbft/config';
import { makeIdentity, validatorHome, writeConfig } from '@semblance/consensus/cometbft/home';
import { type GenesisJson, readGenesis } from '@semblance/consensus/genesis';
import type { ListenAddress } from '@semblance/consensus/listen-address';
import { toHex } from '@semblance/core/bytes';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { interruption } from '../interruption.ts';
import { agreedBlock } from '../network/agreed-block.ts';
import { print, printJson } from '../terminal.ts';
import { exportChain } from './validator/export.ts';

interface HomeOptions {
  home: string;
}

interface StartOptions extends HomeOptions {
  snapshotEvery: bigint;
  metrics?: ListenAddress;
}

interface ApplicationOptions extends StartOptions {
  listen?: string;
}

interface InitOptions extends HomeOptions {
  genesis?: string;
  moniker: string;
  rpc: string;
  p2p: string;
  peer: string[];
  stateSync?: string[];
  trust?: TrustedBlock;
  json?: true;
}

/** One validator of a network: CometBFT and the application that it drives. */
export function addValidatorCommand(program: Command): void {
  const validator = program
    .command('validator')
    .description('run a validator of a network under CometBFT');
  const command = (name: string, description: string) =>
    validator
      .command(name)
      .description(description)
      .option('--home <folder>', 'where the validator keeps its state', '.semblance-validator');

  command('init', "make a validator's keys and configuration")
    .option('--genesis <file>', "the network's genesis.json")
    .option('--moniker <name>', 'a name for people', hostname())
    .option('--rpc <address>', 'where the RPC listens', 'tcp://127.0.0.1:26657')
    .option('--p2p <address>', 'where the other validators connect', 'tcp://127.0.0.1:26656')
    .option('--peer <id@host:port...>', 'other nodes of the network', [])
    .option(
      '--state-sync <url...>',
      'begin with a snapshot, checked by these RPCs, two or more',
      rpcServer,
    )
    .option('--trust <height:hash>', 'a block to begin the checks from', trustedBlock)
    .option('--json', 'print one JSON value')
    .action(init);

  command('export', 'write a genesis that goes on with the whole state of a chain that stands')
    .requiredOption('--out <file>', 'where to write it')
    .option('--chain-id <id>', 'of the new chain (default: the same)')
    .option('--json', 'print one JSON value')
    .action(exportChain);

  const running = (name: string, description: string) =>
    command(name, description)
      .addOption(
        new Option(
          '--snapshot-every <blocks>',
          'how often to make a snapshot for newcomers; a multiple of 100',
        )
          .argParser(hundreds)
          // Said in words: Commander's help cannot write a bigint.
          .default(1000n, '1000'),
      )
      .option('--metrics <host:port>', 'where Prometheus may ask the application', listenAddress);

  running('start', 'run the application and CometBFT').action((options: StartOptions) =>
    untilInterrupted((signal) => start(options, signal)),
  );

  running('application', 'run the application alone, for a CometBFT that is started elsewhere')
    .option('--listen <address>', 'unix://PATH or tcp://127.0.0.1:PORT (default: in --home)')
    .action((options: ApplicationOptions) =>
      untilInterrupted((signal) => application(options, signal)),
    );
}

async function init(options: InitOptions): Promise<void> {
  const paths = validatorHome(options.home);
  if (existsSync(paths.config)) {
    const message = `--home: ${paths.home} has a validator already`;
    throw new CommandError('HOME_IN_USE', message, EXIT.usage);
  }
  const genesis = options.genesis === undefined ? undefined : readGenesis(options.genesis);
  const stateSync = await stateSyncOf(options, genesis?.chain_id);
  const { key, nodeId } = makeIdentity(paths);
  if (options.genesis !== undefined) copyFileSync(options.genesis, paths.genesis);
  writeConfig(paths, {
    moniker: options.moniker,
    application: paths.socket,
    rpc: options.rpc,
    p2p: options.p2p,
    peers: options.peer,
    ...(stateSync === undefined ? {} : { stateSync }),
  });
  const identity = {
    home: paths.home,
    address: toHex(key.address).toUpperCase(),
    public_key: Buffer.from(key.publicKey).toString('base64'),
    node_id: nodeId,
    ...(stateSync === undefined ? {} : { trusted: stateSync.trusted }),
  };
  if (options.json) printJson(identity);
  else {
    print(`address     ${identity.address}`);
    print(`public key  ${identity.public_key}`);
    print(`node id     ${identity.node_id}`);
    print(`home        ${identity.home}`);
    if (stateSync !== undefined) {
      const { height, hash } = stateSync.trusted;
      print(`trusts      block ${height}, ${hash}`);
    }
  }
}

/** Whom a newcomer believes; nobody said a word of it if it is to replay all blocks. */
async function stateSyncOf(
  { stateSync: rpcServers, trust }: InitOptions,
  chainId: string | undefined,
): Promise<StateSyncConfig | undefined> {
  if (rpcServers === undefined) {
    if (trust === undefined) return undefined;
    throw new CommandError('NO_RPC', '--trust: needs --state-sync too', EXIT.usage);
  }
  if (rpcServers.length < 2 || new Set(rpcServers).size < rpcServers.length) {
    const message = '--state-sync: name two different RPCs or more, which watch each other';
    throw new CommandError('NO_RPC', message, EXIT.usage);
  }
  return { rpcServers, trusted: trust ?? (await agreedBlock(rpcServers, chainId)) };
}

async function start(
  { home, snapshotEvery, metrics }: StartOptions,
  signal: AbortSignal,
): Promise<void> {
  requireGenesis(home);
  const { path: binary, version } = findEngine();
  const { startValidator } = await import('@semblance/consensus/validator');
  const validator = await startValidator({
    home,
    binary,
    snapshotEvery,
    ...(metrics === undefined ? {} : { metrics }),
    signal,
  });
  print(`cometbft ${version}  ${validator.rpcUrl}    Ctrl-C stops`);
  await validator.stopped;
}

async function application(
  { home, listen, snapshotEvery, metrics }: ApplicationOptions,
  signal: AbortSignal,
): Promise<void> {
  const { chain_id: chainId } = requireGenesis(home);
  const paths = validatorHome(home);
  const { startValidatorApplication } = await import('@semblance/consensus/validator-application');
  const { readValidatorKey } = await import('@semblance/consensus/validator-key');
  const running = await startValidatorApplication({
    home: paths.application,
    chainId,
    address: listen ?? paths.socket,
    validatorKey: readValidatorKey(paths.validatorKey),
    snapshotEvery,
    ...(metrics === undefined ? {} : { metrics }),
    signal,
  });
  print(`application  ${running.address}    Ctrl-C stops`);
  await running.stopped;
}

async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = interruption();
  try {
    await run(signal);
  } catch (error) {
    // What an interrupted start has to say is of no interest.
    if (!signal.aborted) throw error;
  }
  print('stopped');
}

/** Adds an RPC's address; CometBFT takes all of them as one list with commas. */
function rpcServer(text: string, others: readonly string[] = []): string[] {
  const url = text.replace(/^tcp:/, 'http:').replace(/\/+$/, '');
  const isOne = /^https?:\/\/[^,?#@\s]+$/.test(url) && URL.canParse(url);
  if (!isOne) throw new InvalidArgumentError('Not an address as http://10.0.0.1:26657.');
  return [...others, url];
}

function trustedBlock(text: string): TrustedBlock {
  const [, height, hash] = /^([1-9]\d{0,14}):([0-9a-fA-F]{64})$/.exec(text) ?? [];
  if (height === undefined || hash === undefined) {
    throw new InvalidArgumentError("Not a height and a block's hash, as 1000:0A1B...");
  }
  return { height: Number(height), hash: hash.toUpperCase() };
}

function hundreds(text: string): bigint {
  if (/^[1-9]\d{0,12}00$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('Not a multiple of 100, from 100 on.');
}

/** Where to listen, as `127.0.0.1:26661`. Whoever can reach it can read it: loopback is best. */
function listenAddress(text: string): ListenAddress {
  const found = /^([A-Za-z0-9.-]+|\[[0-9a-f:]+\]):(\d{1,5})$/.exec(text);
  const port = Number(found?.[2]);
  if (!found || port > 65_535) throw new InvalidArgumentError('Not HOST:PORT.');
  return { host: (found[1] as string).replace(/^\[|\]$/g, ''), port };
}

function requireGenesis(home: string): GenesisJson {
  const { genesis } = validatorHome(home);
  if (existsSync(genesis)) return readGenesis(genesis);
  const message = `--home: no genesis at ${genesis}; put the network's there`;
  throw new CommandError('NO_GENESIS', message, EXIT.usage);
}
