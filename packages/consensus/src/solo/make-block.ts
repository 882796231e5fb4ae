import { commitHash, precommitSignBytes } from '../block/commit.ts';
import { encodeBlock } from '../block/encode.ts';
import { headerHash } from '../block/header-hash.ts';
import { partSetHeader } from '../block/part-set.ts';
import { dataHash, EMPTY_ROOT } from '../block/roots.ts';
import {
  BLOCK_PROTOCOL,
  type Block,
  type BlockId,
  type Commit,
  type Header,
  isNoBlock,
} from '../block/types.ts';
import type { ValidatorKey } from '../validator-key.ts';

/** SHA-256 and bytes. */
export interface BlockTx {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** What never changes over the life of a chain with one validator. */
export interface ChainConstants {
  readonly chainId: string;
  /** The validator's voting power. */
  readonly power: bigint;
  readonly appVersion: bigint;
  readonly validatorsHash: Uint8Array;
  readonly consensusHash: Uint8Array;
  /** No block is older than this. */
  readonly genesisTimeMs: bigint;
}

/** The last block, as far as the next one needs it; before the first, that there is none. */
export interface Tip {
  readonly height: bigint;
  readonly timeMs: bigint;
  readonly id: BlockId;
  readonly commit: Commit;
  /** State and results after the block, which the next header names. */
  readonly appHash: Uint8Array;
  readonly resultsHash: Uint8Array;
}

export interface MadeBlock {
  readonly block: Block;
  readonly id: BlockId;
  readonly size: number;
}

/** Builds the block after `tip`. Its time is the clock's, but always later than the tip's. */
export function makeBlock(
  chain: ChainConstants,
  tip: Tip,
  proposer: Uint8Array,
  txs: readonly BlockTx[],
  nowMs: bigint,
): MadeBlock {
  const block: Block = {
    header: makeHeader(chain, tip, proposer, txs, nowMs),
    txs: txs.map(({ bytes }) => bytes),
    lastCommit: tip.commit,
  };
  const encoded = encodeBlock(block);
  const id = { hash: headerHash(block.header), parts: partSetHeader(encoded) };
  return { block, id, size: encoded.length };
}

function makeHeader(
  chain: ChainConstants,
  tip: Tip,
  proposer: Uint8Array,
  txs: readonly BlockTx[],
  nowMs: bigint,
): Header {
  return {
    version: { block: BLOCK_PROTOCOL, app: chain.appVersion },
    chainId: chain.chainId,
    height: tip.height + 1n,
    timeMs: nextTime(chain, tip, nowMs),
    lastBlockId: tip.id,
    lastCommitHash: commitHash(tip.commit),
    dataHash: dataHash(txs.map(({ hash }) => hash)),
    validatorsHash: chain.validatorsHash,
    nextValidatorsHash: chain.validatorsHash,
    consensusHash: chain.consensusHash,
    appHash: tip.appHash,
    lastResultsHash: tip.resultsHash,
    evidenceHash: EMPTY_ROOT,
    proposerAddress: proposer,
  };
}

function nextTime(chain: ChainConstants, tip: Tip, nowMs: bigint): bigint {
  const earliest = isNoBlock(tip.id) ? chain.genesisTimeMs : tip.timeMs + 1n;
  return nowMs > earliest ? nowMs : earliest;
}

/**
 * The validator's vote for its own block. Signing twice at one height after a crash is harmless:
 * a vote leaves this process only once its block is on the disk.
 */
export function signCommit(chainId: string, made: MadeBlock, key: ValidatorKey): Commit {
  const { height, timeMs } = made.block.header;
  const vote = { chainId, height, blockId: made.id, timeMs };
  return {
    height,
    blockId: made.id,
    signatures: [{ validator: key.address, timeMs, signature: key.sign(precommitSignBytes(vote)) }],
  };
}
