import type { Description } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import { MsgEditValidator, MsgEditValidatorResponse } from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import type { Context } from '../../../context.ts';
import { type Decimal, parseAtomics } from '../../../decimal.ts';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { DAY } from '../../../time.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { stakingErrors } from '../errors.ts';
import { checkDescription, parseMinSelfDelegation } from '../fields.ts';
import { parseOperator, signerOf } from '../operator-address.ts';
import type { Commission, Validator } from '../validator.ts';
import { requireValidator, setValidator } from '../validators.ts';

/** Text that stands for what was there before, as in Cosmos. */
const AS_IT_IS = '[do-not-modify]';

export const editValidator = cosmosMessage({
  codec: MsgEditValidator,
  response: MsgEditValidatorResponse,
  signer: ({ validatorAddress }) => signerOf(validatorAddress),
  gas: () => 60_000n,

  validate({ validatorAddress, description, commissionRate, minSelfDelegation }, params) {
    parseOperator(params, validatorAddress, 'validator_address');
    checkDescription(description, 'description');
    if (commissionRate !== '') parseAtomics(commissionRate, 'commission_rate');
    if (minSelfDelegation !== '') parseMinSelfDelegation(minSelfDelegation, 'min_self_delegation');
  },

  handle(context, message) {
    const { params, events } = context;
    const operator = parseOperator(params, message.validatorAddress, 'validator_address');
    const validator = requireValidator(context, operator);
    const edited = {
      ...validator,
      description: changed(validator.description, message.description),
      commission: newCommission(context, validator, message.commissionRate),
      minSelfDelegation: newMinimum(validator, message.minSelfDelegation),
    };
    setValidator(context, edited);
    events.push(
      event('edit_validator', {
        commission_rate: edited.commission.rate.toString(),
        min_self_delegation: edited.minSelfDelegation.toString(),
      }),
    );
    return {};
  },
});

function changed(before: Description, wanted: Description): Description {
  const pick = (name: keyof Description) =>
    wanted[name] === AS_IT_IS ? before[name] : wanted[name];
  return {
    moniker: pick('moniker'),
    identity: pick('identity'),
    website: pick('website'),
    securityContact: pick('securityContact'),
    details: pick('details'),
  };
}

/** Once a day, up to the most that was promised, and no faster than that. */
function newCommission(context: Context, { commission }: Validator, text: string): Commission {
  if (text === '') return commission;
  const rate = parseAtomics(text, 'commission_rate');
  const { block, params } = context;
  if (block.timeMs - commission.updatedMs < DAY) {
    throw new RefusedError(stakingErrors.commissionChangedLately, 'commission_rate');
  }
  checkRate(commission, rate);
  if (rate < params.staking.minCommissionRate) {
    throw new RefusedError(stakingErrors.commissionBelowMin, 'commission_rate');
  }
  return { ...commission, rate, updatedMs: block.timeMs };
}

function checkRate({ rate: before, maxRate, maxChangeRate }: Commission, rate: Decimal): void {
  if (rate > maxRate) throw new RefusedError(stakingErrors.commissionAboveMax, 'commission_rate');
  if (rate - before > maxChangeRate) {
    throw new RefusedError(stakingErrors.commissionChangeTooBig, 'commission_rate');
  }
}

/** A promise that may only grow, and not beyond what there is. */
function newMinimum({ minSelfDelegation, tokens }: Validator, text: string): bigint {
  if (text === '') return minSelfDelegation;
  const minimum = parseMinSelfDelegation(text, 'min_self_delegation');
  if (minimum <= minSelfDelegation) {
    throw new RefusedError(stakingErrors.minSelfDelegationDecreased, 'min_self_delegation');
  }
  if (minimum > tokens) {
    throw new RefusedError(stakingErrors.selfDelegationTooLow, 'min_self_delegation');
  }
  return minimum;
}
