import {
  MsgSetWithdrawAddress,
  MsgSetWithdrawAddressResponse,
} from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { RefusedError, sdkErrors } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { isModuleAccount } from '../../auth/module-account.ts';
import { setWithdrawAddress as set } from '../withdraw-address.ts';

/** Says where an account's rewards go from now on. */
export const setWithdrawAddress = cosmosMessage({
  codec: MsgSetWithdrawAddress,
  response: MsgSetWithdrawAddressResponse,
  signer: ({ delegatorAddress }) => delegatorAddress,
  gas: () => 30_000n,

  validate({ delegatorAddress, withdrawAddress }, params) {
    parseAddress(params, delegatorAddress, 'delegator_address');
    parseAddress(params, withdrawAddress, 'withdraw_address');
  },

  handle({ state, params, events }, { delegatorAddress, withdrawAddress }) {
    const to = parseAddress(params, withdrawAddress, 'withdraw_address');
    if (isModuleAccount(to)) {
      const reason = `${withdrawAddress} is not allowed to receive external funds`;
      throw new RefusedError(sdkErrors.unauthorized, reason);
    }
    set(state, parseAddress(params, delegatorAddress, 'delegator_address'), to);
    events.push(event('set_withdraw_address', { withdraw_address: withdrawAddress }));
    return {};
  },
});
