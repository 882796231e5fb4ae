import { equals } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { BondStatus, type Description } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import {
  MsgCreateValidator,
  MsgCreateValidatorResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import type { ChainParams } from '../../../chain-params.ts';
import type { Context } from '../../../context.ts';
import { parseAtomics } from '../../../decimal.ts';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { startValidator } from '../../distribution/validator-rewards.ts';
import { getSigningInfo } from '../../slashing/signing-info.ts';
import { consensusAddress, decodeConsensusKey } from '../consensus-key.ts';
import { stakingErrors } from '../errors.ts';
import { checkDescription, parseMinSelfDelegation, parseStake } from '../fields.ts';
import { formatOperator, parseOperator, signerOf } from '../operator-address.ts';
import { addStake } from '../stake.ts';
import { areRates, type Commission } from '../validator.ts';
import { addValidator, getValidator, operatorAt } from '../validators.ts';

/** A validator as it wants to begin. */
export interface NewValidator {
  readonly operator: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly description: Description;
  readonly commission: Omit<Commission, 'updatedMs'>;
  readonly minSelfDelegation: bigint;
  readonly selfDelegation: bigint;
}

/** All that can be checked of a new validator without state. */
export function checkNewValidator({ staking }: ChainParams, wanted: NewValidator): void {
  const { description, commission, minSelfDelegation, selfDelegation } = wanted;
  if (description.moniker === '') throw new InvalidInputError('description.moniker', 'empty');
  checkDescription(description, 'description');
  if (!areRates(commission)) {
    throw new InvalidInputError(
      'commission',
      'not rate and max_change_rate up to max_rate up to 1',
    );
  }
  if (commission.rate < staking.minCommissionRate) {
    throw new RefusedError(stakingErrors.commissionBelowMin, 'commission.rate');
  }
  if (selfDelegation < minSelfDelegation) {
    throw new RefusedError(stakingErrors.selfDelegationTooLow, 'value');
  }
}

/** Begins a validator, whose self-delegation is in the pool of what is not bonded. */
export function beginValidator(context: Context, wanted: NewValidator): void {
  const { operator, publicKey, description, commission, minSelfDelegation } = wanted;
  if (getValidator(context, operator) !== undefined) {
    throw new RefusedError(stakingErrors.operatorExists, 'validator_address');
  }
  const address = consensusAddress(publicKey);
  const isUsed = operatorAt(context.state, address) !== undefined;
  // A key that signed twice stays out, even if the validator that held it is forgotten.
  if (isUsed || getSigningInfo(context.state, address)?.tombstoned === true) {
    throw new RefusedError(stakingErrors.keyExists, 'pubkey');
  }
  addValidator(context, {
    operator,
    publicKey,
    jailed: false,
    status: BondStatus.BOND_STATUS_UNBONDED,
    tokens: 0n,
    shares: 0n,
    description,
    unbondingHeight: 0n,
    unbondingMs: 0n,
    commission: { ...commission, updatedMs: context.block.timeMs },
    minSelfDelegation,
  });
  startValidator(context, operator);
  addStake(context, operator, operator, wanted.selfDelegation);
}

export const createValidator = cosmosMessage({
  codec: MsgCreateValidator,
  response: MsgCreateValidatorResponse,
  signer: ({ validatorAddress }) => signerOf(validatorAddress),
  gas: () => 120_000n,
  validate: (message, params) => checkNewValidator(params, read(params, message)),

  handle(context, message) {
    const wanted = read(context.params, message);
    const { operator, selfDelegation } = wanted;
    beginValidator(context, wanted);
    transferFeeCoin(context, operator, MODULE_ACCOUNTS.notBonded, selfDelegation);
    context.events.push(
      event('create_validator', {
        validator: formatOperator(context.params, operator),
        amount: `${selfDelegation}${context.params.ml.bondDenom}`,
      }),
    );
    return {};
  },
});

function read(params: ChainParams, message: MsgCreateValidator): NewValidator {
  const { rate, maxRate, maxChangeRate } = message.commission;
  if (message.pubkey === undefined) throw new InvalidInputError('pubkey', 'missing');
  const operator = parseOperator(params, message.validatorAddress, 'validator_address');
  checkDelegator(params, message.delegatorAddress, operator);
  return {
    operator,
    publicKey: decodeConsensusKey(message.pubkey, 'pubkey'),
    description: message.description,
    commission: {
      rate: parseAtomics(rate, 'commission.rate'),
      maxRate: parseAtomics(maxRate, 'commission.max_rate'),
      maxChangeRate: parseAtomics(maxChangeRate, 'commission.max_change_rate'),
    },
    minSelfDelegation: parseMinSelfDelegation(message.minSelfDelegation, 'min_self_delegation'),
    selfDelegation: parseStake(params, message.value, 'value'),
  };
}

/** An older field that says the same as the operator, or nothing. */
function checkDelegator(params: ChainParams, text: string, operator: Uint8Array): void {
  if (text === '') return;
  if (!equals(parseAddress(params, text, 'delegator_address'), operator)) {
    throw new InvalidInputError('delegator_address', 'not the account of validator_address');
  }
}
