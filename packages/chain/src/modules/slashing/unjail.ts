import { MsgUnjail, MsgUnjailResponse } from 'cosmjs-types/cosmos/slashing/v1beta1/tx';
import type { Context } from '../../context.ts';
import { truncate } from '../../decimal.ts';
import { RefusedError } from '../../errors.ts';
import { type AminoConverter, cosmosAmino } from '../../tx/cosmos-amino.ts';
import { cosmosMessage } from '../../tx/cosmos-message.ts';
import { consensusAddress } from '../staking/consensus-key.ts';
import { getDelegation } from '../staking/delegations.ts';
import { parseOperator, signerOf } from '../staking/operator-address.ts';
import { tokensOf, type Validator } from '../staking/validator.ts';
import { getValidator, setValidator } from '../staking/validators.ts';
import { slashingErrors } from './errors.ts';
import { getSigningInfo } from './signing-info.ts';

/** A validator comes back once its time is over. */
export const unjail = cosmosMessage({
  codec: MsgUnjail,
  response: MsgUnjailResponse,
  signer: ({ validatorAddr }) => signerOf(validatorAddr),
  gas: () => 60_000n,

  validate({ validatorAddr }, params) {
    parseOperator(params, validatorAddr, 'validator_addr');
  },

  handle(context, { validatorAddr }) {
    const operator = parseOperator(context.params, validatorAddr, 'validator_addr');
    const validator = getValidator(context, operator);
    if (validator === undefined) {
      throw new RefusedError(slashingErrors.noValidator, 'validator_addr');
    }
    requireSelfDelegation(context, validator);
    if (!validator.jailed) throw new RefusedError(slashingErrors.notJailed, 'validator_addr');
    requireTimeOver(context, validator);
    setValidator(context, { ...validator, jailed: false });
    return {};
  },
});

function requireSelfDelegation(context: Context, validator: Validator): void {
  const { operator, minSelfDelegation } = validator;
  const own = getDelegation(context, operator, operator);
  if (own === undefined) {
    throw new RefusedError(slashingErrors.noSelfDelegation, 'validator_addr');
  }
  if (truncate(tokensOf(validator, own.shares)) < minSelfDelegation) {
    throw new RefusedError(slashingErrors.selfDelegationTooLow, 'validator_addr');
  }
}

/** One that left by itself, below its own minimum, has no time to wait. */
function requireTimeOver({ state, block }: Context, { publicKey }: Validator): void {
  const info = getSigningInfo(state, consensusAddress(publicKey));
  if (info === undefined) return;
  if (info.tombstoned || block.timeMs < info.jailedUntilMs) {
    throw new RefusedError(slashingErrors.stillJailed, 'validator_addr');
  }
}

/** As `cosmos-sdk` signs it; CosmJS has no converter of its own for it. */
export const slashingAmino: readonly AminoConverter[] = [
  cosmosAmino(MsgUnjail, 'cosmos-sdk/MsgUnjail', ({ validatorAddr }) => ({
    address: validatorAddr,
  })),
];
