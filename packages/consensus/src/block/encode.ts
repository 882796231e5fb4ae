import { concat } from '@semblance/core/bytes';
import type { Block, BlockId, Commit, CommitSignature, Header, PartSetHeader } from './types.ts';
import { bytesField, intField, messageField, stringField, timestamp } from './wire.ts';

/*
 * tendermint.types messages (proto/tendermint/types/types.proto, block.proto of CometBFT 0.38).
 */

const BLOCK_ID_FLAG_COMMIT = 2n;

function encodePartSetHeader(parts: PartSetHeader): Uint8Array {
  return concat(intField(1, BigInt(parts.total)), bytesField(2, parts.hash));
}

/** The same bytes for BlockID and CanonicalBlockID. */
export function encodeBlockId(id: BlockId): Uint8Array {
  return concat(bytesField(1, id.hash), messageField(2, encodePartSetHeader(id.parts)));
}

export function encodeVersion(version: Header['version']): Uint8Array {
  return concat(intField(1, version.block), intField(2, version.app));
}

export function encodeHeader(header: Header): Uint8Array {
  return concat(
    messageField(1, encodeVersion(header.version)),
    stringField(2, header.chainId),
    intField(3, header.height),
    messageField(4, timestamp(header.timeMs)),
    messageField(5, encodeBlockId(header.lastBlockId)),
    bytesField(6, header.lastCommitHash),
    bytesField(7, header.dataHash),
    bytesField(8, header.validatorsHash),
    bytesField(9, header.nextValidatorsHash),
    bytesField(10, header.consensusHash),
    bytesField(11, header.appHash),
    bytesField(12, header.lastResultsHash),
    bytesField(13, header.evidenceHash),
    bytesField(14, header.proposerAddress),
  );
}

export function encodeCommitSignature(vote: CommitSignature): Uint8Array {
  return concat(
    intField(1, BLOCK_ID_FLAG_COMMIT),
    bytesField(2, vote.validator),
    messageField(3, timestamp(vote.timeMs)),
    bytesField(4, vote.signature),
  );
}

export function encodeCommit(commit: Commit): Uint8Array {
  return concat(
    intField(1, commit.height),
    messageField(3, encodeBlockId(commit.blockId)),
    ...commit.signatures.map((vote) => messageField(4, encodeCommitSignature(vote))),
  );
}

/** The whole block as it is cut into parts. There is never evidence: nobody else votes. */
export function encodeBlock(block: Block): Uint8Array {
  const data = concat(...block.txs.map((tx) => messageField(1, tx)));
  return concat(
    messageField(1, encodeHeader(block.header)),
    messageField(2, data),
    messageField(3, new Uint8Array(0)),
    messageField(4, encodeCommit(block.lastCommit)),
  );
}
