import { concat, fromUint64 } from '@semblance/core/bytes';
import type { View } from '../../context.ts';
import { toByteString } from '../../store/byte-string.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance } from '../bank/keeper.ts';
import { consensusAddress } from './consensus-key.ts';
import { decodeDelegation } from './delegations.ts';
import { formatOperator } from './operator-address.ts';
import { decodeUnbonding, type Unbonding } from './unbondings.ts';
import { isBonded, powerOf, type Validator } from './validator.ts';
import { allValidators, lastPowers, operatorAt, strongest } from './validators.ts';

/** Sentences on what is broken in the pools, shares, ranks and queues. */
export function stakingInvariants(view: View): string[] {
  const validators = [...allValidators(view)];
  const unbondings = allUnbondings(view);
  return [
    ...poolInvariants(view, validators, unbondings),
    ...shareInvariants(view, validators),
    ...rankInvariants(view, validators),
    ...queueInvariants(view.state, unbondings),
  ];
}

function allUnbondings({ state, params }: View): Unbonding[] {
  const entries = state.range(...keysUnder(keyOf(PREFIX.stakingUnbonding)));
  return Array.from(entries, ([, bytes]) => decodeUnbonding(params, bytes));
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

function poolInvariants(
  { state, params }: View,
  validators: readonly Validator[],
  unbondings: readonly Unbonding[],
): string[] {
  const tokens = (of: readonly Validator[]) => sum(of.map((validator) => validator.tokens));
  const leaving = sum(unbondings.flatMap(({ entries }) => entries.map(({ balance }) => balance)));
  const pools = [
    ['bonded', MODULE_ACCOUNTS.bonded, tokens(validators.filter(isBonded))],
    [
      'not bonded',
      MODULE_ACCOUNTS.notBonded,
      tokens(validators.filter((validator) => !isBonded(validator))) + leaving,
    ],
  ] as const;
  return pools.flatMap(([name, account, due]) => {
    const held = getBalance(state, account, params.ml.bondDenom);
    return held === due ? [] : [`staking: the ${name} pool holds ${held}, recorded are ${due}`];
  });
}

function shareInvariants({ state, params }: View, validators: readonly Validator[]): string[] {
  const shares = new Map<string, bigint>();
  for (const [, bytes] of state.range(...keysUnder(keyOf(PREFIX.stakingDelegation)))) {
    const delegation = decodeDelegation(params, bytes);
    const name = formatOperator(params, delegation.operator);
    shares.set(name, (shares.get(name) ?? 0n) + delegation.shares);
  }
  const broken: string[] = [];
  for (const validator of validators) {
    const name = formatOperator(params, validator.operator);
    if ((shares.get(name) ?? 0n) !== validator.shares) {
      broken.push(`staking: the shares of ${name} are not those of its delegators`);
    }
    shares.delete(name);
  }
  for (const name of shares.keys()) broken.push(`staking: ${name} has delegators and is none`);
  return broken;
}

/** Whoever may be chosen is ranked, and the engine was told of those that are bonded. */
function rankInvariants({ state }: View, validators: readonly Validator[]): string[] {
  const broken: string[] = [];
  const isEqual = (a: readonly Uint8Array[], b: readonly Uint8Array[]) =>
    a.map(toByteString).toSorted().join() === b.map(toByteString).toSorted().join();
  const operators = (of: readonly Validator[]) => of.map(({ operator }) => operator);
  const eligible = validators.filter((one) => !one.jailed && powerOf(one) > 0n);
  if (!isEqual(strongest(state, Number.MAX_SAFE_INTEGER), operators(eligible))) {
    broken.push('staking: the ranks are not those of the validators');
  }
  const told = lastPowers(state).map(([operator]) => operator);
  if (!isEqual(told, operators(validators.filter(isBonded)))) {
    broken.push('staking: the engine was told of others than are bonded');
  }
  for (const { operator, publicKey } of validators) {
    const indexed = operatorAt(state, consensusAddress(publicKey));
    if (indexed === undefined || !isEqual([indexed], [operator])) {
      broken.push('staking: a consensus address leads to another validator');
    }
  }
  return broken;
}

function queueInvariants(state: Reader, unbondings: readonly Unbonding[]): string[] {
  return unbondings.flatMap(({ delegator, operator, entries }) =>
    entries
      .map(({ completionMs }) =>
        keyOf(PREFIX.stakingUnbondingQueue, fromUint64(completionMs), concat(delegator, operator)),
      )
      .filter((key) => state.get(key) === undefined)
      .map(() => 'staking: an unbonding waits in no queue'),
  );
}
