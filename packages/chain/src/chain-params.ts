import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { equals, fromUtf8, toUtf8 } from '@semblance/core/bytes';
import { type Params, ParamsSchema } from '@semblance/proto/ml';
import { ApplicationError } from './errors.ts';
import {
  type DistributionParams,
  decodeDistributionParams,
  encodeDistributionParams,
} from './modules/distribution/params.ts';
import { decodeGovParams, encodeGovParams, type GovParams } from './modules/gov/params.ts';
import {
  decodeSlashingParams,
  encodeSlashingParams,
  type SlashingParams,
} from './modules/slashing/params.ts';
import {
  decodeStakingParams,
  encodeStakingParams,
  type StakingParams,
} from './modules/staking/params.ts';
import type { Reader, State } from './store/overlay.ts';
import { keyOf, PREFIX } from './store/prefixes.ts';

/** What genesis fixes, and of the modules what votes may change. It is constant within a block. */
export interface ChainParams {
  readonly chainId: string;
  readonly bech32Prefix: string;
  /** Thousandths of the fee coin's base unit for one gas. */
  readonly minGasPriceMilli: bigint;
  /** Gas that the transactions of one block may want; below 0 is no limit. */
  readonly maxBlockGas: bigint;
  /** The coin of fees, stakes and jobs is `ml.bondDenom`. */
  readonly ml: Params;
  readonly staking: StakingParams;
  readonly slashing: SlashingParams;
  readonly distribution: DistributionParams;
  readonly gov: GovParams;
}

const key = (name: string) => keyOf(PREFIX.chainParams, fromUtf8(name));
const CHAIN_ID = key('chain_id');
const BECH32_PREFIX = key('bech32_prefix');
const MIN_GAS_PRICE_MILLI = key('min_gas_price_milli');
const MAX_BLOCK_GAS = key('max_block_gas');
const ML = key('ml');
const STAKING = key('staking');
const SLASHING = key('slashing');
const DISTRIBUTION = key('distribution');
const GOV = key('gov');

const NO_LIMIT = -1n;

export function setChainParams(state: State, params: ChainParams): void {
  setGivenByGenesis(state, params);
  state.set(BECH32_PREFIX, fromUtf8(params.bech32Prefix));
  state.set(MIN_GAS_PRICE_MILLI, fromUtf8(params.minGasPriceMilli.toString()));
  state.set(ML, toBinary(ParamsSchema, params.ml));
  state.set(STAKING, encodeStakingParams(params.staking));
  state.set(SLASHING, encodeSlashingParams(params.slashing));
  state.set(DISTRIBUTION, encodeDistributionParams(params.distribution));
  state.set(GOV, encodeGovParams(params.gov));
}

/** What a genesis says beside `app_state`: the state that is exported for another leaves it out. */
export function setGivenByGenesis(
  state: State,
  { chainId, maxBlockGas }: Pick<ChainParams, 'chainId' | 'maxBlockGas'>,
): void {
  state.set(CHAIN_ID, fromUtf8(chainId));
  if (maxBlockGas >= 0n) state.set(MAX_BLOCK_GAS, fromUtf8(maxBlockGas.toString()));
}

export function isGivenByGenesis(name: Uint8Array): boolean {
  return equals(name, CHAIN_ID) || equals(name, MAX_BLOCK_GAS);
}

/** Undefined before genesis. */
export function getChainParams(state: Reader): ChainParams | undefined {
  const chainId = state.get(CHAIN_ID);
  if (chainId === undefined) return undefined;
  const maxBlockGas = state.get(MAX_BLOCK_GAS);
  return {
    chainId: toUtf8(chainId),
    bech32Prefix: toUtf8(required(state, BECH32_PREFIX)),
    minGasPriceMilli: BigInt(toUtf8(required(state, MIN_GAS_PRICE_MILLI))),
    maxBlockGas: maxBlockGas === undefined ? NO_LIMIT : BigInt(toUtf8(maxBlockGas)),
    ml: fromBinary(ParamsSchema, required(state, ML)),
    staking: decodeStakingParams(required(state, STAKING)),
    slashing: decodeSlashingParams(required(state, SLASHING)),
    distribution: decodeDistributionParams(required(state, DISTRIBUTION)),
    gov: decodeGovParams(required(state, GOV)),
  };
}

function required(state: Reader, name: Uint8Array): Uint8Array {
  const value = state.get(name);
  if (value === undefined) {
    throw new ApplicationError('CORRUPT_STATE', 'a chain parameter is missing', {});
  }
  return value;
}
