import {
  type RequestVerifyVoteExtension,
  type ResponseExtendVote,
  type ResponseVerifyVoteExtension,
  ResponseVerifyVoteExtension_VerifyStatus,
} from 'cosmjs-types/tendermint/abci/types';

/*
 * Nothing is added to votes yet, and genesis leaves extensions off. Should the engine ask all the
 * same, only the empty extension is right.
 */

export const extendVote = (): ResponseExtendVote => ({ voteExtension: new Uint8Array() });

export function verifyVoteExtension({
  voteExtension,
}: RequestVerifyVoteExtension): ResponseVerifyVoteExtension {
  const { ACCEPT, REJECT } = ResponseVerifyVoteExtension_VerifyStatus;
  return { status: voteExtension.length === 0 ? ACCEPT : REJECT };
}
