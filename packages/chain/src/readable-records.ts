import { fromBinary } from '@bufbuild/protobuf';
import { ModelSchema } from '@semblance/proto/ml';
import { Proposal } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import type { ChainParams } from './chain-params.ts';
import { decodeAccount } from './modules/auth/account.ts';
import { limitsOf, profileOf } from './modules/ml/models.ts';
import { decodeRedelegation } from './modules/staking/redelegations.ts';
import { getPlan } from './modules/upgrade/plan.ts';
import type { Reader } from './store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from './store/prefixes.ts';
import { readCosmos } from './tx/cosmos-wire.ts';

/** Reads the records into which no invariant looks; throws, whatever, at one that cannot be read. */
export function readRemainingRecords(state: Reader, params: ChainParams): void {
  for (const [key, value] of recordsOf(state, PREFIX.account))
    decodeAccount(key.subarray(1), value);
  for (const [, value] of recordsOf(state, PREFIX.mlModel)) {
    const model = fromBinary(ModelSchema, value);
    profileOf(model);
    limitsOf(model);
  }
  for (const [, value] of recordsOf(state, PREFIX.stakingRedelegation)) {
    decodeRedelegation(params, value);
  }
  for (const [, value] of recordsOf(state, PREFIX.govProposal)) readCosmos(Proposal, value);
  getPlan(state);
}

const recordsOf = (state: Reader, prefix: number) => state.range(...keysUnder(keyOf(prefix)));
