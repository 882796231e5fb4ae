import type { Application, BlockResult } from '@semblance/chain/application';
import { sha256 } from '@semblance/core/sha256';
import { resultsHash } from '../block/roots.ts';
import { isNoBlock } from '../block/types.ts';
import { ConsensusError } from '../errors.ts';
import type { BlockRecord, BlockStore } from '../store/block-store.ts';
import type { ValidatorKey } from '../validator-key.ts';
import { decidedBlock, soleVote } from './handshake.ts';
import {
  type BlockTx,
  type ChainConstants,
  type MadeBlock,
  makeBlock,
  signCommit,
  type Tip,
} from './make-block.ts';
import { Mempool, type MempoolLimits } from './mempool.ts';

export interface ProducerComponents {
  readonly app: Application;
  readonly blocks: BlockStore;
  /** Writes to the disk, once and whole, all that `write` writes to blocks and state. */
  readonly atomically: (write: () => void) => void;
  readonly key: ValidatorKey;
  readonly chain: ChainConstants;
  /** The last block, which the handshake found. */
  readonly tip: Tip;
  /** Called with each block after it is committed, before anything else happens. */
  readonly onBlock: (record: BlockRecord) => void;
  /** Called once if a block cannot be made; the producer has then stopped for good. */
  readonly onFailure: (error: ConsensusError) => void;
}

export interface ProducerOptions {
  readonly maxBlockBytes: number;
  /** Below 0 means no limit. */
  readonly maxBlockGas: bigint;
  /** A block without transactions is made when none was for this long. */
  readonly emptyBlockMs: number;
  readonly mempool: MempoolLimits;
  /** Unix milliseconds. */
  readonly clock: () => bigint;
}

/** How long a block waits for company: less than its writes to disk take. */
const GATHER_MS = 1;

/** Header, one vote, evidence and framing, generously (CometBFT: 626 + 11 + 203 bytes). */
const BLOCK_OVERHEAD_BYTES = 2048;

/**
 * Makes blocks: at once when a transaction waits, with all that came in meanwhile, and an empty
 * one when nothing does for a while, so that deadlines pass.
 *
 * The order makes a crash harmless at any instant: execute (nothing is written), store the block
 * with its results and the state it leads to in one transaction, tell the world. One transaction
 * also means one wait for the disk, which is most of a small block's time. See {@link handshake}.
 */
export class Producer {
  readonly mempool: Mempool;
  readonly #parts: ProducerComponents;
  readonly #options: ProducerOptions;
  #tip: Tip;
  /** The application waits for the next block. */
  #isAwaited = false;
  #idle: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: ProducerComponents, options: ProducerOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#tip = parts.tip;
    this.mempool = new Mempool(parts.app, options.mempool, () => this.#schedule());
  }

  /** The last committed block. */
  get tip(): Tip {
    return this.#tip;
  }

  /** Begins. Clients need a block to look at, so the first one is made before this returns. */
  start(): void {
    if (isNoBlock(this.#tip.id)) this.#produce();
    else this.#schedule();
  }

  /** Puts what waits into a last block and ends. */
  stop(): void {
    if (this.#stopped) return;
    this.mempool.close();
    if (this.mempool.size > 0) this.#produce();
    this.#halt();
  }

  #schedule(): void {
    if (this.#stopped) return;
    if (this.mempool.size > 0 || this.#isAwaited) {
      // A moment later, so that the sender is answered first and others can share the block.
      this.#soon ??= setTimeout(() => this.#produce(), GATHER_MS);
    } else {
      this.#idle ??= setTimeout(() => this.#produce(), this.#options.emptyBlockMs);
    }
  }

  #produce(): void {
    this.#clearTimers();
    try {
      this.#nextBlock();
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    this.#schedule();
  }

  #nextBlock(): void {
    const { app, blocks, atomically, chain, key, onBlock } = this.#parts;
    const { maxBlockBytes, maxBlockGas, clock } = this.#options;
    const carried = this.#carried();
    const maxTxBytes = maxBlockBytes - BLOCK_OVERHEAD_BYTES - sizeOf(carried);
    const pooled = this.mempool.reap(maxTxBytes, maxBlockGas);
    const txs = [...carried, ...pooled];
    const made = makeBlock(chain, this.#tip, key.address, txs, clock());
    const result = execute(app, made, chain.power);
    const record = recordOf(made, txs, result, signCommit(chain.chainId, made, key));
    atomically(() => {
      blocks.append(record);
      app.commit();
    });
    this.#tip = tipOf(record);
    this.#isAwaited = result.awaitsNext ?? false;
    this.mempool.update(pooled, result.txResults.slice(carried.length));
    onBlock(record);
  }

  /** What the application puts before the transactions: the extension of the vote for the tip. */
  #carried(): BlockTx[] {
    const { app, key, chain } = this.#parts;
    if (isNoBlock(this.#tip.id)) return [];
    const input = app.voteExtensions?.inputAt(this.#tip.height);
    if (input === undefined) return [];
    const vote = soleVote(key.address, chain.power);
    const lastCommit = [{ ...vote, extension: key.extension(input) }];
    const maxTxBytes = BigInt(this.#options.maxBlockBytes);
    const txs = app.prepareProposal({ txs: [], maxTxBytes, lastCommit });
    return txs.map((bytes) => ({ bytes, hash: sha256(bytes) }));
  }

  #fail(cause: unknown): void {
    this.#halt();
    const height = this.#tip.height + 1n;
    const message = `block ${height} cannot be made: ${String(cause)}`;
    this.#parts.onFailure(new ConsensusError('BLOCK_FAILED', message, { height }, { cause }));
  }

  #halt(): void {
    this.#stopped = true;
    this.mempool.close();
    this.#clearTimers();
  }

  #clearTimers(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#soon);
    this.#idle = undefined;
    this.#soon = undefined;
  }
}

/** With what a block's encoding adds to each, generously. */
function sizeOf(txs: readonly BlockTx[]): number {
  return txs.reduce((sum, { bytes }) => sum + bytes.length + TX_FRAMING_BYTES, 0);
}

const TX_FRAMING_BYTES = 6;

function execute(app: Application, { block, id }: MadeBlock, power: bigint): BlockResult {
  const result = app.finalizeBlock(decidedBlock({ header: block.header, id }, power, block.txs));
  if (result.txResults.length !== block.txs.length) {
    throw new RangeError(`${result.txResults.length} results of ${block.txs.length} transactions`);
  }
  return result;
}

function recordOf(
  { block, id, size }: MadeBlock,
  txs: readonly BlockTx[],
  result: BlockResult,
  commit: BlockRecord['commit'],
): BlockRecord {
  return { block, id, size, commit, result, txHashes: txs.map(({ hash }) => hash) };
}

function tipOf({ block, id, commit, result }: BlockRecord): Tip {
  return {
    height: block.header.height,
    timeMs: block.header.timeMs,
    id,
    commit,
    appHash: result.appHash,
    resultsHash: resultsHash(result.txResults),
  };
}
