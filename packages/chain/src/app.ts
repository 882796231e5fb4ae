import { equals } from '@semblance/core/bytes';
import { EMPTY_APP_HASH, nextAppHash } from './app-hash.ts';
import type {
  Application,
  BlockResult,
  ChainEvent,
  DecidedBlock,
  Genesis,
  Proposal,
  ProposalRequest,
  QueryResult,
  TxResult,
} from './application.ts';
import { beginBlock } from './begin-block.ts';
import { type ChainParams, getChainParams } from './chain-params.ts';
import type { BlockInfo } from './context.ts';
import { endBlock } from './end-block.ts';
import { ApplicationError, RefusedError, sdkErrors } from './errors.ts';
import { parseGenesis, writeGenesis } from './genesis.ts';
import { getMeta, type Meta, metaChange } from './meta.ts';
import { rememberSigners, verifySigner } from './modules/auth/signers.ts';
import type { Upgrades } from './modules/upgrade/plan.ts';
import { chooseTxs, mayFormBlock } from './proposal.ts';
import { QUERIES } from './queries.ts';
import { EMPTY_READER } from './store/empty-reader.ts';
import { guardStore } from './store/guard.ts';
import { Overlay } from './store/overlay.ts';
import type { Change, Store } from './store/store.ts';
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
}

/** The application over a store, empty or left by an earlier run. */
export function createApplication(options: ApplicationOptions): Application {
  return new StateMachine({ ...options, store: guardStore(options.store) });
}

const BEFORE_GENESIS: Meta = { height: 0n, timeMs: 0n, appHash: EMPTY_APP_HASH };

/** What a block has come to. A vote may have changed the parameters. */
interface Staged {
  readonly changes: readonly Change[];
  readonly tip: Meta;
  readonly params: ChainParams | undefined;
}

class StateMachine implements Application {
  readonly #store: Store;
  readonly #chainId: string | undefined;
  readonly #upgrades: Upgrades;
  #tip: Meta;
  #params: ChainParams | undefined;
  readonly #decode = rememberDecoded(decodeTx);
  readonly #verify = rememberSigners(verifySigner);
  /** What checkTx has let through since the last block. */
  #pool: Overlay;
  /** The block that finalizeBlock executed and commit will persist. */
  #staged: Staged | undefined;

  constructor({ store, chainId, upgrades = UPGRADES }: ApplicationOptions) {
    this.#store = store;
    this.#chainId = chainId;
    this.#upgrades = upgrades;
    this.#tip = getMeta(store) ?? BEFORE_GENESIS;
    this.#params = getChainParams(store);
    this.#pool = new Overlay(store);
    if (this.#params !== undefined) this.#requireChain(this.#params.chainId);
  }

  info() {
    const { height, appHash } = this.#tip;
    return { height, appHash };
  }

  /** May be repeated with the same genesis until the first block, as CometBFT does after a crash. */
  initChain(genesis: Genesis) {
    this.#requireChain(genesis.chainId);
    const parsed = parseGenesis(genesis);
    const state = new Overlay(EMPTY_READER);
    const block = undecided(0n, genesis.timeMs);
    writeGenesis({ block, params: parsed.params, state, events: [] }, parsed);
    const changes = state.changes();
    const appHash = nextAppHash(EMPTY_APP_HASH, 0n, changes);
    this.#requireNoOther(appHash);
    const tip = { height: 0n, timeMs: genesis.timeMs, appHash };
    this.#persist({ changes, tip, params: parsed.params });
    return { appHash };
  }

  checkTx(tx: Uint8Array): TxResult {
    return checkTx(this.#environment(this.#nextBlock()), this.#pool, tx);
  }

  prepareProposal({ txs, maxTxBytes }: ProposalRequest): Uint8Array[] {
    return chooseTxs(this.#decode, this.#requireParams(), txs, maxTxBytes);
  }

  processProposal({ txs }: Proposal): boolean {
    return mayFormBlock(this.#decode, this.#requireParams(), txs);
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
    beginBlock(context, { lastCommit, misbehavior }, this.#upgrades);
    const txResults = txs.map((tx) => deliverTx(environment, state, tx));
    const validatorUpdates = endBlock(context);
    const changes = state.changes();
    const appHash = nextAppHash(this.#tip.appHash, block.height, changes);
    const tip = { height: block.height, timeMs: block.timeMs, appHash };
    this.#staged = { changes, tip, params: getChainParams(state) };
    return { txResults, events, appHash, validatorUpdates };
  }

  commit() {
    if (this.#staged === undefined) {
      throw new ApplicationError('NOTHING_STAGED', 'no block was finalized', {});
    }
    this.#persist(this.#staged);
  }

  query(path: string, data: Uint8Array): QueryResult {
    const { height } = this.#tip;
    try {
      return { code: 0, codespace: '', log: '', value: this.#answer(path, data), height };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const { number, codespace } = error.details;
      return { code: number, codespace, log: error.message, value: new Uint8Array(), height };
    }
  }

  #answer(path: string, data: Uint8Array): Uint8Array {
    const handler = QUERIES.get(path);
    if (handler === undefined) {
      throw new RefusedError(sdkErrors.unknownRequest, 'unknown query path');
    }
    return handler({ ...this.#environment(this.#nextBlock()), state: this.#store }, data);
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

  #persist({ changes, tip, params }: Staged): void {
    this.#store.write([...changes, metaChange(tip)]);
    this.#tip = tip;
    this.#params = params;
    this.#staged = undefined;
    this.#pool = new Overlay(this.#store);
  }

  #requireChain(chainId: string): void {
    if (this.#chainId === undefined || this.#chainId === chainId) return;
    throw new ApplicationError('WRONG_CHAIN', `${chainId} is not ${this.#chainId}`, {});
  }

  #requireNoOther(appHash: Uint8Array): void {
    if (this.#params === undefined) return;
    if (this.#tip.height === 0n && equals(this.#tip.appHash, appHash)) return;
    throw new ApplicationError('GENESIS_EXISTS', 'the store holds a chain already', {});
  }
}

/** A block of which nobody knows the hash or the producer yet. */
function undecided(height: bigint, timeMs: bigint): BlockInfo {
  return { height, timeMs, hash: new Uint8Array(32), proposer: new Uint8Array(20) };
}
