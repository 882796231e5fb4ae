import { toBech32 } from '@semblance/core/bech32';
import { PubKey } from 'cosmjs-types/cosmos/crypto/ed25519/keys';
import {
  QueryDelegationRequest,
  QueryDelegationResponse,
  QueryValidatorRequest,
  QueryValidatorResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/query';
import { BondStatus } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import {
  MsgCreateValidator,
  MsgUndelegate,
  MsgUndelegateResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import type { TxOutcome } from './broadcast.ts';
import type { CallOptions } from './json-rpc.ts';
import type { Coin, TxMessage } from './messages.ts';
import type { Queries } from './query.ts';

/* Validators and the stakes behind them, as Cosmos' module `staking` has them. */

/** A validator is named by the account that operates it: `semvaloper1...` for `sem1...`. */
export function operatorAddress(prefix: string, account: Uint8Array): string {
  return toBech32(`${prefix}valoper`, account);
}

export interface NewValidator {
  /** Account that operates the validator, stakes and signs. */
  readonly account: string;
  /** The same as {@link operatorAddress}. */
  readonly operator: string;
  /** Of the key that signs blocks: ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** A name for people, up to 70 bytes. */
  readonly moniker: string;
  readonly stake: Coin;
}

/** Begins a validator that takes no commission from its delegators, as those of a new network. */
export function createValidator(validator: NewValidator): TxMessage {
  const { account, operator, publicKey, moniker, stake } = validator;
  const fields = MsgCreateValidator.fromPartial({
    description: { moniker },
    commission: { rate: '0', maxRate: '0', maxChangeRate: '0' },
    minSelfDelegation: '1',
    delegatorAddress: account,
    validatorAddress: operator,
    pubkey: { typeUrl: PubKey.typeUrl, value: PubKey.encode({ key: publicKey }).finish() },
    value: { ...stake },
  });
  return { typeUrl: MsgCreateValidator.typeUrl, value: MsgCreateValidator.encode(fields).finish() };
}

/** Takes stake back from a validator; it comes once the unbonding time is over. */
export function undelegate(account: string, operator: string, amount: Coin): TxMessage {
  const fields = MsgUndelegate.fromPartial({
    delegatorAddress: account,
    validatorAddress: operator,
    amount: { ...amount },
  });
  return { typeUrl: MsgUndelegate.typeUrl, value: MsgUndelegate.encode(fields).finish() };
}

/** When the stake that a transaction took back comes: Unix milliseconds. */
export function undelegatedUntil({ responses }: TxOutcome): number | undefined {
  const response = responses.find(({ typeUrl }) => typeUrl === MsgUndelegateResponse.typeUrl);
  if (response === undefined) return undefined;
  const { seconds, nanos } = MsgUndelegateResponse.decode(response.value).completionTime;
  return Number(seconds) * 1000 + Math.floor(nanos / 1e6);
}

export interface ValidatorState {
  /** Whether it has been chosen to make blocks. */
  readonly isBonded: boolean;
  readonly isJailed: boolean;
  /** All stake behind it, in the base unit. */
  readonly tokens: bigint;
}

/** A validator by its operator; undefined when there is none. */
export async function validatorOf(
  { abci }: Pick<Queries, 'abci'>,
  operator: string,
  options?: CallOptions,
): Promise<ValidatorState | undefined> {
  const request = QueryValidatorRequest.encode({ validatorAddr: operator }).finish();
  const value = await abci('/cosmos.staking.v1beta1.Query/Validator', request, options);
  if (value === undefined) return undefined;
  const { status, jailed, tokens } = QueryValidatorResponse.decode(value).validator;
  return {
    isBonded: status === BondStatus.BOND_STATUS_BONDED,
    isJailed: jailed,
    tokens: BigInt(tokens),
  };
}

/** What an account has staked with a validator, in the base unit; 0 when it has nothing. */
export async function delegated(
  { abci }: Pick<Queries, 'abci'>,
  account: string,
  operator: string,
  options?: CallOptions,
): Promise<bigint> {
  const fields = { delegatorAddr: account, validatorAddr: operator };
  const request = QueryDelegationRequest.encode(fields).finish();
  const value = await abci('/cosmos.staking.v1beta1.Query/Delegation', request, options);
  const found = value && QueryDelegationResponse.decode(value).delegationResponse;
  return BigInt(found?.balance?.amount ?? 0);
}
