import {
  QueryDelegationRequest,
  QueryDelegationResponse,
  QueryDelegatorDelegationsRequest,
  QueryDelegatorDelegationsResponse,
  QueryDelegatorUnbondingDelegationsRequest,
  QueryDelegatorUnbondingDelegationsResponse,
  QueryDelegatorValidatorRequest,
  QueryDelegatorValidatorResponse,
  QueryDelegatorValidatorsRequest,
  QueryDelegatorValidatorsResponse,
  QueryParamsRequest,
  QueryParamsResponse,
  QueryPoolRequest,
  QueryPoolResponse,
  QueryRedelegationsRequest,
  QueryRedelegationsResponse,
  QueryUnbondingDelegationRequest,
  QueryUnbondingDelegationResponse,
  QueryValidatorDelegationsRequest,
  QueryValidatorDelegationsResponse,
  QueryValidatorRequest,
  QueryValidatorResponse,
  QueryValidatorsRequest,
  QueryValidatorsResponse,
  QueryValidatorUnbondingDelegationsRequest,
  QueryValidatorUnbondingDelegationsResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/query';
import {
  type BondStatus,
  bondStatusToJSON,
  type DelegationResponse,
  type RedelegationResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import type { View } from '../../context.ts';
import { cosmosQuery } from '../../cosmos-query.ts';
import { truncate } from '../../decimal.ts';
import { pageOf } from '../../pages.ts';
import { invalidQuery, notFound, type QueryHandler, readRequest } from '../../query.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { parseAddress } from '../auth/address.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance } from '../bank/keeper.ts';
import {
  type Delegation,
  decodeDelegation,
  getDelegation,
  toDelegationProto,
} from './delegations.ts';
import { parseOperator } from './operator-address.ts';
import { toStakingProto } from './params.ts';
import {
  decodeRedelegation,
  getRedelegation,
  type Redelegation,
  toRedelegationProto,
} from './redelegations.ts';
import { decodeUnbonding, getUnbonding, toUnbondingProto } from './unbondings.ts';
import { decodeValidator, tokensOf, toValidatorProto, type Validator } from './validator.ts';
import { getValidator, indexedValidator } from './validators.ts';

const readDelegator = ({ params }: View, text: string) =>
  readRequest(() => parseAddress(params, text, 'delegator_addr'));
const readOperator = ({ params }: View, text: string, field = 'validator_addr') =>
  readRequest(() => parseOperator(params, text, field));

function findValidator(view: View, text: string): Validator {
  const validator = getValidator(view, readOperator(view, text));
  if (validator === undefined) throw notFound(`validator ${text}`);
  return validator;
}

/** A delegation with what it is worth in whole units. */
function withBalance(view: View, delegation: Delegation): DelegationResponse {
  const validator = indexedValidator(view, delegation.operator);
  const amount = truncate(tokensOf(validator, delegation.shares));
  return {
    delegation: toDelegationProto(view.params, delegation),
    balance: { denom: view.params.ml.bondDenom, amount: amount.toString() },
  };
}

const STATUSES = ['', 'BOND_STATUS_UNBONDED', 'BOND_STATUS_UNBONDING', 'BOND_STATUS_BONDED'];

const queryValidators = cosmosQuery(
  QueryValidatorsRequest,
  QueryValidatorsResponse,
  ({ state, params }, { status, pagination: page }) => {
    if (!STATUSES.includes(status)) throw invalidQuery('status: not a bond status');
    const isAsked = (one: BondStatus) => status === '' || status === bondStatusToJSON(one);
    const prefix = keyOf(PREFIX.stakingValidator);
    const { items: validators, pagination } = pageOf(state, prefix, page, ([, bytes]) => {
      const validator = decodeValidator(params, bytes);
      return isAsked(validator.status) ? toValidatorProto(params, validator) : undefined;
    });
    return { validators, pagination };
  },
);

const queryValidator = cosmosQuery(
  QueryValidatorRequest,
  QueryValidatorResponse,
  (context, { validatorAddr }) => ({
    validator: toValidatorProto(context.params, findValidator(context, validatorAddr)),
  }),
);

const queryValidatorDelegations = cosmosQuery(
  QueryValidatorDelegationsRequest,
  QueryValidatorDelegationsResponse,
  (context, { validatorAddr, pagination: page }) => {
    const operator = readOperator(context, validatorAddr);
    const prefix = keyOf(PREFIX.stakingDelegator, operator);
    const { items, pagination } = pageOf(context.state, prefix, page, ([key]) => {
      const delegation = getDelegation(context, key.subarray(prefix.length), operator);
      return delegation && withBalance(context, delegation);
    });
    return { delegationResponses: items, pagination };
  },
);

const queryValidatorUnbondings = cosmosQuery(
  QueryValidatorUnbondingDelegationsRequest,
  QueryValidatorUnbondingDelegationsResponse,
  (context, { validatorAddr, pagination: page }) => {
    const operator = readOperator(context, validatorAddr);
    const prefix = keyOf(PREFIX.stakingUnbondingOf, operator);
    const { items, pagination } = pageOf(context.state, prefix, page, ([key]) =>
      toUnbondingProto(
        context.params,
        getUnbonding(context, key.subarray(prefix.length), operator),
      ),
    );
    return { unbondingResponses: items, pagination };
  },
);

const queryDelegation = cosmosQuery(
  QueryDelegationRequest,
  QueryDelegationResponse,
  (context, { delegatorAddr, validatorAddr }) => {
    const delegator = readDelegator(context, delegatorAddr);
    const delegation = getDelegation(context, delegator, readOperator(context, validatorAddr));
    if (delegation === undefined) {
      throw notFound(`delegation with delegator ${delegatorAddr} for validator ${validatorAddr}`);
    }
    return { delegationResponse: withBalance(context, delegation) };
  },
);

const queryUnbonding = cosmosQuery(
  QueryUnbondingDelegationRequest,
  QueryUnbondingDelegationResponse,
  (context, { delegatorAddr, validatorAddr }) => {
    const delegator = readDelegator(context, delegatorAddr);
    const unbonding = getUnbonding(context, delegator, readOperator(context, validatorAddr));
    if (unbonding.entries.length === 0) {
      throw notFound(
        `unbonding delegation with delegator ${delegatorAddr} for validator ${validatorAddr}`,
      );
    }
    return { unbond: toUnbondingProto(context.params, unbonding) };
  },
);

const queryDelegatorDelegations = cosmosQuery(
  QueryDelegatorDelegationsRequest,
  QueryDelegatorDelegationsResponse,
  (context, { delegatorAddr, pagination: page }) => {
    const prefix = keyOf(PREFIX.stakingDelegation, readDelegator(context, delegatorAddr));
    const { items, pagination } = pageOf(context.state, prefix, page, ([, bytes]) =>
      withBalance(context, decodeDelegation(context.params, bytes)),
    );
    return { delegationResponses: items, pagination };
  },
);

const queryDelegatorUnbondings = cosmosQuery(
  QueryDelegatorUnbondingDelegationsRequest,
  QueryDelegatorUnbondingDelegationsResponse,
  ({ state, params }, { delegatorAddr, pagination: page }) => {
    const delegator = readRequest(() => parseAddress(params, delegatorAddr, 'delegator_addr'));
    const prefix = keyOf(PREFIX.stakingUnbonding, delegator);
    const { items, pagination } = pageOf(state, prefix, page, ([, bytes]) =>
      toUnbondingProto(params, decodeUnbonding(params, bytes)),
    );
    return { unbondingResponses: items, pagination };
  },
);

const queryDelegatorValidators = cosmosQuery(
  QueryDelegatorValidatorsRequest,
  QueryDelegatorValidatorsResponse,
  (context, { delegatorAddr, pagination: page }) => {
    const prefix = keyOf(PREFIX.stakingDelegation, readDelegator(context, delegatorAddr));
    const { items: validators, pagination } = pageOf(context.state, prefix, page, ([key]) =>
      toValidatorProto(context.params, indexedValidator(context, key.subarray(prefix.length))),
    );
    return { validators, pagination };
  },
);

const queryDelegatorValidator = cosmosQuery(
  QueryDelegatorValidatorRequest,
  QueryDelegatorValidatorResponse,
  (context, { delegatorAddr, validatorAddr }) => {
    const validator = findValidator(context, validatorAddr);
    const delegator = readDelegator(context, delegatorAddr);
    if (getDelegation(context, delegator, validator.operator) === undefined) {
      throw notFound(`delegation with delegator ${delegatorAddr} for validator ${validatorAddr}`);
    }
    return { validator: toValidatorProto(context.params, validator) };
  },
);

const queryRedelegations = cosmosQuery(
  QueryRedelegationsRequest,
  QueryRedelegationsResponse,
  (context, query) => {
    const { state, params } = context;
    const page = query.pagination;
    const { delegatorAddr, srcValidatorAddr, dstValidatorAddr } = query;
    const answer = (redelegation: Redelegation) => redelegationResponse(context, redelegation);
    const isTo = ({ to }: Redelegation, text: string) =>
      text === '' || Buffer.compare(to, readOperator(context, text, 'dst_validator_addr')) === 0;
    if (delegatorAddr === '') {
      const from = readOperator(context, srcValidatorAddr, 'src_validator_addr');
      const prefix = keyOf(PREFIX.stakingRedelegationFrom, from);
      const { items, pagination } = pageOf(state, prefix, page, ([key]) => {
        const path = { delegator: key.subarray(21, 41), from, to: key.subarray(41) };
        const found = getRedelegation(context, path);
        return isTo(found, dstValidatorAddr) ? answer(found) : undefined;
      });
      return { redelegationResponses: items, pagination };
    }
    const delegator = readDelegator(context, delegatorAddr);
    const from =
      srcValidatorAddr === ''
        ? new Uint8Array()
        : readOperator(context, srcValidatorAddr, 'src_validator_addr');
    const prefix = keyOf(PREFIX.stakingRedelegation, delegator, from);
    const { items, pagination } = pageOf(state, prefix, page, ([, bytes]) => {
      const found = decodeRedelegation(params, bytes);
      return isTo(found, dstValidatorAddr) ? answer(found) : undefined;
    });
    if (items.length === 0 && dstValidatorAddr !== '') {
      throw notFound(`redelegation of ${delegatorAddr} to ${dstValidatorAddr}`);
    }
    return { redelegationResponses: items, pagination };
  },
);

function redelegationResponse(view: View, redelegation: Redelegation): RedelegationResponse {
  // It may be gone, with all that was moved to it.
  const validator = getValidator(view, redelegation.to);
  const proto = toRedelegationProto(view.params, redelegation);
  return {
    redelegation: { ...proto, entries: [] },
    entries: redelegation.entries.map(({ sharesMade }, i) => ({
      redelegationEntry: proto.entries[i] as (typeof proto.entries)[number],
      balance: (validator ? truncate(tokensOf(validator, sharesMade)) : 0n).toString(),
    })),
  };
}

const queryPool = cosmosQuery(QueryPoolRequest, QueryPoolResponse, ({ state, params }) => {
  const held = (account: Uint8Array) => getBalance(state, account, params.ml.bondDenom).toString();
  const { bonded, notBonded } = MODULE_ACCOUNTS;
  return { pool: { bondedTokens: held(bonded), notBondedTokens: held(notBonded) } };
});

const queryParams = cosmosQuery(QueryParamsRequest, QueryParamsResponse, ({ params }) => ({
  params: toStakingProto(params.staking, params.ml.bondDenom),
}));

const service = (name: string) => `/cosmos.staking.v1beta1.Query/${name}`;

export const stakingQueries: Readonly<Record<string, QueryHandler>> = {
  [service('Validators')]: queryValidators,
  [service('Validator')]: queryValidator,
  [service('ValidatorDelegations')]: queryValidatorDelegations,
  [service('ValidatorUnbondingDelegations')]: queryValidatorUnbondings,
  [service('Delegation')]: queryDelegation,
  [service('UnbondingDelegation')]: queryUnbonding,
  [service('DelegatorDelegations')]: queryDelegatorDelegations,
  [service('DelegatorUnbondingDelegations')]: queryDelegatorUnbondings,
  [service('DelegatorValidators')]: queryDelegatorValidators,
  [service('DelegatorValidator')]: queryDelegatorValidator,
  [service('Redelegations')]: queryRedelegations,
  [service('Pool')]: queryPool,
  [service('Params')]: queryParams,
};
