/** The parts a block is cut into for gossip: how many, and the Merkle root over them. */
export interface PartSetHeader {
  readonly total: number;
  readonly hash: Uint8Array;
}

/** What a vote names: the header's hash and the parts of the whole block. */
export interface BlockId {
  readonly hash: Uint8Array;
  readonly parts: PartSetHeader;
}

/** CometBFT's header, 14 fields. Times are Unix milliseconds. */
export interface Header {
  readonly version: { readonly block: bigint; readonly app: bigint };
  readonly chainId: string;
  readonly height: bigint;
  readonly timeMs: bigint;
  /** Empty hash at height 1. */
  readonly lastBlockId: BlockId;
  readonly lastCommitHash: Uint8Array;
  readonly dataHash: Uint8Array;
  readonly validatorsHash: Uint8Array;
  readonly nextValidatorsHash: Uint8Array;
  readonly consensusHash: Uint8Array;
  /** State after the block before. */
  readonly appHash: Uint8Array;
  /** Results of the block before. */
  readonly lastResultsHash: Uint8Array;
  readonly evidenceHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
}

/** One validator's precommit for the block. */
export interface CommitSignature {
  readonly validator: Uint8Array;
  readonly timeMs: bigint;
  readonly signature: Uint8Array;
}

/** The votes that decided a block. The round is always 0: the only validator never disagrees. */
export interface Commit {
  readonly height: bigint;
  readonly blockId: BlockId;
  readonly signatures: readonly CommitSignature[];
}

export interface Block {
  readonly header: Header;
  readonly txs: readonly Uint8Array[];
  /** The commit of the block before; {@link NO_COMMIT} in the first one. */
  readonly lastCommit: Commit;
}

const NO_BYTES = new Uint8Array(0);

export const NO_BLOCK_ID: BlockId = { hash: NO_BYTES, parts: { total: 0, hash: NO_BYTES } };
export const NO_COMMIT: Commit = { height: 0n, blockId: NO_BLOCK_ID, signatures: [] };

/** Whether this is what the first block has as the one before. */
export const isNoBlock = ({ hash }: BlockId): boolean => hash.length === 0;

/** CometBFT's block protocol, which stands in every header. */
export const BLOCK_PROTOCOL = 11n;
