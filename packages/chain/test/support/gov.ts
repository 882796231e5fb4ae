import type { VoteOption } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { type Proposal, TextProposal } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { QueryProposalRequest, QueryProposalResponse } from 'cosmjs-types/cosmos/gov/v1beta1/query';
import { MsgDeposit, MsgSubmitProposal, MsgVote } from 'cosmjs-types/cosmos/gov/v1beta1/tx';
import { ParameterChangeProposal } from 'cosmjs-types/cosmos/params/v1beta1/params';
import {
  CancelSoftwareUpgradeProposal,
  Plan,
  SoftwareUpgradeProposal,
} from 'cosmjs-types/cosmos/upgrade/v1beta1/upgrade';
import type { TestChain } from './chain.ts';
import { usem } from './staking.ts';
import type { EncodedMessage } from './tx.ts';
import type { Wallet } from './wallet.ts';

const about = { title: 'a title', description: 'and why' };

export const text = (fields: Partial<TextProposal> = {}): EncodedMessage => ({
  typeUrl: TextProposal.typeUrl,
  value: TextProposal.encode({ ...about, ...fields }).finish(),
});

/** A change of one parameter to the JSON of a value. */
export const change = (subspace: string, key: string, value: unknown): EncodedMessage => ({
  typeUrl: ParameterChangeProposal.typeUrl,
  value: ParameterChangeProposal.encode({
    ...about,
    changes: [{ subspace, key, value: JSON.stringify(value) }],
  }).finish(),
});

export const upgrade = (name: string, height: bigint, info = ''): EncodedMessage => ({
  typeUrl: SoftwareUpgradeProposal.typeUrl,
  value: SoftwareUpgradeProposal.encode({
    ...about,
    plan: Plan.fromPartial({ name, height, info }),
  }).finish(),
});

export const cancelUpgrade = (): EncodedMessage => ({
  typeUrl: CancelSoftwareUpgradeProposal.typeUrl,
  value: CancelSoftwareUpgradeProposal.encode(about).finish(),
});

export const submit = (who: Wallet, content: EncodedMessage, deposit: bigint): EncodedMessage => ({
  typeUrl: MsgSubmitProposal.typeUrl,
  value: MsgSubmitProposal.encode({
    content,
    initialDeposit: [usem(deposit)],
    proposer: who.address,
  }).finish(),
});

export const depositOn = (who: Wallet, proposalId: bigint, amount: bigint): EncodedMessage => ({
  typeUrl: MsgDeposit.typeUrl,
  value: MsgDeposit.encode({
    proposalId,
    depositor: who.address,
    amount: [usem(amount)],
  }).finish(),
});

export const voteOn = (who: Wallet, proposalId: bigint, option: VoteOption): EncodedMessage => ({
  typeUrl: MsgVote.typeUrl,
  value: MsgVote.encode({ proposalId, voter: who.address, option }).finish(),
});

/** Throws when there is none. */
export function queryProposal({ app }: TestChain, proposalId: bigint): Proposal {
  const request = QueryProposalRequest.encode({ proposalId }).finish();
  const { code, log, value } = app.query('/cosmos.gov.v1beta1.Query/Proposal', request);
  if (code !== 0) throw new Error(log);
  return QueryProposalResponse.decode(value).proposal;
}
