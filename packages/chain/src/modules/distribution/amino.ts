import {
  MsgFundCommunityPool,
  MsgSetWithdrawAddress,
  MsgWithdrawDelegatorReward,
  MsgWithdrawValidatorCommission,
} from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { type AminoConverter, aminoCoin, cosmosAmino } from '../../tx/cosmos-amino.ts';

/** Legacy amino JSON of the distribution messages, as CosmJS signs it. */
export const distributionAmino: readonly AminoConverter[] = [
  cosmosAmino(
    MsgWithdrawDelegatorReward,
    'cosmos-sdk/MsgWithdrawDelegationReward',
    ({ delegatorAddress, validatorAddress }) => ({
      delegator_address: delegatorAddress,
      validator_address: validatorAddress,
    }),
  ),
  cosmosAmino(
    MsgWithdrawValidatorCommission,
    'cosmos-sdk/MsgWithdrawValidatorCommission',
    ({ validatorAddress }) => ({ validator_address: validatorAddress }),
  ),
  cosmosAmino(
    MsgSetWithdrawAddress,
    'cosmos-sdk/MsgModifyWithdrawAddress',
    ({ delegatorAddress, withdrawAddress }) => ({
      delegator_address: delegatorAddress,
      withdraw_address: withdrawAddress,
    }),
  ),
  cosmosAmino(MsgFundCommunityPool, 'cosmos-sdk/MsgFundCommunityPool', ({ depositor, amount }) => ({
    amount: amount.map(aminoCoin),
    depositor,
  })),
];
