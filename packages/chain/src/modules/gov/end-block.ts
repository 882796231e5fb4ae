import { toUint64 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { type Proposal, ProposalStatus } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import type { Context } from '../../context.ts';
import { takeDue } from '../../due-queue.ts';
import { ApplicationError, RefusedError } from '../../errors.ts';
import { event } from '../../events.ts';
import { readContent } from './content.ts';
import { burnDeposits, DEPOSIT_QUEUE, refundDeposits, VOTING_QUEUE } from './deposits.ts';
import { deleteVotes, indexedProposal, setProposal } from './proposals.ts';
import { tally } from './tally.ts';

/** Each costs a walk over validators and votes; the rest comes in the next blocks. */
const MAX_PER_BLOCK = 10;

/** Ends the proposals whose time has come. What is decided holds from the next block on. */
export function endGovBlock(context: Context): void {
  const { state, block } = context;
  for (const id of takeDue(state, DEPOSIT_QUEUE, block.timeMs, MAX_PER_BLOCK)) {
    drop(context, indexedProposal(state, toUint64(id)));
  }
  for (const id of takeDue(state, VOTING_QUEUE, block.timeMs, MAX_PER_BLOCK)) {
    decide(context, indexedProposal(state, toUint64(id)));
  }
}

/** Too few found it worth a vote: it gives the deposits back and is rejected. */
function drop(context: Context, proposal: Proposal): void {
  refundDeposits(context, proposal.proposalId);
  const status = ProposalStatus.PROPOSAL_STATUS_REJECTED;
  setProposal(context.state, { ...proposal, status, totalDeposit: [] });
  tell(context, 'inactive_proposal', proposal.proposalId, 'proposal_dropped');
}

function decide(context: Context, proposal: Proposal): void {
  const { state } = context;
  const id = proposal.proposalId;
  const { outcome, result } = tally(context, id);
  if (outcome === 'vetoed') burnDeposits(context, id);
  else refundDeposits(context, id);
  deleteVotes(state, id);
  const status =
    outcome === 'passed' ? execute(context, proposal) : ProposalStatus.PROPOSAL_STATUS_REJECTED;
  setProposal(state, { ...proposal, status, finalTallyResult: result, totalDeposit: [] });
  const failed = status === ProposalStatus.PROPOSAL_STATUS_FAILED;
  tell(context, 'active_proposal', id, failed ? 'proposal_failed' : `proposal_${outcome}`);
}

/** What could be done when it was proposed may be impossible by now. */
function execute(context: Context, { content }: Proposal): ProposalStatus {
  if (content === undefined) {
    throw new ApplicationError('CORRUPT_STATE', 'a proposal asks for nothing', {});
  }
  try {
    readContent(content).execute(context);
    return ProposalStatus.PROPOSAL_STATUS_PASSED;
  } catch (error) {
    if (error instanceof RefusedError || error instanceof InvalidInputError) {
      return ProposalStatus.PROPOSAL_STATUS_FAILED;
    }
    throw error;
  }
}

function tell({ events }: Context, type: string, id: bigint, result: string): void {
  events.push(event(type, { proposal_id: id.toString(), proposal_result: result }));
}
