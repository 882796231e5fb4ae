import { InvalidInputError } from '@semblance/core/errors';
import {
  MsgCancelUnbondingDelegation,
  MsgCancelUnbondingDelegationResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import type { Context } from '../../../context.ts';
import { RefusedError, sdkErrors } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { stakingErrors } from '../errors.ts';
import { parseStake } from '../fields.ts';
import { parseOperator } from '../operator-address.ts';
import { moveStake, poolOf } from '../pools.ts';
import { addStake } from '../stake.ts';
import { getUnbonding, setUnbonding, type Unbonding } from '../unbondings.ts';
import { requireValidator } from '../validators.ts';

/** Stake that is being unbonded goes back to its validator. */
export const cancelUnbondingDelegation = cosmosMessage({
  codec: MsgCancelUnbondingDelegation,
  response: MsgCancelUnbondingDelegationResponse,
  signer: ({ delegatorAddress }) => delegatorAddress,
  gas: () => 140_000n,

  validate({ delegatorAddress, validatorAddress, amount, creationHeight }, params) {
    parseAddress(params, delegatorAddress, 'delegator_address');
    parseOperator(params, validatorAddress, 'validator_address');
    parseStake(params, amount, 'amount');
    if (creationHeight <= 0n) throw new InvalidInputError('creation_height', 'not positive');
  },

  handle(context, message) {
    const { params, events } = context;
    const delegator = parseAddress(params, message.delegatorAddress, 'delegator_address');
    const operator = parseOperator(params, message.validatorAddress, 'validator_address');
    const amount = parseStake(params, message.amount, 'amount');
    const validator = requireValidator(context, operator);
    if (validator.jailed) {
      throw new RefusedError(stakingErrors.validatorJailed, 'validator_address');
    }
    takeBack(context, getUnbonding(context, delegator, operator), message.creationHeight, amount);
    moveStake(context, MODULE_ACCOUNTS.notBonded, poolOf(validator), amount);
    addStake(context, delegator, operator, amount);
    events.push(
      event('cancel_unbonding_delegation', {
        amount: `${amount}${params.ml.bondDenom}`,
        validator: message.validatorAddress,
        delegator: message.delegatorAddress,
        creation_height: message.creationHeight.toString(),
      }),
    );
    return {};
  },
});

/** Takes an amount out of the entry that began at a height and is not over. */
function takeBack(context: Context, unbonding: Unbonding, height: bigint, amount: bigint): void {
  const { entries } = unbonding;
  if (entries.length === 0) throw new RefusedError(stakingErrors.noUnbonding, 'validator_address');
  const index = entries.findIndex(
    ({ creationHeight, completionMs }) =>
      creationHeight === height && completionMs > context.block.timeMs,
  );
  const entry = entries[index];
  if (entry === undefined) {
    const reason = `unbonding delegation entry is not found at block height ${height}`;
    throw new RefusedError(sdkErrors.notFound, reason);
  }
  if (amount > entry.balance) {
    const reason = 'amount is greater than the unbonding delegation entry balance';
    throw new RefusedError(sdkErrors.invalidRequest, reason);
  }
  const left = {
    ...entry,
    balance: entry.balance - amount,
    initialBalance: entry.initialBalance - amount,
  };
  setUnbonding(context, {
    ...unbonding,
    entries: left.balance === 0n ? entries.toSpliced(index, 1) : entries.with(index, left),
  });
}
