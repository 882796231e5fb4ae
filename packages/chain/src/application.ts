/**
 * The one door between the deterministic application and whatever orders its transactions:
 * the embedded block producer or CometBFT. Shaped like ABCI 2.0, synchronous throughout.
 */

/** An indexed key and value that a client can search for. Keys are never empty. */
export interface EventAttribute {
  readonly key: string;
  readonly value: string;
}

export interface ChainEvent {
  readonly type: string;
  readonly attributes: readonly EventAttribute[];
}

/** Outcome of one transaction. `code` 0 is success; code, data and gas are hashed into the block. */
export interface TxResult {
  readonly code: number;
  readonly codespace: string;
  readonly data: Uint8Array;
  readonly log: string;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  readonly events: readonly ChainEvent[];
}

/** A validator as votes and evidence name it. `address` is its consensus address, 20 bytes. */
export interface VotingValidator {
  readonly address: Uint8Array;
  readonly power: bigint;
}

/** A validator's vote on the block before. `signed` is false if none arrived in time. */
export interface Vote {
  readonly validator: VotingValidator;
  readonly signed: boolean;
}

/** Evidence that the engine has verified. */
export interface Misbehavior {
  readonly kind: 'duplicate_vote' | 'light_client_attack';
  /** With the power that it had at the time. */
  readonly validator: VotingValidator;
  /** When it happened, which may be many blocks ago. */
  readonly height: bigint;
  readonly timeMs: bigint;
  /** Of all validators at that height. */
  readonly totalPower: bigint;
}

/** What the engine is to give an ed25519 key of 32 bytes; 0 removes it. */
export interface ValidatorUpdate {
  readonly publicKey: Uint8Array;
  readonly power: bigint;
}

/** Consensus parameters that bound a block. `maxGas` below 0 is no limit. */
export interface BlockLimits {
  readonly maxBytes: bigint;
  readonly maxGas: bigint;
}

/** A vote for the block before, with what its validator added to it. */
export interface ExtendedVote extends Vote {
  readonly extension: Uint8Array;
}

/** A decided block. `timeMs` is the header's time in Unix milliseconds. */
export interface DecidedBlock {
  readonly height: bigint;
  readonly timeMs: bigint;
  /** Consensus address of the block's producer, 20 bytes. */
  readonly proposer: Uint8Array;
  /** Of every validator of the block before, in the engine's order; none in the first block. */
  readonly lastCommit: readonly Vote[];
  readonly misbehavior: readonly Misbehavior[];
  readonly txs: readonly Uint8Array[];
}

/** Transactions that wait, oldest first, and how many bytes of them a block may take. */
export interface ProposalRequest {
  readonly txs: readonly Uint8Array[];
  /** Counted as the block encodes them, with tag and length. */
  readonly maxTxBytes: bigint;
  /** The votes for the block before, which the block will hold. Default: none, as in the first block. */
  readonly lastCommit?: readonly ExtendedVote[];
}

/** A block that some validator proposes. */
export interface Proposal {
  readonly txs: readonly Uint8Array[];
  /** The votes for the block before, which it holds. Default: none, as in the first block. */
  readonly lastCommit?: readonly Vote[];
}

export interface BlockResult {
  readonly txResults: readonly TxResult[];
  readonly events: readonly ChainEvent[];
  /** Covers all state after this block; stands in the header of the next one. */
  readonly appHash: Uint8Array;
  /** By ascending key, each once. They vote from the block after the next one on. */
  readonly validatorUpdates: readonly ValidatorUpdate[];
  /** Something waits for the next block: an engine that makes blocks when asked makes it at once. */
  readonly awaitsNext?: boolean;
}

export interface QueryResult {
  /** 0 is success. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly value: Uint8Array;
  /** The answer is of the state after this block; the next header's application hash covers it. */
  readonly height: bigint;
  /** The key that was asked for in a store, and its proof if one was asked for. */
  readonly key?: Uint8Array;
  readonly proof?: readonly ProofOp[];
}

/** One step of a proof, from a value to its store's root or from there to the application hash. */
export interface ProofOp {
  readonly type: string;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

export interface QueryOptions {
  /** The state after this block, as far as it is kept; 0 is the latest. */
  readonly height?: bigint;
  /** Whether a store's answer comes with a proof. Others come without, as in the Cosmos SDK. */
  readonly prove?: boolean;
}

/** The `app_state` of genesis.json together with what surrounds it. */
export interface Genesis {
  readonly chainId: string;
  /** Height of the first block; above 1 for a chain that goes on from the state of another. Default 1. */
  readonly initialHeight?: bigint;
  readonly timeMs: bigint;
  readonly block: BlockLimits;
  /** Who makes the first blocks. */
  readonly validators: readonly ValidatorUpdate[];
  readonly appState: unknown;
}

/** What is to stand in the first header, and in state's own words who makes the first blocks. */
export interface FirstHash {
  readonly appHash: Uint8Array;
  /** They take the place of the genesis' validators. Empty or left out: those are right. */
  readonly validators?: readonly ValidatorUpdate[];
}

/** A snapshot of state from which a fresh application begins, as peers offer it to one another. */
export interface Snapshot {
  /** It is the state after this block. */
  readonly height: bigint;
  readonly format: number;
  /** How many there are, the first having index 0. */
  readonly chunks: number;
  /** SHA-256 of the metadata. */
  readonly hash: Uint8Array;
  /** SHA-256 of each chunk, one after the other. */
  readonly metadata: Uint8Array;
}

/** What becomes of an offer: `abort` takes no snapshot at all, `reject` not this one. */
export type OfferVerdict = 'accept' | 'abort' | 'reject' | 'reject_format';

/** What becomes of a chunk: `retry` wants it from another peer, for it is not the one of the offer. */
export type ChunkVerdict = 'accept' | 'retry' | 'reject_snapshot';

/** State sync as in ABCI: snapshots for others, and from others into an empty application. */
export interface StateSync {
  list(): readonly Snapshot[];
  /** Undefined if there is no such chunk, or no longer. */
  load(height: bigint, format: number, chunk: number): Uint8Array | undefined;
  /** `appHash` is what a light client has found to be right for the height; all else is a claim. */
  offer(snapshot: Snapshot, appHash: Uint8Array): OfferVerdict;
  /**
   * Takes the chunks of the offer that was accepted, in their order. The last one makes the state
   * the application's. Throws for a chunk that nobody asked for.
   */
  apply(index: number, chunk: Uint8Array): ChunkVerdict;
}

/** What validators add to their votes, as ABCI's vote extensions. */
export interface VoteExtensions {
  /**
   * What the extensions of votes at a height prove, whoever's they are; undefined unless it is the
   * height of the last committed block or the next. See `makeExtension`.
   */
  inputAt(height: bigint): Uint8Array | undefined;
  /** Whether it is what the validator with this consensus address has to add to its vote. */
  isRight(height: bigint, validator: Uint8Array, extension: Uint8Array): boolean;
}

/** Bytes handed in or out are never altered afterwards. */
export interface Application {
  /** Last committed height and application hash; height 0 before the first block, wherever that is. */
  info(): { readonly height: bigint; readonly appHash: Uint8Array };
  /** Writes genesis, once. Throws a typed error naming the field that is wrong. */
  initChain(genesis: Genesis): FirstHash;
  /** Whether a transaction may enter the pool, checked against a state that remembers earlier checks. */
  checkTx(tx: Uint8Array): TxResult;
  /**
   * Chooses a block's transactions: readable ones, in their order, within the block's limits. Before
   * them comes what the votes were extended with, if there are any.
   */
  prepareProposal(request: ProposalRequest): readonly Uint8Array[];
  /** Whether a proposed block keeps to the same rules. Depends on nothing but it and the state. */
  processProposal(proposal: Proposal): boolean;
  /** Executes a block without persisting it. Never throws for a bad transaction. */
  finalizeBlock(block: DecidedBlock): BlockResult;
  /** Persists what finalizeBlock staged, with height and hash, in one database transaction. */
  commit(): void;
  /**
   * `path` is a gRPC method such as `/cosmos.bank.v1beta1.Query/Balance` and `data` its request,
   * answered from the latest state; or it is `/store/bank/key` and `data` a key of that store.
   */
  query(path: string, data: Uint8Array, options?: QueryOptions): QueryResult;
  /** Left out by an application that knows no snapshots. */
  readonly stateSync?: StateSync;
  /** Left out by an application to which nothing is added. */
  readonly voteExtensions?: VoteExtensions;
}
