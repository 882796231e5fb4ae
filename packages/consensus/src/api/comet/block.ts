import { fromJson, type MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { HeaderSchema as SdkHeaderSchema } from '@semblance/proto/gen/cosmos/base/tendermint/v1beta1/types_pb';
import type { BlockSchema } from '@semblance/proto/gen/tendermint/types/block_pb';
import type { EvidenceSchema } from '@semblance/proto/gen/tendermint/types/evidence_pb';
import type {
  BlockIDSchema,
  CommitSchema,
  HeaderSchema,
  VoteSchema,
} from '@semblance/proto/gen/tendermint/types/types_pb';
import type {
  BlockIdJson,
  BlockJson,
  CommitJson,
  EvidenceJson,
  HeaderJson,
  VoteJson,
} from './answers.ts';

/* CometBFT's blocks, from the engine's JSON to the protobuf messages that Cosmos' API answers with. */

type Init<T> = T extends Parameters<typeof fromJson>[0] ? MessageInitShape<T> : never;

export function blockId({ hash, parts }: BlockIdJson): Init<typeof BlockIDSchema> {
  return { hash: hex(hash), partSetHeader: { total: parts.total, hash: hex(parts.hash) } };
}

export function block({ block }: BlockJson): Init<typeof BlockSchema> {
  return { ...body(block), header: header(block.header) };
}

/** The same block with its proposer as an address that people read. */
export function sdkBlock(json: BlockJson, proposerAddress: string) {
  return { ...body(json.block), header: sdkHeader(json.block.header, proposerAddress) };
}

function body({ data, evidence, last_commit }: BlockJson['block']) {
  return {
    data: { txs: (data.txs ?? []).map(base64) },
    evidence: { evidence: (evidence.evidence ?? []).map(evidenceOf) },
    ...(last_commit !== null && { lastCommit: commit(last_commit) }),
  };
}

function header(json: HeaderJson): Init<typeof HeaderSchema> {
  return { ...commonHeader(json), proposerAddress: hex(json.proposer_address) };
}

function sdkHeader(json: HeaderJson, proposerAddress: string): Init<typeof SdkHeaderSchema> {
  return { ...commonHeader(json), proposerAddress };
}

function commonHeader(json: HeaderJson) {
  return {
    version: { block: BigInt(json.version.block), app: BigInt(json.version.app ?? 0) },
    chainId: json.chain_id,
    height: BigInt(json.height),
    time: timestamp(json.time),
    lastBlockId: blockId(json.last_block_id),
    lastCommitHash: hex(json.last_commit_hash),
    dataHash: hex(json.data_hash),
    validatorsHash: hex(json.validators_hash),
    nextValidatorsHash: hex(json.next_validators_hash),
    consensusHash: hex(json.consensus_hash),
    appHash: hex(json.app_hash),
    lastResultsHash: hex(json.last_results_hash),
    evidenceHash: hex(json.evidence_hash),
  };
}

function commit(json: CommitJson): Init<typeof CommitSchema> {
  return {
    height: BigInt(json.height),
    round: json.round,
    blockId: blockId(json.block_id),
    signatures: json.signatures.map((vote) => ({
      blockIdFlag: vote.block_id_flag,
      validatorAddress: hex(vote.validator_address),
      timestamp: timestamp(vote.timestamp),
      signature: base64(vote.signature ?? ''),
    })),
  };
}

/** A validator's two votes. An attack on a light client is named by its absence: its sum is unset. */
function evidenceOf({ type, value }: EvidenceJson): Init<typeof EvidenceSchema> {
  if (type !== 'tendermint/DuplicateVoteEvidence') return {};
  return {
    sum: {
      case: 'duplicateVoteEvidence',
      value: {
        ...(value.vote_a && { voteA: vote(value.vote_a) }),
        ...(value.vote_b && { voteB: vote(value.vote_b) }),
        totalVotingPower: BigInt(value.TotalVotingPower ?? 0),
        validatorPower: BigInt(value.ValidatorPower ?? 0),
        ...(value.Timestamp && { timestamp: timestamp(value.Timestamp) }),
      },
    },
  };
}

function vote(json: VoteJson): Init<typeof VoteSchema> {
  return {
    type: json.type,
    height: BigInt(json.height),
    round: json.round,
    blockId: blockId(json.block_id),
    timestamp: timestamp(json.timestamp),
    validatorAddress: hex(json.validator_address),
    validatorIndex: json.validator_index,
    signature: base64(json.signature),
  };
}

function timestamp(text: string): Timestamp {
  return fromJson(TimestampSchema, text);
}

export function hex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

export function base64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
