import type { JsonValue } from '@bufbuild/protobuf';
import { fromHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import type { Genesis } from './application.ts';
import { type ChainParams, setChainParams } from './chain-params.ts';
import type { Context } from './context.ts';
import { readList, readObject, readString } from './genesis-json.ts';
import { parseAddress } from './modules/auth/address.ts';
import { createAccountIfMissing } from './modules/auth/keeper.ts';
import { isModuleAccount } from './modules/auth/module-account.ts';
import { type Coin, parseAmount, parseCoins } from './modules/bank/coin.ts';
import { mint } from './modules/bank/keeper.ts';
import {
  type MlGenesis,
  parseMlGenesis,
  parseParams,
  writeMlGenesis,
} from './modules/ml/genesis.ts';
import { defaultParams } from './modules/ml/params.ts';
import { setProducer } from './modules/producers/keeper.ts';
import { AMOUNT_LIMIT } from './store/amount.ts';

/** What `app_state` in genesis.json holds. Left-out ml params take their defaults. */
export interface AppState {
  readonly auth: {
    readonly params: { readonly bech32_prefix: string; readonly min_gas_price_milli: string };
  };
  readonly bank: { readonly balances: readonly GenesisBalance[] };
  readonly producers?: readonly GenesisProducer[];
  /** Proto JSON of semblance.ml.v1.GenesisState, snake_case, without jobs. */
  readonly ml: {
    readonly params?: JsonValue;
    readonly models?: JsonValue;
    readonly nodes?: JsonValue;
  };
}

export interface GenesisBalance {
  readonly address: string;
  readonly coins: readonly { readonly denom: string; readonly amount: string }[];
}

export interface GenesisProducer {
  /** 40 hexadecimal digits. */
  readonly consensus_address: string;
  readonly account: string;
}

/** A genesis found good. */
export interface GenesisState {
  readonly params: ChainParams;
  readonly balances: readonly { readonly address: Uint8Array; readonly coins: readonly Coin[] }[];
  readonly producers: readonly { readonly consensus: Uint8Array; readonly account: Uint8Array }[];
  readonly ml: MlGenesis;
}

export { defaultParams };

/** Checks a genesis in full. Throws InvalidInputError naming the field that is wrong. */
export function parseGenesis({ chainId, block, appState }: Genesis): GenesisState {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,49}$/.test(chainId)) {
    throw new InvalidInputError('chain_id', 'not 1 to 50 letters, digits, dots or dashes');
  }
  const app = readObject(appState, 'app_state', ['auth', 'bank', 'producers', 'ml']);
  const ml = readObject(app.ml, 'ml', ['params', 'models', 'nodes', 'jobs']);
  const params = {
    chainId,
    ...parseAuth(app.auth),
    maxBlockGas: block.maxGas,
    ml: parseParams(ml.params),
  };
  const bank = readObject(app.bank, 'bank', ['balances']);
  const balances = readList(bank.balances, 'bank.balances').map((balance, i) =>
    parseBalance(params, balance, `bank.balances[${i}]`),
  );
  const mlGenesis = parseMlGenesis(ml, params);
  const stakes = mlGenesis.nodes.map(({ stake }) => toStake(params, stake));
  checkSupply([...balances.flatMap(({ coins }) => coins), ...stakes]);
  return {
    params,
    balances,
    producers: readList(app.producers, 'producers').map((producer, i) =>
      parseProducer(params, producer, `producers[${i}]`),
    ),
    ml: mlGenesis,
  };
}

/** Writes all of a genesis to empty state. Account numbers follow the order of the balances. */
export function writeGenesis(context: Context, genesis: GenesisState): void {
  const { state } = context;
  setChainParams(state, genesis.params);
  for (const { address, coins } of genesis.balances) {
    createAccountIfMissing(state, address);
    for (const coin of coins) mint(state, address, coin);
  }
  for (const { consensus, account } of genesis.producers) setProducer(state, consensus, account);
  writeMlGenesis(context, genesis.ml);
}

function parseAuth(value: unknown): Pick<ChainParams, 'bech32Prefix' | 'minGasPriceMilli'> {
  const auth = readObject(value, 'auth', ['params']);
  const params = readObject(auth.params, 'auth.params', ['bech32_prefix', 'min_gas_price_milli']);
  const bech32Prefix = readString(params.bech32_prefix, 'auth.params.bech32_prefix');
  if (!/^[a-z]{1,20}$/.test(bech32Prefix)) {
    throw new InvalidInputError('auth.params.bech32_prefix', 'not 1 to 20 lower-case letters');
  }
  const path = 'auth.params.min_gas_price_milli';
  return {
    bech32Prefix,
    minGasPriceMilli: parseAmount(readString(params.min_gas_price_milli, path), path),
  };
}

const toStake = ({ ml }: ChainParams, stake: string): Coin => ({
  denom: ml.bondDenom,
  amount: BigInt(stake),
});

function checkSupply(coins: readonly Coin[]): void {
  const supply = new Map<string, bigint>();
  for (const { denom, amount } of coins) supply.set(denom, (supply.get(denom) ?? 0n) + amount);
  for (const [denom, amount] of supply) {
    if (amount >= AMOUNT_LIMIT) {
      throw new InvalidInputError('bank.balances', `the supply of ${denom} is 2^128 or more`);
    }
  }
}

function parseBalance(params: ChainParams, value: unknown, path: string) {
  const balance = readObject(value, path, ['address', 'coins']);
  const text = readString(balance.address, `${path}.address`);
  const address = parseAddress(params, text, `${path}.address`);
  if (isModuleAccount(address))
    throw new InvalidInputError(`${path}.address`, 'belongs to a module');
  const coins = readList(balance.coins, `${path}.coins`).map((value, i) => {
    const coin = readObject(value, `${path}.coins[${i}]`, ['denom', 'amount']);
    return {
      denom: readString(coin.denom, `${path}.coins[${i}].denom`),
      amount: readString(coin.amount, `${path}.coins[${i}].amount`),
    };
  });
  return { address, coins: parseCoins(coins, `${path}.coins`) };
}

function parseProducer(params: ChainParams, value: unknown, path: string) {
  const producer = readObject(value, path, ['consensus_address', 'account']);
  const field = `${path}.consensus_address`;
  const consensus = fromHex(readString(producer.consensus_address, field), field);
  if (consensus.length !== 20) throw new InvalidInputError(field, 'not 20 bytes');
  const account = readString(producer.account, `${path}.account`);
  return { consensus, account: parseAddress(params, account, `${path}.account`) };
}
