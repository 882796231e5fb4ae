import { MsgUndelegate, MsgUndelegateResponse } from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import { event } from '../../../events.ts';
import { formatTime, toTimestamp } from '../../../time.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { parseStake } from '../fields.ts';
import { parseOperator } from '../operator-address.ts';
import { moveStake, poolOf } from '../pools.ts';
import { removeStake, sharesToTake } from '../stake.ts';
import { beginUnbonding } from '../unbondings.ts';
import { requireValidator } from '../validators.ts';

/** Stake comes back after the unbonding time, during which it can still be slashed. */
export const undelegate = cosmosMessage({
  codec: MsgUndelegate,
  response: MsgUndelegateResponse,
  signer: ({ delegatorAddress }) => delegatorAddress,
  gas: () => 140_000n,

  validate({ delegatorAddress, validatorAddress, amount }, params) {
    parseAddress(params, delegatorAddress, 'delegator_address');
    parseOperator(params, validatorAddress, 'validator_address');
    parseStake(params, amount, 'amount');
  },

  handle(context, message) {
    const { params, events } = context;
    const { bondDenom } = params.ml;
    const delegator = parseAddress(params, message.delegatorAddress, 'delegator_address');
    const operator = parseOperator(params, message.validatorAddress, 'validator_address');
    const wanted = parseStake(params, message.amount, 'amount');
    const pool = poolOf(requireValidator(context, operator));
    const [delegation, shares] = sharesToTake(context, delegator, operator, wanted);
    const amount = removeStake(context, delegation, shares);
    moveStake(context, pool, MODULE_ACCOUNTS.notBonded, amount);
    const completionMs = beginUnbonding(context, delegator, operator, amount);
    events.push(
      event('unbond', {
        validator: message.validatorAddress,
        amount: `${amount}${bondDenom}`,
        delegator: message.delegatorAddress,
        completion_time: formatTime(completionMs),
      }),
    );
    return {
      completionTime: toTimestamp(completionMs),
      amount: { denom: bondDenom, amount: amount.toString() },
    };
  },
});
