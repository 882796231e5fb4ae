import { InvalidInputError } from '@semblance/core/errors';
import { ProposalStatus, voteOptionToJSON } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { MsgVote, MsgVoteResponse } from 'cosmjs-types/cosmos/gov/v1beta1/tx';
import { RefusedError, sdkErrors } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { hasDelegation } from '../../staking/delegations.ts';
import { requireOpen, setVote } from '../proposals.ts';

/** A vote, which may be changed as long as the voting goes on. */
export const vote = cosmosMessage({
  codec: MsgVote,
  response: MsgVoteResponse,
  signer: ({ voter }) => voter,
  gas: () => 50_000n,

  validate({ voter, option }, params) {
    parseAddress(params, voter, 'voter');
    if (option < 1 || option > 4) throw new InvalidInputError('option', 'not a vote');
  },

  handle({ state, params, events }, { proposalId, voter, option }) {
    requireOpen(state, proposalId, [ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD]);
    const address = parseAddress(params, voter, 'voter');
    // Every vote is counted in one block, so that those without weight are left out.
    if (!hasDelegation(state, address)) {
      throw new RefusedError(sdkErrors.unauthorized, `voter: ${voter} has delegated nothing`);
    }
    setVote(state, proposalId, address, option);
    const attributes = { option: voteOptionToJSON(option), proposal_id: proposalId.toString() };
    events.push(event('proposal_vote', attributes));
    return {};
  },
});
