import { ProposalStatus } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { MsgDeposit, MsgDepositResponse } from 'cosmjs-types/cosmos/gov/v1beta1/tx';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { parseFeeCoins } from '../../bank/coin.ts';
import { addDeposit } from '../deposits.ts';
import { requireOpen } from '../proposals.ts';

const OPEN = [
  ProposalStatus.PROPOSAL_STATUS_DEPOSIT_PERIOD,
  ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD,
];

export const deposit = cosmosMessage({
  codec: MsgDeposit,
  response: MsgDepositResponse,
  signer: ({ depositor }) => depositor,
  gas: () => 50_000n,

  validate({ depositor, amount }, params) {
    parseAddress(params, depositor, 'depositor');
    parseFeeCoins(amount, params.ml.bondDenom, 'amount');
  },

  handle(context, { proposalId, depositor, amount }) {
    const { state, params } = context;
    const proposal = requireOpen(state, proposalId, OPEN);
    const given = parseFeeCoins(amount, params.ml.bondDenom, 'amount');
    addDeposit(context, proposal, parseAddress(params, depositor, 'depositor'), given);
    return {};
  },
});
