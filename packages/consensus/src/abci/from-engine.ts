import type {
  BlockLimits,
  DecidedBlock,
  ExtendedVote,
  Genesis,
  Misbehavior,
  ValidatorUpdate,
  Vote,
} from '@semblance/chain/application';
import { InvalidInputError } from '@semblance/core/errors';
import type { Timestamp } from 'cosmjs-types/google/protobuf/timestamp';
import {
  type ExtendedVoteInfo,
  type Misbehavior as MisbehaviorMessage,
  MisbehaviorType,
  type RequestFinalizeBlock,
  type RequestInitChain,
  type ValidatorUpdate as ValidatorUpdateMessage,
  type VoteInfo,
} from 'cosmjs-types/tendermint/abci/types';
import { BlockIDFlag } from 'cosmjs-types/tendermint/types/validator';
import { AbciError } from './errors.ts';

/*
 * The engine's messages in the application's own words. What the application has no use for is
 * left behind here.
 */

/** Throws InvalidInputError naming the field of genesis.json that is wrong. */
export function toGenesis(request: RequestInitChain): Genesis {
  requireVoteExtensions(request);
  return {
    chainId: request.chainId,
    initialHeight: request.initialHeight,
    timeMs: toMs(request.time),
    block: toBlockLimits(request),
    validators: request.validators.map(toValidator),
    appState: parseAppState(request.appStateBytes),
  };
}

export function toDecidedBlock(request: RequestFinalizeBlock): DecidedBlock {
  return {
    height: request.height,
    timeMs: toMs(request.time),
    proposer: request.proposerAddress,
    lastCommit: request.decidedLastCommit.votes.map(toVote),
    misbehavior: request.misbehavior.map(toMisbehavior),
    txs: request.txs,
  };
}

function toBlockLimits({ consensusParams }: RequestInitChain): BlockLimits {
  const block = consensusParams?.block;
  if (block === undefined) throw new InvalidInputError('consensus_params.block', 'is missing');
  return { maxBytes: block.maxBytes, maxGas: block.maxGas };
}

/** The first block that can carry extensions is the second: all chains begin with them. */
function requireVoteExtensions({ consensusParams }: RequestInitChain): void {
  if (consensusParams?.abci?.voteExtensionsEnableHeight === 1n) return;
  throw new InvalidInputError('consensus_params.abci.vote_extensions_enable_height', 'must be 1');
}

function toValidator({ pubKey, power }: ValidatorUpdateMessage): ValidatorUpdate {
  const publicKey = pubKey.ed25519;
  if (publicKey === undefined) throw new InvalidInputError('validators', 'a key is not ed25519');
  return { publicKey, power };
}

function parseAppState(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch (cause) {
    throw new InvalidInputError('app_state', 'not JSON', { cause });
  }
}

export function toVote({ validator, blockIdFlag }: VoteInfo): Vote {
  // A vote for no block counts as one: who cast it was there.
  return { validator, signed: blockIdFlag !== BlockIDFlag.BLOCK_ID_FLAG_ABSENT };
}

export function toExtendedVote({
  voteExtension: extension,
  ...vote
}: ExtendedVoteInfo): ExtendedVote {
  return { ...toVote(vote), extension };
}

function toMisbehavior(message: MisbehaviorMessage): Misbehavior {
  return {
    kind: kindOf(message.type),
    validator: message.validator,
    height: message.height,
    timeMs: toMs(message.time),
    totalPower: message.totalVotingPower,
  };
}

function kindOf(type: MisbehaviorType): Misbehavior['kind'] {
  if (type === MisbehaviorType.DUPLICATE_VOTE) return 'duplicate_vote';
  if (type === MisbehaviorType.LIGHT_CLIENT_ATTACK) return 'light_client_attack';
  throw new AbciError('BAD_REQUEST', `evidence of an unknown kind: ${type}`, {});
}

/** Whole milliseconds; the rest of a nanosecond clock is dropped, on every machine alike. */
function toMs({ seconds, nanos }: Timestamp): bigint {
  if (seconds < 0n) throw new AbciError('BAD_REQUEST', 'a time before 1970', {});
  return seconds * 1000n + BigInt(Math.floor(nanos / 1_000_000));
}
