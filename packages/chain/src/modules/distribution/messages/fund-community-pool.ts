import {
  MsgFundCommunityPool,
  MsgFundCommunityPoolResponse,
} from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { cosmosMessage } from '../../../tx/cosmos-message.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { parseFeeCoins } from '../../bank/coin.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';

/** Gives the fee coin to the community pool, which holds no other. */
export const fundCommunityPool = cosmosMessage({
  codec: MsgFundCommunityPool,
  response: MsgFundCommunityPoolResponse,
  signer: ({ depositor }) => depositor,
  gas: () => 20_000n,

  validate({ depositor, amount }, { bech32Prefix, ml }) {
    parseAddress({ bech32Prefix }, depositor, 'depositor');
    parseFeeCoins(amount, ml.bondDenom, 'amount');
  },

  handle(context, { depositor, amount }) {
    const { params } = context;
    const from = parseAddress(params, depositor, 'depositor');
    const given = parseFeeCoins(amount, params.ml.bondDenom, 'amount');
    transferFeeCoin(context, from, MODULE_ACCOUNTS.communityPool, given);
    return {};
  },
});
