import type { BlockResult, TxResult } from '@semblance/chain/application';
import { concat, fromUint64, toUint64 } from '@semblance/core/bytes';
import { BlockMeta as BlockMetaMessage } from 'cosmjs-types/tendermint/types/types';
import { decodeCommit, fromBlockId, fromHeader } from '../block/decode.ts';
import { encodeBlockId, encodeCommit, encodeHeader } from '../block/encode.ts';
import type { Block, BlockId, Commit, Header } from '../block/types.ts';
import { intField, messageField } from '../block/wire.ts';
import { ConsensusError } from '../errors.ts';
import { type BytesDatabase, type BytesEnvironment, openDatabase } from './environment.ts';
import { heightKey, positionKey, readPosition, type TxPosition } from './keys.ts';
import {
  decodeBlockResult,
  decodeTxRecord,
  encodeBlockResult,
  encodeTxRecord,
  type StoredBlockResult,
} from './results-codec.ts';
import { indexEntries, type TxIndex, txIndex } from './tx-index.ts';

/** A decided block with everything that is kept about it. */
export interface BlockRecord {
  readonly block: Block;
  readonly id: BlockId;
  /** Length of the encoded block in bytes. */
  readonly size: number;
  /** The votes for this block. */
  readonly commit: Commit;
  readonly txHashes: readonly Uint8Array[];
  readonly result: BlockResult;
}

export interface BlockMeta {
  readonly id: BlockId;
  readonly size: number;
  readonly header: Header;
  readonly txCount: number;
}

export interface TxRecord extends TxPosition {
  readonly tx: Uint8Array;
  readonly result: TxResult;
}

const GENESIS_KEY = new TextEncoder().encode('genesis');

/**
 * Blocks, their commits and results, and the indexes over them, in databases of one LMDB
 * environment: a block and all that belongs to it is written in one transaction, so they never
 * disagree.
 */
export class BlockStore {
  readonly #environment: BytesEnvironment;
  readonly #metas: BytesDatabase;
  readonly #commits: BytesDatabase;
  readonly #results: BytesDatabase;
  readonly #txs: BytesDatabase;
  readonly #heights: BytesDatabase;
  readonly #attributes: BytesDatabase;
  readonly #about: BytesDatabase;
  /** Finds transactions by their events. */
  readonly index: TxIndex;
  #latest: bigint;

  constructor(environment: BytesEnvironment) {
    this.#environment = environment;
    this.#metas = openDatabase(this.#environment, 'metas');
    this.#commits = openDatabase(this.#environment, 'commits');
    this.#results = openDatabase(this.#environment, 'results');
    this.#txs = openDatabase(this.#environment, 'txs');
    this.#heights = openDatabase(this.#environment, 'heights-by-block-hash');
    this.#attributes = openDatabase(this.#environment, 'places-by-attribute');
    this.#about = openDatabase(this.#environment, 'about');
    this.index = txIndex(this.#attributes, this.#txs);
    this.#latest = this.#readLatest();
  }

  /** Height of the last block, 0 before the first. */
  get latest(): bigint {
    return this.#latest;
  }

  /** Digest of the genesis that this history grew from. */
  genesisDigest(): Uint8Array | undefined {
    return this.#about.getBinary(GENESIS_KEY);
  }

  writeGenesisDigest(digest: Uint8Array): void {
    this.#environment.transactionSync(() => this.#about.putSync(GENESIS_KEY, asBuffer(digest)));
  }

  /** Writes the next block, durably, in one transaction. The first may have any height. */
  append(record: BlockRecord): void {
    const { height } = record.block.header;
    if (this.#latest !== 0n && height !== this.#latest + 1n) {
      throw new ConsensusError('BLOCK_STORE_CORRUPT', `block ${height} after ${this.#latest}`, {
        height,
        latest: this.#latest,
      });
    }
    this.#environment.transactionSync(() => this.#put(record));
    this.#latest = height;
  }

  meta(height: bigint): BlockMeta | undefined {
    const bytes = this.#metas.getBinary(fromUint64(height));
    return bytes && decodeMeta(bytes);
  }

  commit(height: bigint): Commit | undefined {
    const bytes = this.#commits.getBinary(fromUint64(height));
    return bytes && decodeCommit(bytes);
  }

  /** Transactions of a block with their results, in order. */
  txs(height: bigint): TxRecord[] {
    const range = { start: heightKey(height), end: heightKey(height + 1n) };
    return Array.from(this.#txs.getRange(range), ({ key, value }) => ({
      ...readPosition(key),
      ...decodeTxRecord(value),
    }));
  }

  result(height: bigint): StoredBlockResult | undefined {
    const bytes = this.#results.getBinary(fromUint64(height));
    return bytes && decodeBlockResult(bytes);
  }

  heightOf(blockHash: Uint8Array): bigint | undefined {
    const bytes = blockHash.length === 32 ? this.#heights.getBinary(blockHash) : undefined;
    return bytes && toUint64(bytes);
  }

  tx(position: TxPosition): TxRecord | undefined {
    const bytes = this.#txs.getBinary(positionKey(position));
    return bytes && { ...position, ...decodeTxRecord(bytes) };
  }

  #put({ block, id, size, commit, txHashes, result }: BlockRecord): void {
    const { height } = block.header;
    const key = fromUint64(height);
    this.#metas.putSync(key, asBuffer(encodeMeta(block, id, size)));
    this.#commits.putSync(key, asBuffer(encodeCommit(commit)));
    this.#results.putSync(key, encodeBlockResult(result));
    this.#heights.putSync(id.hash, asBuffer(key));
    for (const [index, tx] of block.txs.entries()) {
      const txResult = result.txResults[index] as TxResult;
      const position = positionKey({ height, index });
      this.#txs.putSync(position, encodeTxRecord(height, index, tx, txResult));
    }
    for (const [key, places] of indexEntries(height, txHashes, result.txResults)) {
      this.#attributes.putSync(key, places);
    }
  }

  #readLatest(): bigint {
    for (const key of this.#metas.getKeys({ reverse: true, limit: 1 })) return toUint64(key);
    return 0n;
  }
}

/** The fields of `tendermint.types.BlockMeta`. */
function encodeMeta(block: Block, id: BlockId, size: number): Uint8Array {
  return concat(
    messageField(1, encodeBlockId(id)),
    intField(2, BigInt(size)),
    messageField(3, encodeHeader(block.header)),
    intField(4, BigInt(block.txs.length)),
  );
}

function decodeMeta(bytes: Uint8Array): BlockMeta {
  const meta = BlockMetaMessage.decode(bytes);
  return {
    id: fromBlockId(meta.blockId),
    size: Number(meta.blockSize),
    header: fromHeader(meta.header),
    txCount: Number(meta.numTxs),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
