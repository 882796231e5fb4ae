import { concat } from '@semblance/core/bytes';
import { merkleRoot } from '@semblance/core/merkle';
import { encodeBlockId, encodeCommitSignature } from './encode.ts';
import type { BlockId, Commit } from './types.ts';
import {
  intField,
  lengthDelimited,
  messageField,
  sfixed64Field,
  stringField,
  timestamp,
} from './wire.ts';

const PRECOMMIT = 2n;

/** Header field `last_commit_hash`: Merkle root over the votes. */
export function commitHash(commit: Commit): Uint8Array {
  return merkleRoot(commit.signatures.map(encodeCommitSignature));
}

export interface Precommit {
  readonly chainId: string;
  readonly height: bigint;
  readonly blockId: BlockId;
  readonly timeMs: bigint;
}

/** What a validator signs: a length-delimited CanonicalVote of round 0. */
export function precommitSignBytes(vote: Precommit): Uint8Array {
  return lengthDelimited(
    concat(
      intField(1, PRECOMMIT),
      sfixed64Field(2, vote.height),
      messageField(4, encodeBlockId(vote.blockId)),
      messageField(5, timestamp(vote.timeMs)),
      stringField(6, vote.chainId),
    ),
  );
}
