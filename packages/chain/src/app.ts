import { equals } from '@semblance/core/bytes';
import type { Contribution } from '@semblance/verification/beacon';
import { readExtension } from '@semblance/verification/vote-extension';
import type {
  Application,
  BlockResult,
  ChainEvent,
  DecidedBlock,
  Genesis,
  Proposal,
  ProposalRequest,
  QueryOptions,
  QueryResult,
  StateSync,
  TxResult,
  VoteExtensions,
} from './application.ts';
import { beginBlock } from './begin-block.ts';
import { type ChainParams, getChainParams } from './chain-params.ts';
import type { BlockInfo } from './context.ts';
import { endBlock } from './end-block.ts';
import { ApplicationError, RefusedError, sdkErrors } from './errors.ts';
import { firstState } from './first-state.ts';
import {
  FORMAT_CHANGE,
  getInitialHeight,
  getMeta,
  initialHeightChange,
  type Meta,
  metaChange,
  requireFormat,
} from './meta.ts';
import { rememberSigners, verifySigner } from './modules/auth/signers.ts';
import { inputAt } from './modules/beacon/beacon.ts';
import { areEnough, carry, contributionsOf, isCarrier } from './modules/beacon/carried.ts';
import { rememberExtensions } from './modules/beacon/remembered.ts';
import type { Upgrades } from './modules/upgrade/plan.ts';
import { chooseTxs, mayFormBlock, sizeInBlock } from './proposal.ts';
import { QUERIES } from './queries.ts';
import {
  clearRestoration,
  createStateSync,
  NO_SNAPSHOTS,
  type SnapshotKeeper,
} from './snapshot/state-sync.ts';
import { EMPTY_READER } from './store/empty-reader.ts';
import { guardStore } from './store/guard.ts';
import { buildState, Multistore, type PreparedState } from './store/multistore.ts';
import { Overlay } from './store/overlay.ts';
import { queryStore, storeOf } from './store/query.ts';
import type { Change, Entries, Store } from './store/store.ts';
import { decodeTx } from './tx/decode.ts';
import { rememberDecoded } from './tx/decoded-txs.ts';
import { checkTx, deliverTx, type Environment } from './tx/run.ts';
import { UPGRADES } from './upgrades.ts';

export interface ApplicationOptions {
  readonly store: Store;
  /** When given, genesis and store must belong to this chain. */
  readonly chainId?: string;
  /** Default: this release's. */
  readonly upgrades?: Upgrades;
  /** Makes and keeps snapshots for state sync; default none. */
  readonly snapshots?: SnapshotKeeper;
}

/** The application over a store, empty or left by an earlier run. */
export function createApplication(options: ApplicationOptions): Application {
  return new StateMachine({ ...options, store: guardStore(options.store) });
}

const BEFORE_GENESIS: Meta = { height: 0n, timeMs: 0n, appHash: new Uint8Array(32) };

/** What a block's first transaction comes to if nobody had to sign it. */
interface Carried {
  readonly contributions: readonly Contribution[];
  readonly results: readonly TxResult[];
}

const NO_RESULT: TxResult = {
  code: 0,
  codespace: '',
  data: new Uint8Array(),
  log: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
};

type Answer = Omit<QueryResult, 'code' | 'codespace' | 'log'>;

/** What a block, or genesis, has come to. A vote may have changed the parameters. */
interface Staged {
  readonly changes: readonly Change[];
  readonly trees: PreparedState;
  readonly tip: Meta;
  readonly params: ChainParams | undefined;
}

class StateMachine implements Application {
  readonly #store: Store;
  readonly #chainId: string | undefined;
  readonly #upgrades: Upgrades;
  readonly #snapshots: SnapshotKeeper;
  readonly stateSync: StateSync;
  readonly voteExtensions: VoteExtensions = {
    inputAt: (height) => this.#inputAt(height),
    isRight: (height, validator, extension) => {
      const input = this.#inputAt(height);
      const contribution = input && this.#read(extension, input);
      return contribution !== undefined && equals(contribution.validator, validator);
    },
  };
  #trees: Multistore;
  #tip: Meta = BEFORE_GENESIS;
  #params: ChainParams | undefined;
  readonly #decode = rememberDecoded(decodeTx);
  readonly #verify = rememberSigners(verifySigner);
  readonly #read = rememberExtensions(readExtension);
  /** What checkTx has let through since the last block. */
  #pool: Overlay;
  /** The block that finalizeBlock executed and commit will persist. */
  #staged: Staged | undefined;

  constructor(options: ApplicationOptions) {
    const { store, chainId, upgrades = UPGRADES, snapshots = NO_SNAPSHOTS } = options;
    this.#store = store;
    this.#chainId = chainId;
    this.#upgrades = upgrades;
    this.#snapshots = snapshots;
    this.stateSync = createStateSync({
      store,
      keeper: snapshots,
      isEmpty: () => this.#params === undefined,
      onRestored: () => this.#open(),
    });
    clearRestoration(store);
    this.#pool = new Overlay(store);
    this.#trees = new Multistore(EMPTY_READER);
    this.#open();
  }

  info() {
    const { height, appHash } = this.#tip;
    const isBegun = height >= getInitialHeight(this.#store);
    return { height: isBegun ? height : 0n, appHash };
  }

  /** May be repeated with the same genesis until the first block, as CometBFT does after a crash. */
  initChain(genesis: Genesis) {
    this.#requireChain(genesis.chainId);
    clearRestoration(this.#store);
    const { initialHeight = 1n, timeMs } = genesis;
    const height = initialHeight - 1n;
    const { entries, validators } = firstState(genesis, undecided(height, timeMs));
    if (this.#params === undefined) {
      this.#store.write(beginning(initialHeight, timeMs, entries));
      this.#open();
    } else {
      this.#requireSame(height, hashOf(height, entries));
    }
    return { appHash: this.#tip.appHash, validators };
  }

  checkTx(tx: Uint8Array): TxResult {
    return checkTx(this.#environment(this.#nextBlock()), this.#pool, tx);
  }

  prepareProposal({ txs, maxTxBytes, lastCommit = [] }: ProposalRequest): Uint8Array[] {
    const params = this.#requireParams();
    if (lastCommit.length === 0) return chooseTxs(this.#decode, params, txs, maxTxBytes);
    const carrier = carry(this.#read, lastCommit, this.#inputOfLastVotes());
    const left = maxTxBytes - sizeInBlock(carrier);
    return [carrier, ...chooseTxs(this.#decode, params, txs, left)];
  }

  processProposal({ txs, lastCommit = [] }: Proposal): boolean {
    const [first, ...others] = txs;
    if (!isCarrier(first)) {
      return lastCommit.length === 0 && mayFormBlock(this.#decode, this.#requireParams(), txs);
    }
    const contributions = contributionsOf(this.#read, first, this.#inputOfLastVotes());
    return (
      contributions !== undefined &&
      areEnough(contributions, lastCommit) &&
      mayFormBlock(this.#decode, this.#requireParams(), others)
    );
  }

  finalizeBlock({ txs, lastCommit, misbehavior, ...block }: DecidedBlock): BlockResult {
    if (block.height !== this.#tip.height + 1n) {
      const { height } = this.#tip;
      throw new ApplicationError('WRONG_HEIGHT', `block ${block.height} after ${height}`, {});
    }
    const environment = this.#environment(block);
    const state = new Overlay(this.#store);
    const events: ChainEvent[] = [];
    const context = { ...environment, state, events };
    const { contributions, results } = this.#carried(txs[0]);
    beginBlock(context, { lastCommit, misbehavior, contributions }, this.#upgrades);
    const signed = txs.slice(results.length);
    const txResults = [...results, ...signed.map((tx) => deliverTx(environment, state, tx))];
    const { validatorUpdates, awaitsNext } = endBlock(context);
    const changes = state.changes();
    const trees = this.#trees.prepare(block.height, changes);
    const appHash = trees.hash;
    const tip = { height: block.height, timeMs: block.timeMs, appHash };
    this.#staged = { changes, trees, tip, params: getChainParams(state) };
    return { txResults, events, appHash, validatorUpdates, awaitsNext };
  }

  commit() {
    if (this.#staged === undefined) {
      throw new ApplicationError('NOTHING_STAGED', 'no block was finalized', {});
    }
    this.#persist(this.#staged);
    this.#snapshots.committed(this.#tip.height);
  }

  query(path: string, data: Uint8Array, options: QueryOptions = {}): QueryResult {
    const latest = this.#tip.height;
    try {
      return { code: 0, codespace: '', log: '', ...this.#answer(path, data, options) };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const { number, codespace } = error.details;
      const value = new Uint8Array();
      return { code: number, codespace, log: error.message, value, height: latest };
    }
  }

  #answer(path: string, data: Uint8Array, options: QueryOptions): Answer {
    const { prove = false } = options;
    const latest = this.#tip.height;
    const height = options.height || latest;
    const store = storeOf(path);
    if (store !== undefined) {
      return { height, ...queryStore(this.#trees, { store, key: data, height, prove }) };
    }
    const handler = QUERIES.get(path);
    if (handler === undefined) {
      throw new RefusedError(sdkErrors.unknownRequest, 'unknown query path');
    }
    if (height !== latest) {
      const log = `no state at height ${height} is kept, only at ${latest}`;
      throw new RefusedError(sdkErrors.invalidHeight, log);
    }
    const context = { ...this.#environment(this.#nextBlock()), state: this.#store };
    return { height, value: handler(context, data) };
  }

  /**
   * What the first transaction adds to the beacon, and its result, if it is the carrier. That the
   * contributions are enough was for the judges of the proposal to say: more than two thirds did.
   */
  #carried(tx: Uint8Array | undefined): Carried {
    if (!isCarrier(tx)) return { contributions: [], results: [] };
    const contributions = contributionsOf(this.#read, tx, this.#inputOfLastVotes());
    if (contributions === undefined) {
      throw new ApplicationError('WRONG_EXTENSIONS', 'a block carries wrong vote extensions', {});
    }
    return { contributions, results: [NO_RESULT] };
  }

  #inputAt(height: bigint): Uint8Array | undefined {
    if (this.#params === undefined) return undefined;
    return inputAt(this.#store, this.#params.chainId, height, this.#tip.height);
  }

  #inputOfLastVotes(): Uint8Array {
    return this.#inputAt(this.#tip.height) as Uint8Array;
  }

  #environment(block: BlockInfo): Environment {
    const params = this.#requireParams();
    return { block, params, decode: this.#decode, verify: this.#verify };
  }

  #requireParams(): ChainParams {
    if (this.#params === undefined) {
      throw new ApplicationError('NO_GENESIS', 'there is no genesis yet', {});
    }
    return this.#params;
  }

  /** The block to come, as far as it is known before it is decided. */
  #nextBlock(): BlockInfo {
    const { height, timeMs } = this.#tip;
    return undecided(height + 1n, timeMs);
  }

  #persist({ changes, trees, tip, params }: Staged): void {
    this.#store.write([...changes, ...this.#trees.accept(trees), metaChange(tip)]);
    this.#tip = tip;
    this.#params = params;
    this.#staged = undefined;
    this.#pool = new Overlay(this.#store);
  }

  /** Goes on from what the store holds. */
  #open(): void {
    requireFormat(this.#store);
    this.#trees = new Multistore(this.#store);
    this.#tip = getMeta(this.#store) ?? BEFORE_GENESIS;
    requireTrees(this.#trees, this.#tip);
    this.#params = getChainParams(this.#store);
    this.#pool = new Overlay(this.#store);
    if (this.#params !== undefined) this.#requireChain(this.#params.chainId);
  }

  #requireChain(chainId: string): void {
    if (this.#chainId === undefined || this.#chainId === chainId) return;
    throw new ApplicationError('WRONG_CHAIN', `${chainId} is not ${this.#chainId}`, {});
  }

  #requireSame(height: bigint, appHash: Uint8Array): void {
    if (this.#tip.height === height && equals(this.#tip.appHash, appHash)) return;
    throw new ApplicationError('GENESIS_EXISTS', 'the store holds a chain already', {});
  }
}

/** All that is written of a chain before its first block. */
function* beginning(initialHeight: bigint, timeMs: bigint, entries: Entries): Generator<Change> {
  yield FORMAT_CHANGE;
  yield initialHeightChange(initialHeight);
  const height = initialHeight - 1n;
  yield metaChange({ height, timeMs, appHash: yield* buildState(height, entries) });
}

/** The application hash of a first state that is not written. */
function hashOf(height: bigint, entries: Entries): Uint8Array {
  const records = buildState(height, entries);
  for (;;) {
    const { done, value } = records.next();
    if (done === true) return value;
  }
}

/** The store writes both at once: if they differ, something else wrote to it. */
function requireTrees(trees: Multistore, { height, appHash }: Meta): void {
  const tip = trees.tip();
  if (
    tip === undefined
      ? appHash === BEFORE_GENESIS.appHash
      : equals(tip.hash, appHash) && tip.height === height
  )
    return;
  throw new ApplicationError('CORRUPT_STATE', `the trees are not those of height ${height}`, {});
}

/** A block of which nobody knows the producer yet. */
function undecided(height: bigint, timeMs: bigint): BlockInfo {
  return { height, timeMs, proposer: new Uint8Array(20) };
}
