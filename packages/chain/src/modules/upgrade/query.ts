import {
  QueryCurrentPlanRequest,
  QueryCurrentPlanResponse,
} from 'cosmjs-types/cosmos/upgrade/v1beta1/query';
import { cosmosQuery } from '../../cosmos-query.ts';
import type { QueryHandler } from '../../query.ts';
import { getPlan } from './plan.ts';

const queryCurrentPlan = cosmosQuery(
  QueryCurrentPlanRequest,
  QueryCurrentPlanResponse,
  ({ state }) => {
    const plan = getPlan(state);
    return plan === undefined ? {} : { plan };
  },
);

export const upgradeQueries: Readonly<Record<string, QueryHandler>> = {
  '/cosmos.upgrade.v1beta1.Query/CurrentPlan': queryCurrentPlan,
};
