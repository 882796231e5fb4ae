import {
  type BlockID,
  Commit as CommitMessage,
  type Header as HeaderMessage,
} from 'cosmjs-types/tendermint/types/types';
import type { BlockId, Commit, Header } from './types.ts';

/*
 * Reads back what encode.ts wrote and this process stored. Nothing foreign comes through here.
 */

export function fromHeader(message: HeaderMessage): Header {
  return {
    version: message.version,
    chainId: message.chainId,
    height: message.height,
    timeMs: fromTimestamp(message.time),
    lastBlockId: fromBlockId(message.lastBlockId),
    lastCommitHash: message.lastCommitHash,
    dataHash: message.dataHash,
    validatorsHash: message.validatorsHash,
    nextValidatorsHash: message.nextValidatorsHash,
    consensusHash: message.consensusHash,
    appHash: message.appHash,
    lastResultsHash: message.lastResultsHash,
    evidenceHash: message.evidenceHash,
    proposerAddress: message.proposerAddress,
  };
}

export function decodeCommit(bytes: Uint8Array): Commit {
  const message = CommitMessage.decode(bytes);
  return {
    height: message.height,
    blockId: fromBlockId(message.blockId),
    signatures: message.signatures.map((vote) => ({
      validator: vote.validatorAddress,
      timeMs: fromTimestamp(vote.timestamp),
      signature: vote.signature,
    })),
  };
}

export function fromBlockId(message: BlockID): BlockId {
  return {
    hash: message.hash,
    parts: { total: message.partSetHeader.total, hash: message.partSetHeader.hash },
  };
}

function fromTimestamp(time: { seconds: bigint; nanos: number }): bigint {
  return time.seconds * 1000n + BigInt(time.nanos) / 1_000_000n;
}
