import { toUint64 } from '@semblance/core/bytes';
import type { DecCoin } from 'cosmjs-types/cosmos/base/v1beta1/coin';
import {
  QueryCommunityPoolRequest,
  QueryCommunityPoolResponse,
  QueryDelegationRewardsRequest,
  QueryDelegationRewardsResponse,
  QueryDelegationTotalRewardsRequest,
  QueryDelegationTotalRewardsResponse,
  QueryDelegatorValidatorsRequest,
  QueryDelegatorValidatorsResponse,
  QueryDelegatorWithdrawAddressRequest,
  QueryDelegatorWithdrawAddressResponse,
  QueryParamsRequest,
  QueryParamsResponse,
  QueryValidatorCommissionRequest,
  QueryValidatorCommissionResponse,
  QueryValidatorOutstandingRewardsRequest,
  QueryValidatorOutstandingRewardsResponse,
  QueryValidatorSlashesRequest,
  QueryValidatorSlashesResponse,
} from 'cosmjs-types/cosmos/distribution/v1beta1/query';
import type { View } from '../../context.ts';
import { cosmosQuery } from '../../cosmos-query.ts';
import { type Decimal, ofInteger } from '../../decimal.ts';
import { decodeIntegers } from '../../integers.ts';
import { pageOf } from '../../pages.ts';
import { notFound, type QueryHandler, readRequest } from '../../query.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { formatAddress, parseAddress } from '../auth/address.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance } from '../bank/keeper.ts';
import { type Delegation, delegationsOf, getDelegation } from '../staking/delegations.ts';
import { formatOperator, parseOperator } from '../staking/operator-address.ts';
import { indexedValidator } from '../staking/validators.ts';
import { pendingRewards } from './f1.ts';
import { getRewards, type Rewards } from './rewards.ts';
import { withdrawAddress } from './withdraw-address.ts';

const readDelegator = ({ params }: View, text: string) =>
  readRequest(() => parseAddress(params, text, 'delegator_address'));
const readOperator = ({ params }: View, text: string) =>
  readRequest(() => parseOperator(params, text, 'validator_address'));

const decCoins = ({ params }: View, amount: Decimal): DecCoin[] =>
  amount === 0n ? [] : [{ denom: params.ml.bondDenom, amount: amount.toString() }];

function findRewards(view: View, validatorAddress: string): Rewards {
  const rewards = getRewards(view.state, readOperator(view, validatorAddress));
  if (rewards === undefined) throw notFound(`validator ${validatorAddress}`);
  return rewards;
}

const rewardOf = (view: View, delegation: Delegation): Decimal =>
  pendingRewards(view.state, indexedValidator(view, delegation.operator), delegation);

/** There is no reward for who proposes a block, and everybody may choose where rewards go. */
const queryParams = cosmosQuery(QueryParamsRequest, QueryParamsResponse, ({ params }) => ({
  params: {
    communityTax: params.distribution.communityTax.toString(),
    baseProposerReward: '0',
    bonusProposerReward: '0',
    withdrawAddrEnabled: true,
  },
}));

const queryOutstanding = cosmosQuery(
  QueryValidatorOutstandingRewardsRequest,
  QueryValidatorOutstandingRewardsResponse,
  (view, { validatorAddress }) => ({
    rewards: { rewards: decCoins(view, findRewards(view, validatorAddress).outstanding) },
  }),
);

const queryCommission = cosmosQuery(
  QueryValidatorCommissionRequest,
  QueryValidatorCommissionResponse,
  (view, { validatorAddress }) => ({
    commission: { commission: decCoins(view, findRewards(view, validatorAddress).commission) },
  }),
);

/** Heights where none is named: from the first block to the last. */
const querySlashes = cosmosQuery(
  QueryValidatorSlashesRequest,
  QueryValidatorSlashesResponse,
  (view, { validatorAddress, startingHeight, endingHeight, pagination: page }) => {
    const prefix = keyOf(PREFIX.distributionSlash, readOperator(view, validatorAddress));
    const { items: slashes, pagination } = pageOf(view.state, prefix, page, ([key, bytes]) => {
      const height = toUint64(key, prefix.length);
      if (height < startingHeight || (endingHeight > 0n && height > endingHeight)) return undefined;
      const [fraction = 0n] = decodeIntegers(bytes);
      return { validatorPeriod: toUint64(key, prefix.length + 8), fraction: fraction.toString() };
    });
    return { slashes, pagination };
  },
);

const queryDelegationRewards = cosmosQuery(
  QueryDelegationRewardsRequest,
  QueryDelegationRewardsResponse,
  (view, { delegatorAddress, validatorAddress }) => {
    const delegator = readDelegator(view, delegatorAddress);
    const delegation = getDelegation(view, delegator, readOperator(view, validatorAddress));
    if (delegation === undefined) {
      throw notFound(`delegation of ${delegatorAddress} to ${validatorAddress}`);
    }
    return { rewards: decCoins(view, rewardOf(view, delegation)) };
  },
);

const queryTotalRewards = cosmosQuery(
  QueryDelegationTotalRewardsRequest,
  QueryDelegationTotalRewardsResponse,
  (view, { delegatorAddress }) => {
    const delegations = [...delegationsOf(view, readDelegator(view, delegatorAddress))];
    const earned = delegations.map((delegation) => rewardOf(view, delegation));
    return {
      rewards: delegations.map(({ operator }, i) => ({
        validatorAddress: formatOperator(view.params, operator),
        reward: decCoins(view, earned[i] as Decimal),
      })),
      total: decCoins(
        view,
        earned.reduce((sum, reward) => sum + reward, 0n),
      ),
    };
  },
);

const queryDelegatorValidators = cosmosQuery(
  QueryDelegatorValidatorsRequest,
  QueryDelegatorValidatorsResponse,
  (view, { delegatorAddress }) => ({
    validators: Array.from(
      delegationsOf(view, readDelegator(view, delegatorAddress)),
      ({ operator }) => formatOperator(view.params, operator),
    ),
  }),
);

const queryWithdrawAddress = cosmosQuery(
  QueryDelegatorWithdrawAddressRequest,
  QueryDelegatorWithdrawAddressResponse,
  (view, { delegatorAddress }) => {
    const to = withdrawAddress(view.state, readDelegator(view, delegatorAddress));
    return { withdrawAddress: formatAddress(view.params, to) };
  },
);

const queryCommunityPool = cosmosQuery(
  QueryCommunityPoolRequest,
  QueryCommunityPoolResponse,
  (view) => {
    const { communityPool } = MODULE_ACCOUNTS;
    const held = getBalance(view.state, communityPool, view.params.ml.bondDenom);
    return { pool: decCoins(view, ofInteger(held)) };
  },
);

const service = (name: string) => `/cosmos.distribution.v1beta1.Query/${name}`;

export const distributionQueries: Readonly<Record<string, QueryHandler>> = {
  [service('Params')]: queryParams,
  [service('ValidatorOutstandingRewards')]: queryOutstanding,
  [service('ValidatorCommission')]: queryCommission,
  [service('ValidatorSlashes')]: querySlashes,
  [service('DelegationRewards')]: queryDelegationRewards,
  [service('DelegationTotalRewards')]: queryTotalRewards,
  [service('DelegatorValidators')]: queryDelegatorValidators,
  [service('DelegatorWithdrawAddress')]: queryWithdrawAddress,
  [service('CommunityPool')]: queryCommunityPool,
};
