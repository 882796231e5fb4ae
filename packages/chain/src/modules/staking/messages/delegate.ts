import { MsgDelegate, MsgDelegateResponse } from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import { formatDecimal } from '../../../decimal.ts';
import { event } from '../../../events.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { parseStake } from '../fields.ts';
import { parseOperator } from '../operator-address.ts';
import { poolOf } from '../pools.ts';
import { addStake } from '../stake.ts';
import { requireValidator } from '../validators.ts';

export const delegate = cosmosMessage({
  codec: MsgDelegate,
  response: MsgDelegateResponse,
  signer: ({ delegatorAddress }) => delegatorAddress,
  gas: () => 100_000n,

  validate({ delegatorAddress, validatorAddress, amount }, params) {
    parseAddress(params, delegatorAddress, 'delegator_address');
    parseOperator(params, validatorAddress, 'validator_address');
    parseStake(params, amount, 'amount');
  },

  handle(context, message) {
    const { params, events } = context;
    const delegator = parseAddress(params, message.delegatorAddress, 'delegator_address');
    const operator = parseOperator(params, message.validatorAddress, 'validator_address');
    const amount = parseStake(params, message.amount, 'amount');
    const pool = poolOf(requireValidator(context, operator));
    const made = addStake(context, delegator, operator, amount);
    transferFeeCoin(context, delegator, pool, amount);
    events.push(
      event('delegate', {
        validator: message.validatorAddress,
        delegator: message.delegatorAddress,
        amount: `${amount}${params.ml.bondDenom}`,
        new_shares: formatDecimal(made),
      }),
    );
    return {};
  },
});
