import { BaseAccount } from 'cosmjs-types/cosmos/auth/v1beta1/auth';
import {
  Bech32PrefixResponse,
  QueryAccountInfoRequest,
  QueryAccountInfoResponse,
  QueryAccountRequest,
  QueryAccountResponse,
} from 'cosmjs-types/cosmos/auth/v1beta1/query';
import { notFound, type QueryContext, type QueryHandler, readRequest } from '../../query.ts';
import { parseAddress } from './address.ts';
import { getAccount } from './keeper.ts';
import { encodePubKey } from './pub-key.ts';

const queryAccount: QueryHandler = (context, request) => {
  const { address } = readRequest(() => QueryAccountRequest.decode(request));
  const value = BaseAccount.encode(baseAccount(context, address)).finish();
  return QueryAccountResponse.encode({ account: { typeUrl: BaseAccount.typeUrl, value } }).finish();
};

const queryAccountInfo: QueryHandler = (context, request) => {
  const { address } = readRequest(() => QueryAccountInfoRequest.decode(request));
  return QueryAccountInfoResponse.encode({ info: baseAccount(context, address) }).finish();
};

const queryBech32Prefix: QueryHandler = ({ params }) =>
  Bech32PrefixResponse.encode({ bech32Prefix: params.bech32Prefix }).finish();

/** The account that a client asks for. Refuses when there is none. */
function baseAccount({ state, params }: QueryContext, address: string): BaseAccount {
  const bytes = readRequest(() => parseAddress(params, address, 'address'));
  const account = getAccount(state, bytes);
  if (account === undefined) throw notFound(`account ${address}`);
  const { number: accountNumber, sequence, pubKey } = account;
  return { address, accountNumber, sequence, ...(pubKey && { pubKey: encodePubKey(pubKey) }) };
}

export const authQueries: Readonly<Record<string, QueryHandler>> = {
  '/cosmos.auth.v1beta1.Query/Account': queryAccount,
  '/cosmos.auth.v1beta1.Query/AccountInfo': queryAccountInfo,
  '/cosmos.auth.v1beta1.Query/Bech32Prefix': queryBech32Prefix,
};
