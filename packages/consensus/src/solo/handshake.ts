import type { Application, DecidedBlock, TxResult, Vote } from '@semblance/chain/application';
import { equals, toHex } from '@semblance/core/bytes';
import { EMPTY_ROOT, resultsHash } from '../block/roots.ts';
import { isNoBlock, NO_BLOCK_ID, NO_COMMIT } from '../block/types.ts';
import { ConsensusError } from '../errors.ts';
import type { GenesisDocument } from '../genesis.ts';
import type { BlockMeta, BlockStore } from '../store/block-store.ts';
import type { StoredBlockResult } from '../store/results-codec.ts';
import type { Tip } from './make-block.ts';

/**
 * Brings the application to the height of the block store and returns the tip to build on.
 *
 * The application is never ahead of the blocks. One that is behind, whose state was lost or written
 * by itself, executes the stored blocks again and must arrive at the same hashes; an empty one
 * replays everything from genesis. `power` is the validator's.
 */
export function handshake(
  app: Application,
  blocks: BlockStore,
  genesis: GenesisDocument,
  power: bigint,
): Tip {
  const { height } = app.info();
  if (height > blocks.latest) {
    throw new ConsensusError('APP_AHEAD', `application at ${height}, blocks at ${blocks.latest}`, {
      application: height,
      blocks: blocks.latest,
    });
  }
  // Repeated after a crash between genesis and the first block, as CometBFT does.
  if (height === 0n) app.initChain(genesis);
  if (height === blocks.latest) verifyAppHash(app, blocks);
  const first = height === 0n ? genesis.initialHeight : height + 1n;
  for (let next = first; next <= blocks.latest; next++) {
    replay(app, blocks, next, power);
  }
  return readTip(app, blocks, genesis);
}

function verifyAppHash(app: Application, blocks: BlockStore): void {
  if (blocks.latest === 0n) return;
  assertAppHash(blocks.latest, stored(blocks, blocks.latest).result.appHash, app.info().appHash);
}

function replay(app: Application, blocks: BlockStore, height: bigint, power: bigint): void {
  const { meta, result, txResults, txs } = stored(blocks, height);
  assertAppHash(height - 1n, meta.header.appHash, app.info().appHash);
  const again = app.finalizeBlock(decidedBlock(meta, power, txs));
  assertAppHash(height, result.appHash, again.appHash);
  if (!equals(resultsHash(again.txResults), resultsHash(txResults))) {
    throw new ConsensusError('APP_HASH_MISMATCH', `other results at height ${height}`, { height });
  }
  app.commit();
}

/** A block as the application sees it. The one validator signed the block before, if there is one. */
export function decidedBlock(
  meta: Pick<BlockMeta, 'id' | 'header'>,
  power: bigint,
  txs: readonly Uint8Array[],
): DecidedBlock {
  const { height, timeMs, proposerAddress: address, lastBlockId } = meta.header;
  return {
    height,
    timeMs,
    proposer: address,
    lastCommit: isNoBlock(lastBlockId) ? [] : [soleVote(address, power)],
    misbehavior: [],
    txs,
  };
}

/** The vote of the one validator for the block before. */
export function soleVote(address: Uint8Array, power: bigint): Vote {
  return { validator: { address, power }, signed: true };
}

function readTip(app: Application, blocks: BlockStore, genesis: GenesisDocument): Tip {
  const height = blocks.latest;
  if (height === 0n) {
    return {
      height: genesis.initialHeight - 1n,
      timeMs: genesis.timeMs,
      id: NO_BLOCK_ID,
      commit: NO_COMMIT,
      appHash: app.info().appHash,
      resultsHash: EMPTY_ROOT,
    };
  }
  const { meta, result, txResults } = stored(blocks, height);
  const commit = blocks.commit(height);
  if (commit === undefined) throw missing(height);
  return {
    height,
    timeMs: meta.header.timeMs,
    id: meta.id,
    commit,
    appHash: result.appHash,
    resultsHash: resultsHash(txResults),
  };
}

interface StoredBlock {
  readonly meta: BlockMeta;
  readonly result: StoredBlockResult;
  readonly txs: readonly Uint8Array[];
  readonly txResults: readonly TxResult[];
}

function stored(blocks: BlockStore, height: bigint): StoredBlock {
  const meta = blocks.meta(height);
  const result = blocks.result(height);
  if (meta === undefined || result === undefined) throw missing(height);
  const records = blocks.txs(height);
  if (records.length !== meta.txCount) throw missing(height);
  return {
    meta,
    result,
    txs: records.map(({ tx }) => tx),
    txResults: records.map((record) => record.result),
  };
}

function missing(height: bigint): ConsensusError {
  return new ConsensusError('BLOCK_STORE_CORRUPT', `block ${height} is not whole`, { height });
}

function assertAppHash(height: bigint, expected: Uint8Array, actual: Uint8Array): void {
  if (equals(expected, actual)) return;
  throw new ConsensusError(
    'APP_HASH_MISMATCH',
    `application hash ${toHex(actual)} after height ${height}, the block store has ${toHex(expected)}`,
    { height, expected: toHex(expected), actual: toHex(actual) },
  );
}
