import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
  QueryBalanceRequest,
  QueryBalanceResponse,
  QuerySpendableBalanceByDenomRequest,
  QuerySpendableBalanceByDenomResponse,
  QuerySpendableBalancesRequest,
  QuerySpendableBalancesResponse,
  QuerySupplyOfRequest,
  QuerySupplyOfResponse,
  QueryTotalSupplyResponse,
} from 'cosmjs-types/cosmos/bank/v1beta1/query';
import { type QueryContext, type QueryHandler, readRequest } from '../../query.ts';
import { parseAddress } from '../auth/address.ts';
import { type Coin, type CoinText, parseDenom } from './coin.ts';
import { getBalance, getBalances, getSupply, getTotalSupply } from './keeper.ts';

const toText = ({ denom, amount }: Coin): CoinText => ({ denom, amount: amount.toString() });

/** All coins in one page: only genesis makes coins, so there are few kinds. */
const onePage = (total: number) => ({ nextKey: new Uint8Array(), total: BigInt(total) });

const readAddress = ({ params }: QueryContext, address: string) =>
  readRequest(() => parseAddress(params, address, 'address'));

const readDenom = (denom: string) => readRequest(() => parseDenom(denom, 'denom'));

const queryBalance: QueryHandler = (context, request) => {
  const { address, denom } = readRequest(() => QueryBalanceRequest.decode(request));
  const amount = getBalance(context.state, readAddress(context, address), readDenom(denom));
  return QueryBalanceResponse.encode({ balance: toText({ denom, amount }) }).finish();
};

const queryAllBalances: QueryHandler = (context, request) => {
  const { address } = readRequest(() => QueryAllBalancesRequest.decode(request));
  const balances = getBalances(context.state, readAddress(context, address)).map(toText);
  return QueryAllBalancesResponse.encode({
    balances,
    pagination: onePage(balances.length),
  }).finish();
};

/** Nothing is ever locked in an account, so that all of it is spendable. */
const querySpendableBalances: QueryHandler = (context, request) => {
  const { address } = readRequest(() => QuerySpendableBalancesRequest.decode(request));
  const balances = getBalances(context.state, readAddress(context, address)).map(toText);
  const pagination = onePage(balances.length);
  return QuerySpendableBalancesResponse.encode({ balances, pagination }).finish();
};

const querySpendableBalanceByDenom: QueryHandler = (context, request) => {
  const { address, denom } = readRequest(() => QuerySpendableBalanceByDenomRequest.decode(request));
  const amount = getBalance(context.state, readAddress(context, address), readDenom(denom));
  return QuerySpendableBalanceByDenomResponse.encode({
    balance: toText({ denom, amount }),
  }).finish();
};

const querySupplyOf: QueryHandler = ({ state }, request) => {
  const { denom } = readRequest(() => QuerySupplyOfRequest.decode(request));
  const amount = toText({ denom, amount: getSupply(state, readDenom(denom)) });
  return QuerySupplyOfResponse.encode({ amount }).finish();
};

const queryTotalSupply: QueryHandler = ({ state }) => {
  const supply = getTotalSupply(state).map(toText);
  return QueryTotalSupplyResponse.encode({ supply, pagination: onePage(supply.length) }).finish();
};

export const bankQueries: Readonly<Record<string, QueryHandler>> = {
  '/cosmos.bank.v1beta1.Query/Balance': queryBalance,
  '/cosmos.bank.v1beta1.Query/AllBalances': queryAllBalances,
  '/cosmos.bank.v1beta1.Query/SpendableBalances': querySpendableBalances,
  '/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom': querySpendableBalanceByDenom,
  '/cosmos.bank.v1beta1.Query/SupplyOf': querySupplyOf,
  '/cosmos.bank.v1beta1.Query/TotalSupply': queryTotalSupply,
};
