import {
  MsgWithdrawValidatorCommission,
  MsgWithdrawValidatorCommissionResponse,
} from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { coinsText } from '../../bank/coin.ts';
import { parseOperator, signerOf } from '../../staking/operator-address.ts';
import { getValidator } from '../../staking/validators.ts';
import { distributionErrors } from '../errors.ts';
import { payCommission } from '../validator-rewards.ts';

/** A validator takes what it keeps of its delegators' rewards. */
export const withdrawValidatorCommission = cosmosMessage({
  codec: MsgWithdrawValidatorCommission,
  response: MsgWithdrawValidatorCommissionResponse,
  signer: ({ validatorAddress }) => signerOf(validatorAddress),
  gas: () => 60_000n,

  validate({ validatorAddress }, params) {
    parseOperator(params, validatorAddress, 'validator_address');
  },

  handle(context, { validatorAddress }) {
    const { bondDenom } = context.params.ml;
    const operator = parseOperator(context.params, validatorAddress, 'validator_address');
    if (getValidator(context, operator) === undefined) {
      throw new RefusedError(distributionErrors.noValidator, 'validator_address');
    }
    const paid = payCommission(context, operator);
    if (paid === 0n) throw new RefusedError(distributionErrors.noCommission, 'validator_address');
    context.events.push(event('withdraw_commission', { amount: `${paid}${bondDenom}` }));
    return { amount: coinsText(bondDenom, paid) };
  },
});
