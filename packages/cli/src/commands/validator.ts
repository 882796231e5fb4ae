import { copyFileSync, existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { makeIdentity, validatorHome, writeConfig } from '@semblance/consensus/cometbft/home';
import { type GenesisJson, readGenesis } from '@semblance/consensus/genesis';
import { toHex } from '@semblance/core/bytes';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { interruption } from '../interruption.ts';
import { print, printJson } from '../terminal.ts';

interface HomeOptions {
  home: string;
}

interface ApplicationOptions extends HomeOptions {
  listen?: string;
}

interface InitOptions extends HomeOptions {
  genesis?: string;
  moniker: string;
  rpc: string;
  p2p: string;
  peer: string[];
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
    .option('--json', 'print one JSON value')
    .action(init);

  command('start', 'run the application and CometBFT').action((options: HomeOptions) =>
    untilInterrupted((signal) => start(options, signal)),
  );

  command('application', 'run the application alone, for a CometBFT that is started elsewhere')
    .option('--listen <address>', 'unix://PATH or tcp://127.0.0.1:PORT (default: in --home)')
    .action((options: ApplicationOptions) =>
      untilInterrupted((signal) => application(options, signal)),
    );
}

function init(options: InitOptions): void {
  const paths = validatorHome(options.home);
  if (existsSync(paths.config)) {
    const message = `--home: ${paths.home} has a validator already`;
    throw new CommandError('HOME_IN_USE', message, EXIT.usage);
  }
  if (options.genesis !== undefined) readGenesis(options.genesis);
  const { key, nodeId } = makeIdentity(paths);
  if (options.genesis !== undefined) copyFileSync(options.genesis, paths.genesis);
  writeConfig(paths, {
    moniker: options.moniker,
    application: paths.socket,
    rpc: options.rpc,
    p2p: options.p2p,
    peers: options.peer,
  });
  const identity = {
    home: paths.home,
    address: toHex(key.address).toUpperCase(),
    public_key: Buffer.from(key.publicKey).toString('base64'),
    node_id: nodeId,
  };
  if (options.json) printJson(identity);
  else {
    print(`address     ${identity.address}`);
    print(`public key  ${identity.public_key}`);
    print(`node id     ${identity.node_id}`);
    print(`home        ${identity.home}`);
  }
}

async function start({ home }: HomeOptions, signal: AbortSignal): Promise<void> {
  requireGenesis(home);
  const { path: binary, version } = findEngine();
  const { startValidator } = await import('@semblance/consensus/validator');
  const validator = await startValidator({ home, binary, signal });
  print(`cometbft ${version}  ${validator.rpcUrl}    Ctrl-C stops`);
  await validator.stopped;
}

async function application(
  { home, listen }: ApplicationOptions,
  signal: AbortSignal,
): Promise<void> {
  const { chain_id: chainId } = requireGenesis(home);
  const paths = validatorHome(home);
  const { startValidatorApplication } = await import('@semblance/consensus/validator-application');
  const running = await startValidatorApplication({
    home: paths.application,
    chainId,
    address: listen ?? paths.socket,
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

function requireGenesis(home: string): GenesisJson {
  const { genesis } = validatorHome(home);
  if (existsSync(genesis)) return readGenesis(genesis);
  const message = `--home: no genesis at ${genesis}; put the network's there`;
  throw new CommandError('NO_GENESIS', message, EXIT.usage);
}
