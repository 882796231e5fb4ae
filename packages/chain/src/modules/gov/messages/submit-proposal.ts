import { fromUint64 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { Proposal, ProposalStatus } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { MsgSubmitProposal, MsgSubmitProposalResponse } from 'cosmjs-types/cosmos/gov/v1beta1/tx';
import { enqueue } from '../../../due-queue.ts';
import { event } from '../../../events.ts';
import { toTimestamp } from '../../../time.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { parseFeeCoins } from '../../bank/coin.ts';
import { readContent } from '../content.ts';
import { addDeposit, DEPOSIT_QUEUE } from '../deposits.ts';
import { takeId } from '../proposals.ts';

/** Puts something to the vote. Its proposer deposits something for a start. */
export const submitProposal = cosmosMessage({
  codec: MsgSubmitProposal,
  response: MsgSubmitProposalResponse,
  signer: ({ proposer }) => proposer,
  gas: () => 100_000n,

  validate({ proposer, content, initialDeposit }, params) {
    parseAddress(params, proposer, 'proposer');
    parseFeeCoins(initialDeposit, params.ml.bondDenom, 'initial_deposit');
    if (content === undefined) throw new InvalidInputError('content', 'missing');
    readContent(content).check(params);
  },

  handle(context, { proposer, content, initialDeposit }) {
    const { state, block, params, events } = context;
    const id = takeId(state);
    const depositEndMs = block.timeMs + params.gov.depositPeriodMs;
    enqueue(state, DEPOSIT_QUEUE, depositEndMs, fromUint64(id));
    events.push(event('submit_proposal', { proposal_id: id.toString() }));
    const proposal = Proposal.fromPartial({
      proposalId: id,
      status: ProposalStatus.PROPOSAL_STATUS_DEPOSIT_PERIOD,
      finalTallyResult: { yes: '0', abstain: '0', no: '0', noWithVeto: '0' },
      submitTime: toTimestamp(block.timeMs),
      depositEndTime: toTimestamp(depositEndMs),
      ...(content && { content }),
    });
    const amount = parseFeeCoins(initialDeposit, params.ml.bondDenom, 'initial_deposit');
    addDeposit(context, proposal, parseAddress(params, proposer, 'proposer'), amount);
    return { proposalId: id };
  },
});
