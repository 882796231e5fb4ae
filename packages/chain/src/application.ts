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

/** A validator as the engine knows it: power 0 takes it out of the set. */
export interface ValidatorUpdate {
  /** ed25519, 32 bytes. Its consensus address is the first 20 bytes of its SHA-256. */
  readonly publicKey: Uint8Array;
  readonly power: bigint;
}

/** One validator of the set that had to decide a block, and whether it took part. */
export interface CommitVote {
  /** Consensus address, 20 bytes. */
  readonly validator: Uint8Array;
  readonly power: bigint;
  /** False when its vote is absent; a vote for nothing (nil) is a vote. */
  readonly signed: boolean;
}

/** A proof of misbehaviour that the engine has verified and that is not too old. */
export interface Misbehaviour {
  readonly kind: 'duplicate-vote' | 'light-client-attack';
  /** Consensus address, 20 bytes. */
  readonly validator: Uint8Array;
  /** The validator's power and everybody's when it happened. */
  readonly power: bigint;
  readonly totalPower: bigint;
  readonly height: bigint;
  readonly timeMs: bigint;
}

/** A decided block. `timeMs` is the header's time in Unix milliseconds; `hash` the header's hash. */
export interface DecidedBlock {
  readonly height: bigint;
  readonly timeMs: bigint;
  readonly hash: Uint8Array;
  /** Consensus address of the block's producer, 20 bytes. */
  readonly proposer: Uint8Array;
  /** Votes of the whole validator set of the block before, as this block holds them. None at first. */
  readonly lastCommit: readonly CommitVote[];
  readonly misbehaviour: readonly Misbehaviour[];
  readonly txs: readonly Uint8Array[];
}

export interface BlockResult {
  readonly txResults: readonly TxResult[];
  readonly events: readonly ChainEvent[];
  /** Changes of the validator set, by ascending public key, each validator once. Act at height + 2. */
  readonly validatorUpdates: readonly ValidatorUpdate[];
  /** Covers all state after this block; stands in the header of the next one. */
  readonly appHash: Uint8Array;
}

export interface QueryResult {
  /** 0 is success. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly value: Uint8Array;
  readonly height: bigint;
}

/** The `app_state` of genesis.json together with what surrounds it. */
export interface Genesis {
  readonly chainId: string;
  readonly timeMs: bigint;
  /** The set around `app_state`. When there are any they must be those that `app_state` makes. */
  readonly validators: readonly ValidatorUpdate[];
  readonly appState: unknown;
}

/** What a genesis makes. */
export interface GenesisResult {
  readonly appHash: Uint8Array;
  /** The first validator set, by ascending public key. */
  readonly validators: readonly ValidatorUpdate[];
}

/** Bytes handed in or out are never altered afterwards. */
export interface Application {
  /** Last committed height and application hash; height 0 before genesis. */
  info(): { readonly height: bigint; readonly appHash: Uint8Array };
  /** Writes genesis, once. Throws a typed error naming the field that is wrong. */
  initChain(genesis: Genesis): GenesisResult;
  /** Whether a transaction may enter the pool, checked against a state that remembers earlier checks. */
  checkTx(tx: Uint8Array): TxResult;
  /** Executes a block without persisting it. Never throws for a bad transaction. */
  finalizeBlock(block: DecidedBlock): BlockResult;
  /** Persists what finalizeBlock staged, with height and hash, in one database transaction. */
  commit(): void;
  /** `path` is a gRPC method such as `/cosmos.bank.v1beta1.Query/Balance`, `data` its request. */
  query(path: string, data: Uint8Array): QueryResult;
}
