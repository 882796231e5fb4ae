import { TextProposal } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { MsgDeposit, MsgSubmitProposal, MsgVote } from 'cosmjs-types/cosmos/gov/v1beta1/tx';
import { ParameterChangeProposal } from 'cosmjs-types/cosmos/params/v1beta1/params';
import type { Any } from 'cosmjs-types/google/protobuf/any';
import { RefusedError, sdkErrors } from '../../errors.ts';
import type { AminoJson } from '../../tx/amino-json.ts';
import { type AminoConverter, aminoCoin, cosmosAmino } from '../../tx/cosmos-amino.ts';
import { readCosmos } from '../../tx/cosmos-wire.ts';

/** Legacy amino JSON of the gov messages, as CosmJS signs it. */
export const govAmino: readonly AminoConverter[] = [
  cosmosAmino(MsgSubmitProposal, 'cosmos-sdk/MsgSubmitProposal', (message) => ({
    initial_deposit: message.initialDeposit.map(aminoCoin),
    proposer: message.proposer,
    ...(message.content && { content: aminoContent(message.content) }),
  })),
  cosmosAmino(MsgDeposit, 'cosmos-sdk/MsgDeposit', ({ amount, depositor, proposalId }) => ({
    amount: amount.map(aminoCoin),
    depositor,
    proposal_id: proposalId.toString(),
  })),
  cosmosAmino(MsgVote, 'cosmos-sdk/MsgVote', ({ option, proposalId, voter }) => ({
    option,
    proposal_id: proposalId.toString(),
    voter,
  })),
];

/** Of upgrades there is no form that wallets agree on: they are signed in direct mode. */
function aminoContent({ typeUrl, value }: Any): AminoJson {
  switch (typeUrl) {
    case TextProposal.typeUrl: {
      const { title, description } = readCosmos(TextProposal, value);
      return { type: 'cosmos-sdk/TextProposal', value: { title, description } };
    }
    case ParameterChangeProposal.typeUrl: {
      const { title, description, changes } = readCosmos(ParameterChangeProposal, value);
      const texts = changes.map(({ subspace, key, value }) => ({ subspace, key, value }));
      const form = { title, description, changes: texts };
      return { type: 'cosmos-sdk/ParameterChangeProposal', value: form };
    }
    default:
      throw new RefusedError(sdkErrors.unauthorized, 'content: has no amino form');
  }
}
