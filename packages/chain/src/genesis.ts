import type { JsonValue } from '@bufbuild/protobuf';
import { equals } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import type { Genesis, ValidatorUpdate } from './application.ts';
import { type ChainParams, setChainParams } from './chain-params.ts';
import type { Context } from './context.ts';
import { readList, readObject, readString } from './genesis-json.ts';
import { parseAddress } from './modules/auth/address.ts';
import { createAccountIfMissing } from './modules/auth/keeper.ts';
import { isModuleAccount } from './modules/auth/module-account.ts';
import { type AuthParamsJson, parseAuthParams } from './modules/auth/params.ts';
import { type Coin, parseCoins } from './modules/bank/coin.ts';
import { mint } from './modules/bank/keeper.ts';
import {
  type DistributionParamsJson,
  parseDistributionParams,
} from './modules/distribution/params.ts';
import { type GovParamsJson, parseGovParams } from './modules/gov/params.ts';
import {
  type MlGenesis,
  parseMlGenesis,
  parseParams,
  writeMlGenesis,
} from './modules/ml/genesis.ts';
import { defaultParams } from './modules/ml/params.ts';
import { parseSlashingParams, type SlashingParamsJson } from './modules/slashing/params.ts';
import {
  parseGenesisValidators,
  type StakingGenesisJson,
  writeGenesisValidators,
} from './modules/staking/genesis.ts';
import type { NewValidator } from './modules/staking/messages/create-validator.ts';
import { parseStakingParams } from './modules/staking/params.ts';
import { STAKE_LIMIT } from './modules/staking/validator.ts';
import { chooseValidators } from './modules/staking/validator-set.ts';
import { AMOUNT_LIMIT } from './store/amount.ts';

/** What `app_state` in genesis.json holds. Left-out ml params take their defaults. */
export interface AppState {
  readonly auth: { readonly params: AuthParamsJson };
  readonly bank: { readonly balances: readonly GenesisBalance[] };
  readonly staking?: StakingGenesisJson;
  readonly slashing?: { readonly params?: SlashingParamsJson };
  readonly distribution?: { readonly params?: DistributionParamsJson };
  readonly gov?: { readonly params?: GovParamsJson };
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

interface Balance {
  readonly address: Uint8Array;
  readonly coins: readonly Coin[];
}

/** A genesis found good. */
export interface GenesisState {
  readonly params: ChainParams;
  /** Read anew whenever they are gone through: of a million, the text is enough to hold. */
  readonly balances: Iterable<Balance>;
  readonly validators: readonly NewValidator[];
  /** Who makes the first blocks, as the engine was told. */
  readonly engineSet: readonly ValidatorUpdate[];
  readonly ml: MlGenesis;
}

export { defaultParams };

/** Checks a genesis in full. Throws InvalidInputError naming the field that is wrong. */
export function parseGenesis({
  chainId,
  block,
  validators: engineSet,
  appState,
}: Genesis): GenesisState {
  const app = readObject(appState, 'app_state', [
    'auth',
    'bank',
    'staking',
    'slashing',
    'distribution',
    'gov',
    'ml',
  ]);
  const ml = readObject(app.ml, 'ml', ['params', 'models', 'nodes', 'jobs']);
  const staking = readObject(app.staking ?? {}, 'staking', ['params', 'validators']);
  const params = {
    chainId,
    ...parseAuthParams(readObject(app.auth, 'auth', ['params']).params),
    maxBlockGas: block.maxGas,
    ml: parseParams(ml.params),
    staking: parseStakingParams(staking.params),
    slashing: parseSlashingParams(paramsOf(app.slashing, 'slashing')),
    distribution: parseDistributionParams(paramsOf(app.distribution, 'distribution')),
    gov: parseGovParams(paramsOf(app.gov, 'gov')),
  };
  const bank = readObject(app.bank, 'bank', ['balances']);
  const balances = balancesIn(readList(bank.balances, 'bank.balances'), params);
  const mlGenesis = parseMlGenesis(ml, params);
  const validators = parseGenesisValidators(staking.validators, params);
  const stakes = [
    ...mlGenesis.nodes.map(({ stake }) => BigInt(stake)),
    ...validators.map(({ selfDelegation }) => selfDelegation),
  ].map((amount) => ({ denom: params.ml.bondDenom, amount }));
  checkSupply(params, coinsOf(balances, stakes), 'bank.balances');
  return {
    params,
    balances,
    validators,
    engineSet,
    ml: mlGenesis,
  };
}

/** A module's section that holds nothing but params. */
function paramsOf(value: unknown, path: string): unknown {
  return readObject(value ?? {}, path, ['params']).params;
}

/** Writes all of a genesis to empty state. Account numbers follow the order of the balances. */
export function writeGenesis(context: Context, genesis: GenesisState): void {
  const { state } = context;
  setChainParams(state, genesis.params);
  for (const { address, coins } of genesis.balances) {
    createAccountIfMissing(state, address);
    for (const coin of coins) mint(state, address, coin);
  }
  writeGenesisValidators(context, genesis.validators);
  checkEngineSet(chooseValidators(context), genesis.engineSet);
  writeMlGenesis(context, genesis.ml);
}

/**
 * Who makes the first blocks must be those whose stakes are in genesis, with the power that these
 * give; or nobody has a stake there, and then nobody earns or answers for what the engine's do.
 */
function checkEngineSet(
  chosen: readonly ValidatorUpdate[],
  engineSet: readonly ValidatorUpdate[],
): void {
  if (chosen.length === 0) return;
  const given = engineSet.toSorted((a, b) => Buffer.compare(a.publicKey, b.publicKey));
  const isSame =
    given.length === chosen.length &&
    chosen.every(({ publicKey, power }, i) => {
      const other = given[i] as ValidatorUpdate;
      return equals(publicKey, other.publicKey) && power === other.power;
    });
  if (isSame) return;
  const reason = 'not the keys and powers that staking.validators come to';
  throw new InvalidInputError('validators', reason);
}

/** What is there of the coin of stakes must be less than an engine counts as power. */
export function checkSupply({ ml }: ChainParams, coins: Iterable<Coin>, path: string): void {
  const supply = new Map<string, bigint>();
  for (const { denom, amount } of coins) supply.set(denom, (supply.get(denom) ?? 0n) + amount);
  for (const [denom, amount] of supply) {
    const limit = denom === ml.bondDenom ? STAKE_LIMIT : AMOUNT_LIMIT;
    if (amount >= limit) {
      throw new InvalidInputError(path, `the supply of ${denom} is ${limit} or more`);
    }
  }
}

function* coinsOf(balances: Iterable<Balance>, stakes: readonly Coin[]): Iterable<Coin> {
  for (const { coins } of balances) yield* coins;
  yield* stakes;
}

const balancesIn = (list: readonly unknown[], params: ChainParams): Iterable<Balance> => ({
  *[Symbol.iterator]() {
    for (const [i, value] of list.entries()) {
      yield parseBalance(params, value, `bank.balances[${i}]`);
    }
  },
});

function parseBalance(params: ChainParams, value: unknown, path: string): Balance {
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
