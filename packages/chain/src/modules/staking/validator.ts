import {
  BondStatus,
  type Description,
  Validator as ValidatorProto,
} from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import type { ChainParams } from '../../chain-params.ts';
import { type Decimal, ONE, ofInteger, quo, quoTruncate, truncate } from '../../decimal.ts';
import { ApplicationError } from '../../errors.ts';
import { toMs, toTimestamp } from '../../time.ts';
import { encodeCosmos, readCosmos } from '../../tx/cosmos-wire.ts';
import { decodeConsensusKey, encodeConsensusKey } from './consensus-key.ts';
import { formatOperator, parseOperator } from './operator-address.ts';

export interface Commission {
  /** Parts of 1. */
  readonly rate: Decimal;
  readonly maxRate: Decimal;
  /** How far the rate may rise in a day. */
  readonly maxChangeRate: Decimal;
  readonly updatedMs: bigint;
}

/**
 * Who makes blocks and answers for them with its delegators' stakes. They own shares of its tokens:
 * a slash takes tokens and leaves the shares, so that all of them lose the same part.
 */
export interface Validator {
  /** Account bytes. */
  readonly operator: Uint8Array;
  /** ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly jailed: boolean;
  readonly status: BondStatus;
  readonly tokens: bigint;
  readonly shares: Decimal;
  readonly description: Description;
  /** When it left the set that makes blocks, and when its stake is free; 0 if it did not. */
  readonly unbondingHeight: bigint;
  readonly unbondingMs: bigint;
  readonly commission: Commission;
  readonly minSelfDelegation: bigint;
}

/** Base units of stake for one unit of power in the engine. */
export const POWER_REDUCTION = 1_000_000n;

/** The engine takes at most 2^60 of power, so there is never more of the coin than gives this. */
export const STAKE_LIMIT = POWER_REDUCTION << 60n;

/** Power that its stake would give it in the engine. */
export const powerOf = ({ tokens }: Validator): bigint => tokens / POWER_REDUCTION;

export const isBonded = ({ status }: Validator): boolean =>
  status === BondStatus.BOND_STATUS_BONDED;
export const isUnbonded = ({ status }: Validator): boolean =>
  status === BondStatus.BOND_STATUS_UNBONDED;
export const isUnbonding = ({ status }: Validator): boolean =>
  status === BondStatus.BOND_STATUS_UNBONDING;

/** All was slashed and shares are left: no amount of them is worth anything. */
export const hasNoExchangeRate = ({ tokens, shares }: Validator): boolean =>
  tokens === 0n && shares > 0n;

/** What shares are worth, to the nearest 18th decimal. */
export function tokensOf({ tokens, shares }: Validator, part: Decimal): Decimal {
  return shares === 0n ? 0n : quo(part * tokens, shares);
}

/** What shares are worth, rounded down: what rewards are reckoned from. */
export function tokensOfTruncated({ tokens, shares }: Validator, part: Decimal): Decimal {
  return shares === 0n ? 0n : quoTruncate(part * tokens, shares);
}

/** Shares that an amount is worth, rounded down. There are tokens. */
export function sharesOf({ tokens, shares }: Validator, amount: bigint): Decimal {
  return (shares * amount) / tokens;
}

/** The validator with an amount more, and the shares made for it. The first ones cost a token each. */
export function addTokens(validator: Validator, amount: bigint): [Validator, Decimal] {
  const { tokens, shares } = validator;
  const made = shares === 0n ? ofInteger(amount) : sharesOf(validator, amount);
  return [{ ...validator, tokens: tokens + amount, shares: shares + made }, made];
}

/** The validator with fewer shares, and the whole tokens given for them. The last get all the rest. */
export function removeShares(validator: Validator, part: Decimal): [Validator, bigint] {
  const { tokens, shares } = validator;
  const given = part === shares ? tokens : truncate(tokensOf(validator, part));
  return [{ ...validator, tokens: tokens - given, shares: shares - part }, given];
}

type Prefix = Pick<ChainParams, 'bech32Prefix'>;

export function toValidatorProto(params: Prefix, validator: Validator): ValidatorProto {
  const { rate, maxRate, maxChangeRate, updatedMs } = validator.commission;
  return {
    operatorAddress: formatOperator(params, validator.operator),
    consensusPubkey: encodeConsensusKey(validator.publicKey),
    jailed: validator.jailed,
    status: validator.status,
    tokens: validator.tokens.toString(),
    delegatorShares: validator.shares.toString(),
    description: validator.description,
    unbondingHeight: validator.unbondingHeight,
    unbondingTime: toTimestamp(validator.unbondingMs),
    commission: {
      commissionRates: {
        rate: rate.toString(),
        maxRate: maxRate.toString(),
        maxChangeRate: maxChangeRate.toString(),
      },
      updateTime: toTimestamp(updatedMs),
    },
    minSelfDelegation: validator.minSelfDelegation.toString(),
    unbondingOnHoldRefCount: 0n,
    unbondingIds: [],
  };
}

export function encodeValidator(params: Prefix, validator: Validator): Uint8Array {
  return encodeCosmos(ValidatorProto, toValidatorProto(params, validator));
}

export function decodeValidator(params: Prefix, bytes: Uint8Array): Validator {
  const proto = readCosmos(ValidatorProto, bytes);
  if (proto.consensusPubkey === undefined) {
    throw new ApplicationError('CORRUPT_STATE', 'a validator has no key', {});
  }
  const { rate, maxRate, maxChangeRate } = proto.commission.commissionRates;
  return {
    operator: parseOperator(params, proto.operatorAddress, 'operator_address'),
    publicKey: decodeConsensusKey(proto.consensusPubkey, 'consensus_pubkey'),
    jailed: proto.jailed,
    status: proto.status,
    tokens: BigInt(proto.tokens),
    shares: BigInt(proto.delegatorShares),
    description: proto.description,
    unbondingHeight: proto.unbondingHeight,
    unbondingMs: toMs(proto.unbondingTime),
    commission: {
      rate: BigInt(rate),
      maxRate: BigInt(maxRate),
      maxChangeRate: BigInt(maxChangeRate),
      updatedMs: toMs(proto.commission.updateTime),
    },
    minSelfDelegation: BigInt(proto.minSelfDelegation),
  };
}

/** Commission rates that can stand beside each other, as parts of 1. */
export const areRates = ({ rate, maxRate, maxChangeRate }: Omit<Commission, 'updatedMs'>) =>
  maxRate <= ONE && rate <= maxRate && maxChangeRate <= maxRate;
