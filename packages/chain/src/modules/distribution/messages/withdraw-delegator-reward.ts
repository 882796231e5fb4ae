import {
  MsgWithdrawDelegatorReward,
  MsgWithdrawDelegatorRewardResponse,
} from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { RefusedError } from '../../../errors.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { coinsText } from '../../bank/coin.ts';
import { getDelegation } from '../../staking/delegations.ts';
import { parseOperator } from '../../staking/operator-address.ts';
import { getValidator } from '../../staking/validators.ts';
import { distributionErrors } from '../errors.ts';
import { startDelegation, withdrawRewards } from '../f1.ts';

/** A delegator takes what a validator has earned for it. */
export const withdrawDelegatorReward = cosmosMessage({
  codec: MsgWithdrawDelegatorReward,
  response: MsgWithdrawDelegatorRewardResponse,
  signer: ({ delegatorAddress }) => delegatorAddress,
  gas: () => 100_000n,

  validate({ delegatorAddress, validatorAddress }, params) {
    parseAddress(params, delegatorAddress, 'delegator_address');
    parseOperator(params, validatorAddress, 'validator_address');
  },

  handle(context, message) {
    const { params } = context;
    const delegator = parseAddress(params, message.delegatorAddress, 'delegator_address');
    const operator = parseOperator(params, message.validatorAddress, 'validator_address');
    const validator = getValidator(context, operator);
    if (validator === undefined) {
      throw new RefusedError(distributionErrors.noValidator, 'validator_address');
    }
    const delegation = getDelegation(context, delegator, operator);
    if (delegation === undefined) {
      throw new RefusedError(distributionErrors.noDelegation, 'delegator_address');
    }
    const paid = withdrawRewards(context, validator, delegation);
    startDelegation(context, validator, delegation);
    return { amount: coinsText(params.ml.bondDenom, paid) };
  },
});
