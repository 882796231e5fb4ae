/*
 * The parts of CometBFT's JSON that the API reads. Hashes and addresses are hex, other bytes base64,
 * 64-bit integers text.
 */

export interface StatusJson {
  readonly node_info: {
    readonly protocol_version: {
      readonly p2p: string;
      readonly block: string;
      readonly app: string;
    };
    readonly id: string;
    readonly listen_addr: string;
    readonly network: string;
    readonly version: string;
    readonly channels: string;
    readonly moniker: string;
    readonly other: { readonly tx_index: string; readonly rpc_address: string };
  };
  readonly sync_info: {
    readonly latest_block_height: string;
    readonly latest_block_time: string;
    readonly earliest_block_height: string;
    readonly catching_up: boolean;
  };
}

export interface AbciInfoJson {
  readonly response: { readonly data?: string; readonly version?: string };
}

export interface AbciQueryJson {
  readonly response: {
    readonly code?: number;
    readonly codespace?: string;
    readonly log?: string;
    readonly info?: string;
    readonly index?: string;
    readonly key?: string | null;
    readonly value?: string | null;
    readonly height?: string;
    readonly proofOps?: {
      readonly ops: readonly {
        readonly type: string;
        readonly key: string;
        readonly data: string;
      }[];
    } | null;
  };
}

export interface BlockIdJson {
  readonly hash: string;
  readonly parts: { readonly total: number; readonly hash: string };
}

export interface HeaderJson {
  readonly version: { readonly block: string; readonly app?: string };
  readonly chain_id: string;
  readonly height: string;
  readonly time: string;
  readonly last_block_id: BlockIdJson;
  readonly last_commit_hash: string;
  readonly data_hash: string;
  readonly validators_hash: string;
  readonly next_validators_hash: string;
  readonly consensus_hash: string;
  readonly app_hash: string;
  readonly last_results_hash: string;
  readonly evidence_hash: string;
  readonly proposer_address: string;
}

export interface CommitJson {
  readonly height: string;
  readonly round: number;
  readonly block_id: BlockIdJson;
  readonly signatures: readonly {
    readonly block_id_flag: number;
    readonly validator_address: string;
    readonly timestamp: string;
    readonly signature: string | null;
  }[];
}

export interface VoteJson {
  readonly type: number;
  readonly height: string;
  readonly round: number;
  readonly block_id: BlockIdJson;
  readonly timestamp: string;
  readonly validator_address: string;
  readonly validator_index: number;
  readonly signature: string;
}

export interface EvidenceJson {
  readonly type: string;
  readonly value: {
    readonly vote_a?: VoteJson;
    readonly vote_b?: VoteJson;
    readonly TotalVotingPower?: string;
    readonly ValidatorPower?: string;
    readonly Timestamp?: string;
  };
}

export interface BlockJson {
  readonly block_id: BlockIdJson;
  readonly block: {
    readonly header: HeaderJson;
    readonly data: { readonly txs: readonly string[] | null };
    readonly evidence: { readonly evidence: readonly EvidenceJson[] | null };
    readonly last_commit: CommitJson | null;
  };
}

export interface ValidatorsJson {
  readonly block_height: string;
  readonly total: string;
  readonly validators: readonly {
    readonly address: string;
    readonly pub_key: { readonly type: string; readonly value: string };
    readonly voting_power: string;
    readonly proposer_priority: string;
  }[];
}

export interface TxJson {
  readonly hash: string;
  readonly height: string;
  readonly tx: string;
  readonly tx_result: {
    readonly code: number;
    readonly codespace: string;
    readonly data: string | null;
    readonly log: string;
    readonly info: string;
    readonly gas_wanted: string;
    readonly gas_used: string;
    readonly events:
      | readonly {
          readonly type: string;
          readonly attributes: readonly {
            readonly key: string;
            readonly value: string;
            readonly index?: boolean;
          }[];
        }[]
      | null;
  };
}

export interface TxSearchJson {
  readonly txs: readonly TxJson[];
  readonly total_count: string;
}

export interface BroadcastJson {
  readonly code: number;
  readonly codespace: string;
  readonly data: string;
  readonly log: string;
  readonly hash: string;
}
