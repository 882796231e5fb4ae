import { toBech32 } from '@semblance/core/bech32';
import { PubKey } from 'cosmjs-types/cosmos/crypto/ed25519/keys';
import {
  MsgSetWithdrawAddress,
  MsgWithdrawDelegatorReward,
  MsgWithdrawValidatorCommission,
} from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { MsgUnjail } from 'cosmjs-types/cosmos/slashing/v1beta1/tx';
import {
  QueryDelegationRequest,
  QueryDelegationResponse,
  QueryUnbondingDelegationRequest,
  QueryUnbondingDelegationResponse,
  QueryValidatorRequest,
  QueryValidatorResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/query';
import type { UnbondingDelegation, Validator } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import {
  MsgBeginRedelegate,
  MsgCancelUnbondingDelegation,
  MsgCreateValidator,
  MsgDelegate,
  MsgEditValidator,
  MsgUndelegate,
} from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import { consensusKeyOf, type TestChain } from './chain.ts';
import type { EncodedMessage } from './tx.ts';
import type { Wallet } from './wallet.ts';

export const valoper = ({ bytes }: Wallet): string => toBech32('semvaloper', bytes);

export const usem = (amount: bigint) => ({ denom: 'usem', amount: amount.toString() });

interface Codec<M> {
  readonly typeUrl: string;
  fromPartial(fields: Partial<M>): M;
  encode(message: M): { finish(): Uint8Array };
}

function encoded<M>(codec: Codec<M>, fields: Partial<M>): EncodedMessage {
  return { typeUrl: codec.typeUrl, value: codec.encode(codec.fromPartial(fields)).finish() };
}

/** Parts of 1 as protobuf has them. */
export const part = (percent: number): string => `${percent}0000000000000000`;

export function createValidator(
  operator: Wallet,
  stake: bigint,
  fields: Partial<MsgCreateValidator> = {},
): EncodedMessage {
  return encoded(MsgCreateValidator, {
    description: {
      moniker: 'a validator',
      identity: '',
      website: '',
      securityContact: '',
      details: '',
    },
    commission: { rate: part(10), maxRate: part(20), maxChangeRate: part(5) },
    minSelfDelegation: '1',
    delegatorAddress: '',
    validatorAddress: valoper(operator),
    pubkey: consensusPubkey(consensusKeyOf(operator)),
    value: usem(stake),
    ...fields,
  });
}

export const consensusPubkey = (key: Uint8Array) => ({
  typeUrl: PubKey.typeUrl,
  value: PubKey.encode({ key }).finish(),
});

export const editValidator = (operator: Wallet, fields: Partial<MsgEditValidator>) =>
  encoded(MsgEditValidator, {
    description: {
      moniker: '[do-not-modify]',
      identity: '[do-not-modify]',
      website: '[do-not-modify]',
      securityContact: '[do-not-modify]',
      details: '[do-not-modify]',
    },
    validatorAddress: valoper(operator),
    ...fields,
  });

export const delegate = (who: Wallet, to: Wallet, amount: bigint) =>
  encoded(MsgDelegate, {
    delegatorAddress: who.address,
    validatorAddress: valoper(to),
    amount: usem(amount),
  });

export const undelegate = (who: Wallet, from: Wallet, amount: bigint) =>
  encoded(MsgUndelegate, {
    delegatorAddress: who.address,
    validatorAddress: valoper(from),
    amount: usem(amount),
  });

export const redelegate = (who: Wallet, from: Wallet, to: Wallet, amount: bigint) =>
  encoded(MsgBeginRedelegate, {
    delegatorAddress: who.address,
    validatorSrcAddress: valoper(from),
    validatorDstAddress: valoper(to),
    amount: usem(amount),
  });

export const cancelUnbonding = (who: Wallet, from: Wallet, amount: bigint, height: bigint) =>
  encoded(MsgCancelUnbondingDelegation, {
    delegatorAddress: who.address,
    validatorAddress: valoper(from),
    amount: usem(amount),
    creationHeight: height,
  });

export const unjailValidator = (operator: Wallet) =>
  encoded(MsgUnjail, { validatorAddr: valoper(operator) });

export const withdrawReward = (who: Wallet, from: Wallet) =>
  encoded(MsgWithdrawDelegatorReward, {
    delegatorAddress: who.address,
    validatorAddress: valoper(from),
  });

export const withdrawCommission = (operator: Wallet) =>
  encoded(MsgWithdrawValidatorCommission, { validatorAddress: valoper(operator) });

export const setWithdrawAddress = (who: Wallet, to: string) =>
  encoded(MsgSetWithdrawAddress, { delegatorAddress: who.address, withdrawAddress: to });

const service = (name: string) => `/cosmos.staking.v1beta1.Query/${name}`;

/** Throws when there is none. */
export function queryValidator({ app }: TestChain, operator: Wallet): Validator {
  const request = QueryValidatorRequest.encode({ validatorAddr: valoper(operator) }).finish();
  const { code, log, value } = app.query(service('Validator'), request);
  if (code !== 0) throw new Error(log);
  return QueryValidatorResponse.decode(value).validator;
}

/** What a delegation is worth; 0 when there is none. */
export function delegated({ app }: TestChain, who: Wallet, to: Wallet): bigint {
  const fields = { delegatorAddr: who.address, validatorAddr: valoper(to) };
  const request = QueryDelegationRequest.encode(fields).finish();
  const { value } = app.query(service('Delegation'), request);
  const response = QueryDelegationResponse.decode(value).delegationResponse;
  return BigInt(response?.balance.amount ?? '0');
}

export function unbondingEntries(
  { app }: TestChain,
  who: Wallet,
  from: Wallet,
): UnbondingDelegation['entries'] {
  const fields = { delegatorAddr: who.address, validatorAddr: valoper(from) };
  const request = QueryUnbondingDelegationRequest.encode(fields).finish();
  const { value } = app.query(service('UnbondingDelegation'), request);
  return QueryUnbondingDelegationResponse.decode(value).unbond?.entries ?? [];
}
