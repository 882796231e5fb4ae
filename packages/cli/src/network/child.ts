import type { ListenAddress } from '@semblance/consensus/listen-address';
import { SemblanceError } from '@semblance/core/errors';
import { PREFIX } from './found.ts';

/*
 * One part of a local network, in a process of its own: told what to be by its only argument, it
 * says on the channel to its parent where it answers, and ends when told to or when the parent is gone.
 * Keys come from files; nothing secret is in the argument.
 */

/** 0 takes any free port. */
export interface ApiPorts {
  readonly rest: number;
  readonly grpc: number;
}

export type ChildConfig =
  | {
      readonly role: 'chain';
      readonly home: string;
      readonly genesis: string;
      readonly validatorKey: string;
      readonly port: number;
      /** Cosmos' REST and gRPC, which only wallets and their like need. */
      readonly apiPorts?: ApiPorts;
    }
  | {
      readonly role: 'validator';
      readonly home: string;
      /** Path of CometBFT. */
      readonly binary: string;
      /** Where Prometheus may ask the application. */
      readonly metrics: ListenAddress;
    }
  | {
      readonly role: 'node';
      readonly home: string;
      readonly keyFile: string;
      readonly rpcUrl: string;
      readonly models: string;
      readonly profile: string;
      readonly adversary?: string;
      readonly serve?: NodeServing;
    }
  | {
      readonly role: 'sequencer';
      readonly home: string;
      readonly keyFile: string;
      readonly rpcUrl: string;
      readonly models: string;
      readonly page: string;
      readonly port: number;
    };

/** Where a node serves, if not on any port of loopback. */
export interface NodeServing {
  readonly host: string;
  readonly port: number;
  /** Where others reach it. */
  readonly endpoint: string;
}

export type ChildMessage =
  | ({ readonly type: 'ready' } & Addresses)
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

/** Where a part answers. */
export interface Addresses {
  readonly url: string;
  readonly restUrl?: string;
  readonly grpcUrl?: string;
  /** The consensus engine's process, where there is one. */
  readonly enginePid?: number | undefined;
}

interface Part {
  readonly addresses: Addresses;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** 500 SEM. */
const STAKE = 500_000_000n;

/** Each part loads only its own code: a chain has no use for a model runtime's memory. */
function start(config: ChildConfig): Promise<Part> {
  switch (config.role) {
    case 'chain':
      return startChain(config);
    case 'validator':
      return startValidatorPart(config);
    case 'node':
      return startMlNode(config);
    case 'sequencer':
      return startGateway(config);
  }
}

async function startChain(config: Extract<ChildConfig, { role: 'chain' }>): Promise<Part> {
  const { readGenesis } = await import('@semblance/consensus/genesis');
  const { startSolo } = await import('@semblance/consensus/solo');
  const { readValidatorKey } = await import('@semblance/consensus/validator-key');
  const chain = await startSolo({
    home: config.home,
    genesis: readGenesis(config.genesis),
    validatorKey: readValidatorKey(config.validatorKey),
    rpc: { host: HOST, port: config.port },
  });
  void chain.stopped.catch(fail);
  const url = chain.rpcUrl;
  if (config.apiPorts === undefined) return { addresses: { url }, stop: () => chain.stop() };
  const { startApi } = await import('@semblance/consensus/api');
  const api = await startApi({
    call: chain.call,
    report: (error) => console.error(error),
    rest: { host: HOST, port: config.apiPorts.rest },
    grpc: { host: HOST, port: config.apiPorts.grpc },
  });
  const stop = async () => {
    await api.close();
    await chain.stop();
  };
  return { addresses: { url, restUrl: api.restUrl, grpcUrl: api.grpcUrl }, stop };
}

async function startValidatorPart(
  config: Extract<ChildConfig, { role: 'validator' }>,
): Promise<Part> {
  const { startValidator } = await import('@semblance/consensus/validator');
  const validator = await startValidator(config);
  void validator.stopped.catch(fail);
  const { rpcUrl: url, enginePid } = validator;
  return { addresses: { url, enginePid }, stop: () => validator.stop() };
}

async function startMlNode(config: Extract<ChildConfig, { role: 'node' }>): Promise<Part> {
  const { readKeyFile } = await import('@semblance/client/keystore');
  const { profileNamed } = await import('@semblance/inference/profiles');
  const { createLineLog } = await import('@semblance/node/log');
  const { startNode } = await import('@semblance/node/node');
  const node = await startNode({
    home: config.home,
    rpcUrl: config.rpcUrl,
    key: await readKeyFile(config.keyFile),
    prefix: PREFIX,
    modelsDir: config.models,
    profile: profileNamed(config.profile),
    ...(config.serve ?? { host: HOST, port: 0 }),
    stake: STAKE,
    adversary: config.adversary,
    unjail: true,
    topUp: true,
    diskQuotaBytes: 512 * 1024 * 1024,
    idleUnloadMs: 10 * 60_000,
    log: createLineLog((line) => process.stdout.write(line)),
  });
  return { addresses: { url: node.endpoint }, stop: () => node.stop() };
}

async function startGateway(config: Extract<ChildConfig, { role: 'sequencer' }>): Promise<Part> {
  const { startSequencer } = await import('@semblance/sequencer/sequencer');
  const sequencer = await startSequencer({
    home: config.home,
    rpcUrl: config.rpcUrl,
    localKeyFile: config.keyFile,
    modelsDir: config.models,
    pageDir: config.page,
    host: HOST,
    port: config.port,
  });
  return { addresses: { url: sequencer.url }, stop: () => sequencer.stop() };
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  const code = error instanceof SemblanceError ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Error ? error.stack : message}\n`);
  tell({ type: 'failed', code, message });
  process.exit(1);
}

// Ctrl-C reaches the whole group; the parent decides in which order its parts end.
process.on('SIGINT', () => {});

try {
  const part = await start(JSON.parse(process.argv[2] ?? '') as ChildConfig);
  const end = () => void part.stop().then(() => process.exit(0), fail);
  process.once('SIGTERM', end);
  process.once('disconnect', end);
  if (!process.connected) end();
  tell({ type: 'ready', ...part.addresses });
} catch (error) {
  fail(error);
}
