import { BaseAccount } from 'cosmjs-types/cosmos/auth/v1beta1/auth';
import { QueryAccountRequest, QueryAccountResponse } from 'cosmjs-types/cosmos/auth/v1beta1/query';
import { notFound, type QueryHandler, readRequest } from '../../query.ts';
import { parseAddress } from './address.ts';
import { getAccount } from './keeper.ts';
import { encodePubKey } from './pub-key.ts';

const queryAccount: QueryHandler = ({ state, params }, request) => {
  const { address } = readRequest(() => QueryAccountRequest.decode(request));
  const bytes = readRequest(() => parseAddress(params, address, 'address'));
  const account = getAccount(state, bytes);
  if (account === undefined) throw notFound(`account ${address}`);
  const { number: accountNumber, sequence, pubKey } = account;
  const value = BaseAccount.encode({
    address,
    accountNumber,
    sequence,
    ...(pubKey && { pubKey: encodePubKey(pubKey) }),
  }).finish();
  return QueryAccountResponse.encode({ account: { typeUrl: BaseAccount.typeUrl, value } }).finish();
};

export const authQueries: Readonly<Record<string, QueryHandler>> = {
  '/cosmos.auth.v1beta1.Query/Account': queryAccount,
};
