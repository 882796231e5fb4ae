import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { fromUtf8, toUtf8 } from '@semblance/core/bytes';
import { type Params, ParamsSchema } from '@semblance/proto/ml';
import { Params as StakingProto } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import { ApplicationError } from './errors.ts';
import {
  fromStakingProto,
  type StakingParams,
  toStakingProto,
} from './modules/staking/params.ts';
import type { Reader, State } from './store/overlay.ts';
import { keyOf, PREFIX } from './store/prefixes.ts';
import { encodeCosmos, readCosmos } from './tx/cosmos-wire.ts';

/** What genesis fixes, and of the modules what votes may change. It is constant within a block. */
export interface ChainParams {
  readonly chainId: string;
  readonly bech32Prefix: string;
  /** Thousandths of the fee coin's base unit for one gas. */
  readonly minGasPriceMilli: bigint;
  /** The coin of fees, stakes and jobs is `ml.bondDenom`. */
  readonly ml: Params;
  readonly staking: StakingParams;
}

const key = (name: string) => keyOf(PREFIX.chainParams, fromUtf8(name));
const CHAIN_ID = key('chain_id');
const BECH32_PREFIX = key('bech32_prefix');
const MIN_GAS_PRICE_MILLI = key('min_gas_price_milli');
const ML = key('ml');
const STAKING = key('staking');

export function setChainParams(state: State, params: ChainParams): void {
  state.set(CHAIN_ID, fromUtf8(params.chainId));
  state.set(BECH32_PREFIX, fromUtf8(params.bech32Prefix));
  state.set(MIN_GAS_PRICE_MILLI, fromUtf8(params.minGasPriceMilli.toString()));
  state.set(ML, toBinary(ParamsSchema, params.ml));
  const staking = toStakingProto(params.staking, params.ml.bondDenom);
  state.set(STAKING, encodeCosmos(StakingProto, staking));
}

/** Undefined before genesis. */
export function getChainParams(state: Reader): ChainParams | undefined {
  const chainId = state.get(CHAIN_ID);
  if (chainId === undefined) return undefined;
  const ml = fromBinary(ParamsSchema, required(state, ML));
  const staking = readCosmos(StakingProto, required(state, STAKING));
  return {
    chainId: toUtf8(chainId),
    bech32Prefix: toUtf8(required(state, BECH32_PREFIX)),
    minGasPriceMilli: BigInt(toUtf8(required(state, MIN_GAS_PRICE_MILLI))),
    ml,
    staking: fromStakingProto(staking, ml.bondDenom, 'staking'),
  };
}

function required(state: Reader, name: Uint8Array): Uint8Array {
  const value = state.get(name);
  if (value === undefined) {
    throw new ApplicationError('CORRUPT_STATE', 'a chain parameter is missing', {});
  }
  return value;
}
