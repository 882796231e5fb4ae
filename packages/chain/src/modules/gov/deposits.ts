import { fromUint64 } from '@semblance/core/bytes';
import { type Proposal, ProposalStatus } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import type { Context } from '../../context.ts';
import { dequeue, enqueue, type Queue } from '../../due-queue.ts';
import { event } from '../../events.ts';
import { PREFIX } from '../../store/prefixes.ts';
import { toMs, toTimestamp } from '../../time.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { coinsText } from '../bank/coin.ts';
import { burn, transferFeeCoin } from '../bank/keeper.ts';
import { getDeposit, setDeposit, setProposal, takeDeposits } from './proposals.ts';

/** Proposals by when they end: without enough deposits, or with their votes. Ids are numbers. */
export const DEPOSIT_QUEUE: Queue = PREFIX.govDepositQueue;
export const VOTING_QUEUE: Queue = PREFIX.govVotingQueue;

const depositOf = ({ totalDeposit: [coin] }: Proposal): bigint => BigInt(coin?.amount ?? '0');

/** Adds to the deposits of a proposal that is open. With enough of them the voting begins. */
export function addDeposit(
  context: Context,
  proposal: Proposal,
  depositor: Uint8Array,
  amount: bigint,
): void {
  const { state, params } = context;
  const id = proposal.proposalId;
  transferFeeCoin(context, depositor, MODULE_ACCOUNTS.gov, amount);
  setDeposit(state, id, depositor, getDeposit(state, id, depositor) + amount);
  const total = depositOf(proposal) + amount;
  const richer = { ...proposal, totalDeposit: coinsText(params.ml.bondDenom, total) };
  const isWaiting = proposal.status === ProposalStatus.PROPOSAL_STATUS_DEPOSIT_PERIOD;
  if (isWaiting && total >= params.gov.minDeposit) beginVoting(context, richer);
  else setProposal(state, richer);
  context.events.push(
    event('proposal_deposit', {
      amount: `${amount}${params.ml.bondDenom}`,
      proposal_id: id.toString(),
    }),
  );
}

function beginVoting({ state, block, params }: Context, proposal: Proposal): void {
  const id = fromUint64(proposal.proposalId);
  const endMs = block.timeMs + params.gov.votingPeriodMs;
  dequeue(state, DEPOSIT_QUEUE, toMs(proposal.depositEndTime), id);
  enqueue(state, VOTING_QUEUE, endMs, id);
  setProposal(state, {
    ...proposal,
    status: ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD,
    votingStartTime: toTimestamp(block.timeMs),
    votingEndTime: toTimestamp(endMs),
  });
}

export function refundDeposits(context: Context, id: bigint): void {
  for (const [depositor, amount] of takeDeposits(context.state, id)) {
    transferFeeCoin(context, MODULE_ACCOUNTS.gov, depositor, amount);
  }
}

/** Deposits of a proposal that so many found harmful are destroyed. */
export function burnDeposits({ state, params }: Context, id: bigint): void {
  const total = takeDeposits(state, id).reduce((sum, [, amount]) => sum + amount, 0n);
  if (total > 0n) burn(state, MODULE_ACCOUNTS.gov, { denom: params.ml.bondDenom, amount: total });
}
