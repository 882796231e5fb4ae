import type { Application } from '@semblance/chain/application';
import {
  type RequestExtendVote,
  type RequestVerifyVoteExtension,
  type ResponseExtendVote,
  type ResponseVerifyVoteExtension,
  ResponseVerifyVoteExtension_VerifyStatus,
} from 'cosmjs-types/tendermint/abci/types';
import type { ValidatorKey } from '../validator-key.ts';

/** Makes a validator's extensions: `ValidatorKey.extension`. */
export type Extend = ValidatorKey['extension'];

/** The same for every round of a height; empty if the application wants none or there is no key. */
export function extendVote(
  { voteExtensions }: Application,
  extend: Extend | undefined,
  { height }: RequestExtendVote,
): ResponseExtendVote {
  const input = voteExtensions?.inputAt(height);
  return { voteExtension: (input && extend?.(input)) ?? new Uint8Array() };
}

export function verifyVoteExtension(
  { voteExtensions }: Application,
  { height, validatorAddress, voteExtension }: RequestVerifyVoteExtension,
): ResponseVerifyVoteExtension {
  const { ACCEPT, REJECT } = ResponseVerifyVoteExtension_VerifyStatus;
  const isRight =
    voteExtensions === undefined
      ? voteExtension.length === 0
      : voteExtensions.isRight(height, validatorAddress, voteExtension);
  return { status: isRight ? ACCEPT : REJECT };
}
