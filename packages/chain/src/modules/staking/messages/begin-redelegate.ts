import { equals } from '@semblance/core/bytes';
import {
  MsgBeginRedelegate,
  MsgBeginRedelegateResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import type { Context } from '../../../context.ts';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { formatTime, toTimestamp } from '../../../time.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { stakingErrors } from '../errors.ts';
import { parseStake } from '../fields.ts';
import { parseOperator } from '../operator-address.ts';
import { moveStake, poolOf } from '../pools.ts';
import {
  addRedelegationEntry,
  getRedelegation,
  hasRedelegationTo,
  type Path,
} from '../redelegations.ts';
import { addStake, removeStake, sharesToTake } from '../stake.ts';
import { isBonded, isUnbonding, type Validator } from '../validator.ts';
import { getValidator, requireValidator } from '../validators.ts';

/** Stake changes its validator at once, and still answers for the first one for a while. */
export const beginRedelegate = cosmosMessage({
  codec: MsgBeginRedelegate,
  response: MsgBeginRedelegateResponse,
  signer: ({ delegatorAddress }) => delegatorAddress,
  gas: () => 200_000n,

  validate(message, params) {
    parseAddress(params, message.delegatorAddress, 'delegator_address');
    parseOperator(params, message.validatorSrcAddress, 'validator_src_address');
    parseOperator(params, message.validatorDstAddress, 'validator_dst_address');
    parseStake(params, message.amount, 'amount');
  },

  handle(context, message) {
    const { params, block, events } = context;
    const path = {
      delegator: parseAddress(params, message.delegatorAddress, 'delegator_address'),
      from: parseOperator(params, message.validatorSrcAddress, 'validator_src_address'),
      to: parseOperator(params, message.validatorDstAddress, 'validator_dst_address'),
    };
    requireAllowed(context, path);
    const wanted = parseStake(params, message.amount, 'amount');
    const source = requireValidator(context, path.from);
    const [delegation, shares] = sharesToTake(context, path.delegator, path.from, wanted);
    const amount = removeStake(context, delegation, shares);
    if (amount === 0n) throw new RefusedError(stakingErrors.tinyRedelegation, 'amount');
    const destination = requireValidator(context, path.to);
    moveStake(context, poolOf(source), poolOf(destination), amount);
    const sharesMade = addStake(context, path.delegator, path.to, amount);
    const answers = answersUntil(context, source);
    if (answers !== undefined) {
      addRedelegationEntry(context, path, { ...answers, initialBalance: amount, sharesMade });
    }
    const completionMs = answers?.completionMs ?? block.timeMs;
    events.push(
      event('redelegate', {
        source_validator: message.validatorSrcAddress,
        destination_validator: message.validatorDstAddress,
        amount: `${amount}${params.ml.bondDenom}`,
        completion_time: formatTime(completionMs),
      }),
    );
    return { completionTime: toTimestamp(completionMs) };
  },
});

function requireAllowed(context: Context, path: Path): void {
  const { state, params } = context;
  if (equals(path.from, path.to)) {
    throw new RefusedError(stakingErrors.selfRedelegation, 'validator_dst_address');
  }
  if (getValidator(context, path.to) === undefined) {
    throw new RefusedError(stakingErrors.badDestination, 'validator_dst_address');
  }
  // Or stake could run from validator to validator, faster than its faults come out.
  if (hasRedelegationTo(state, path.delegator, path.from)) {
    throw new RefusedError(stakingErrors.transitiveRedelegation, 'validator_src_address');
  }
  if (getRedelegation(context, path).entries.length >= params.staking.maxEntries) {
    throw new RefusedError(stakingErrors.tooManyRedelegations, 'validator_dst_address');
  }
}

/** From when and how long the stake answers for its first validator. Not at all if that is free. */
function answersUntil({ block, params }: Context, source: Validator) {
  if (isBonded(source)) {
    const completionMs = block.timeMs + params.staking.unbondingMs;
    return { creationHeight: block.height, completionMs };
  }
  if (!isUnbonding(source)) return undefined;
  return { creationHeight: source.unbondingHeight, completionMs: source.unbondingMs };
}
