import { InvalidInputError } from '@semblance/core/errors';
import { MsgSend, MsgSendResponse } from 'cosmjs-types/cosmos/bank/v1beta1/tx';
import { RefusedError, sdkErrors } from '../../errors.ts';
import { cosmosMessage } from '../../tx/cosmos-message.ts';
import { parseAddress } from '../auth/address.ts';
import { isModuleAccount } from '../auth/module-account.ts';
import { parseCoins } from './coin.ts';
import { transfer } from './keeper.ts';

const MAX_COINS = 16;

/** cosmos.bank.v1beta1.MsgSend: coins from the signer to anybody but a module. */
export const msgSend = cosmosMessage({
  codec: MsgSend,
  response: MsgSendResponse,
  signer: ({ fromAddress }) => fromAddress,
  gas: () => 20_000n,

  validate({ fromAddress, toAddress, amount }, params) {
    parseAddress(params, fromAddress, 'from_address');
    parseAddress(params, toAddress, 'to_address');
    if (amount.length === 0) throw new InvalidInputError('amount', 'no coins');
    if (amount.length > MAX_COINS) throw new InvalidInputError('amount', 'too many coins');
    parseCoins(amount, 'amount');
  },

  handle(context, { fromAddress, toAddress, amount }) {
    const from = parseAddress(context.params, fromAddress, 'from_address');
    const to = parseAddress(context.params, toAddress, 'to_address');
    if (isModuleAccount(to)) {
      throw new RefusedError(
        sdkErrors.unauthorized,
        `${toAddress} is not allowed to receive funds`,
      );
    }
    transfer(context, from, to, parseCoins(amount, 'amount'));
    return {};
  },
});
