import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '@semblance/chain/application';
import type { Store } from '@semblance/chain/store';
import {
  type GenesisDocument,
  type GenesisJson,
  type GenesisValidator,
  parseGenesis,
} from '../genesis.ts';
import { lockHome } from '../home-lock.ts';
import { Lifetime } from '../lifetime.ts';
import type { ListenAddress } from '../listen.ts';
import { eventsOf } from '../rpc/block-events.ts';
import { inProcessCall, type RpcCall } from '../rpc/call.ts';
import { EventBus } from '../rpc/event-bus.ts';
import type { RpcNode } from '../rpc/node.ts';
import { serveRpc } from '../rpc/server.ts';
import { BlockStore } from '../store/block-store.ts';
import { openDatabase, openEnvironment } from '../store/environment.ts';
import { LmdbStore } from '../store/lmdb-store.ts';
import type { ValidatorKey } from '../validator-key.ts';
import { constantsOf, pinGenesis, soleValidator } from './genesis-checks.ts';
import { handshake } from './handshake.ts';
import { DEFAULT_MEMPOOL_LIMITS } from './mempool.ts';
import { Producer, type ProducerComponents } from './producer.ts';

export interface SoloOptions {
  /** Directory of everything on disk; made if missing. One process at a time. */
  readonly home: string;
  /** The content of genesis.json. It cannot change once the home has blocks. */
  readonly genesis: GenesisJson;
  /** Must belong to the genesis' only validator. */
  readonly validatorKey: ValidatorKey;
  /** Port 0 takes any free one. */
  readonly rpc: ListenAddress;
  /** Stops the chain when it aborts. */
  readonly signal?: AbortSignal;
  /** An empty block is made after this long without a block. Default 1000. */
  readonly emptyBlockMs?: number;
  /** Told of failures whose cause no client learns. Default: standard error. */
  readonly report?: (error: unknown) => void;
}

export interface SoloChain {
  readonly rpcUrl: string;
  /** The RPC's methods, without the detour over HTTP. */
  readonly call: RpcCall;
  /** Makes a last block of what waits, if anything does, and closes everything. */
  stop(): Promise<void>;
  /** Settles when the chain has stopped; rejects if it had to because no block could be made. */
  readonly stopped: Promise<void>;
}

const DEFAULT_EMPTY_BLOCK_MS = 1000;

/**
 * Runs an application under one block producer, with CometBFT's RPC, in this process. Resolves
 * once the first block is there and clients are served.
 */
export async function runSolo(
  options: SoloOptions,
  createApplication: (store: Store) => Application,
): Promise<SoloChain> {
  options.signal?.throwIfAborted();
  const lifetime = new Lifetime();
  try {
    const node = openNode(options, createApplication, lifetime);
    const server = await serveRpc(node, options.rpc);
    lifetime.onEnd(() => server.close());
    // First of all the last block, while its subscribers can still hear of it.
    lifetime.onEnd(() => node.producer.stop());
    options.signal?.addEventListener('abort', () => void lifetime.end(), { once: true });
    return {
      rpcUrl: server.url,
      call: inProcessCall(node),
      stop: () => lifetime.end(),
      stopped: lifetime.ended,
    };
  } catch (error) {
    await lifetime.close();
    throw error;
  }
}

/** Opens what is on disk, catches up, and starts to make blocks. */
function openNode(
  options: SoloOptions,
  createApplication: (store: Store) => Application,
  lifetime: Lifetime,
): RpcNode & { readonly producer: Producer } {
  const genesis = parseGenesis(options.genesis);
  const validator = soleValidator(genesis, options.validatorKey);
  const { blocks, state, atomically } = openStores(options, lifetime);
  const app = createApplication(state);
  const events = new EventBus();
  const parts = { app, blocks, events, atomically };
  const producer = startProducer(options, genesis, validator, parts, lifetime);
  return {
    app,
    blocks,
    producer,
    genesis,
    validator,
    events,
    genesisJson: options.genesis,
    report: options.report ?? ((error) => console.error(error)),
  };
}

function openStores({ home, genesis }: SoloOptions, lifetime: Lifetime) {
  mkdirSync(home, { recursive: true });
  lifetime.onEnd(lockHome(home));
  const environment = openEnvironment(join(home, 'data'));
  lifetime.onEnd(() => environment.close());
  const blocks = new BlockStore(environment);
  pinGenesis(blocks, genesis);
  const state = new LmdbStore(openDatabase(environment, 'state'));
  const atomically = (write: () => void) => environment.transactionSync(write);
  return { blocks, state, atomically };
}

function startProducer(
  { validatorKey, emptyBlockMs = DEFAULT_EMPTY_BLOCK_MS }: SoloOptions,
  genesis: GenesisDocument,
  validator: GenesisValidator,
  {
    events,
    ...parts
  }: Pick<ProducerComponents, 'app' | 'blocks' | 'atomically'> & { readonly events: EventBus },
  lifetime: Lifetime,
): Producer {
  const producer = new Producer(
    {
      ...parts,
      key: validatorKey,
      chain: constantsOf(genesis, validator),
      tip: handshake(parts.app, parts.blocks, genesis, validator.power),
      onBlock: (record) => {
        for (const event of eventsOf(record)) events.publish(event);
      },
      onFailure: (error) => lifetime.fail(error),
    },
    {
      maxBlockBytes: Number(genesis.block.maxBytes),
      maxBlockGas: genesis.block.maxGas,
      emptyBlockMs,
      mempool: DEFAULT_MEMPOOL_LIMITS,
      clock: () => BigInt(Date.now()),
    },
  );
  lifetime.onEnd(() => producer.stop());
  producer.start();
  return producer;
}
