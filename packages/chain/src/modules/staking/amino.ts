import { base64Encode } from '@bufbuild/protobuf/wire';
import type { Description } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import {
  MsgBeginRedelegate,
  MsgCancelUnbondingDelegation,
  MsgCreateValidator,
  MsgDelegate,
  MsgEditValidator,
  MsgUndelegate,
} from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import type { AminoJson } from '../../tx/amino-json.ts';
import {
  type AminoConverter,
  aminoCoin,
  aminoDecimal,
  cosmosAmino,
} from '../../tx/cosmos-amino.ts';
import { decodeConsensusKey } from './consensus-key.ts';

const aminoDescription = (description: Description): AminoJson => ({
  moniker: description.moniker,
  identity: description.identity,
  website: description.website,
  security_contact: description.securityContact,
  details: description.details,
});

/** Legacy amino JSON of the staking messages, as CosmJS signs it. */
export const stakingAmino: readonly AminoConverter[] = [
  cosmosAmino(MsgCreateValidator, 'cosmos-sdk/MsgCreateValidator', (message) => ({
    description: aminoDescription(message.description),
    commission: {
      rate: aminoDecimal(message.commission.rate),
      max_rate: aminoDecimal(message.commission.maxRate),
      max_change_rate: aminoDecimal(message.commission.maxChangeRate),
    },
    min_self_delegation: message.minSelfDelegation,
    delegator_address: message.delegatorAddress,
    validator_address: message.validatorAddress,
    pubkey: {
      type: 'tendermint/PubKeyEd25519',
      value: message.pubkey ? base64Encode(decodeConsensusKey(message.pubkey, 'pubkey')) : '',
    },
    value: aminoCoin(message.value),
  })),
  cosmosAmino(MsgEditValidator, 'cosmos-sdk/MsgEditValidator', (message) => ({
    description: aminoDescription(message.description),
    ...(message.commissionRate && { commission_rate: aminoDecimal(message.commissionRate) }),
    ...(message.minSelfDelegation && { min_self_delegation: message.minSelfDelegation }),
    validator_address: message.validatorAddress,
  })),
  cosmosAmino(MsgDelegate, 'cosmos-sdk/MsgDelegate', (message) => ({
    delegator_address: message.delegatorAddress,
    validator_address: message.validatorAddress,
    amount: aminoCoin(message.amount),
  })),
  cosmosAmino(MsgUndelegate, 'cosmos-sdk/MsgUndelegate', (message) => ({
    delegator_address: message.delegatorAddress,
    validator_address: message.validatorAddress,
    amount: aminoCoin(message.amount),
  })),
  cosmosAmino(MsgBeginRedelegate, 'cosmos-sdk/MsgBeginRedelegate', (message) => ({
    delegator_address: message.delegatorAddress,
    validator_src_address: message.validatorSrcAddress,
    validator_dst_address: message.validatorDstAddress,
    amount: aminoCoin(message.amount),
  })),
  cosmosAmino(
    MsgCancelUnbondingDelegation,
    'cosmos-sdk/MsgCancelUnbondingDelegation',
    (message) => ({
      delegator_address: message.delegatorAddress,
      validator_address: message.validatorAddress,
      amount: aminoCoin(message.amount),
      creation_height: message.creationHeight.toString(),
    }),
  ),
];
