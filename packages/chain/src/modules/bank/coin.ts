import { InvalidInputError } from '@semblance/core/errors';
import { AMOUNT_LIMIT } from '../../store/amount.ts';

export interface Coin {
  readonly denom: string;
  readonly amount: bigint;
}

/** Coins as they stand on the wire and in genesis. */
export interface CoinText {
  readonly denom: string;
  readonly amount: string;
}

const DENOM = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,63}$/;
const AMOUNT = /^(0|[1-9][0-9]{0,38})$/;

export function parseDenom(denom: string, field: string): string {
  if (!DENOM.test(denom)) throw new InvalidInputError(field, 'not a coin name');
  return denom;
}

/** A whole number of base units from its canonical decimal text, below 2^128. */
export function parseAmount(text: string, field: string): bigint {
  const amount = AMOUNT.test(text) ? BigInt(text) : AMOUNT_LIMIT;
  if (amount >= AMOUNT_LIMIT)
    throw new InvalidInputError(field, 'not a whole number of base units');
  return amount;
}

/** Positive amounts of different coins in ascending order of name, as Cosmos has them. */
export function parseCoins(coins: readonly CoinText[], field: string): Coin[] {
  const parsed = coins.map(({ denom, amount }) => ({
    denom: parseDenom(denom, `${field}.denom`),
    amount: parseAmount(amount, `${field}.amount`),
  }));
  for (const [i, { denom, amount }] of parsed.entries()) {
    if (amount === 0n) throw new InvalidInputError(`${field}.amount`, 'not positive');
    const previous = parsed[i - 1];
    if (previous !== undefined && previous.denom >= denom) {
      throw new InvalidInputError(field, 'coins are not in ascending order of their names');
    }
  }
  return parsed;
}

/** A positive amount of one coin and no other. */
export function parseFeeCoins(coins: readonly CoinText[], denom: string, field: string): bigint {
  const [coin, ...others] = parseCoins(coins, field);
  if (coin?.denom !== denom || others.length > 0) {
    throw new InvalidInputError(field, `not an amount of ${denom} alone`);
  }
  return coin.amount;
}

/** An amount of one coin as messages list it: nothing is no coin. */
export function coinsText(denom: string, amount: bigint): CoinText[] {
  return amount === 0n ? [] : [{ denom, amount: amount.toString() }];
}

/** `100usem,5utwo`, as events spell coins. */
export function formatCoins(coins: readonly Coin[]): string {
  return coins.map(({ denom, amount }) => `${amount}${denom}`).join(',');
}
