import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { fromUint64, toHex, toUint64 } from '@semblance/core/bytes';
import {
  QueryDutiesRequestSchema,
  QueryDutiesResponseSchema,
  QueryInputsRequestSchema,
  QueryInputsResponseSchema,
  QueryJobRequestSchema,
  QueryJobResponseSchema,
  QueryJobsRequestSchema,
  QueryJobsResponseSchema,
  QueryModelRequestSchema,
  QueryModelResponseSchema,
  QueryModelsRequestSchema,
  QueryModelsResponseSchema,
  QueryNodeRequestSchema,
  QueryNodeResponseSchema,
  QueryNodesRequestSchema,
  QueryNodesResponseSchema,
  QueryParamsRequestSchema,
  QueryParamsResponseSchema,
} from '@semblance/proto/ml';
import {
  invalidQuery,
  notFound,
  type QueryContext,
  type QueryHandler,
  readRequest,
} from '../../query.ts';
import { dutiesOf } from './duties.ts';
import { getInputs } from './inputs.ts';
import { getJob, indexedJob, newestJobs } from './jobs.ts';
import { allModels, getModel } from './models.ts';
import { allNodes, getNode } from './nodes.ts';

const MAX_JOBS = 100;

/** One method: decodes the request, encodes what `answer` makes of it. */
function method<Q extends DescMessage, R extends DescMessage>(
  request: Q,
  response: R,
  answer: (context: QueryContext, query: MessageShape<Q>) => MessageInitShape<R>,
): QueryHandler {
  return (context, bytes) => {
    const query = readRequest(() => fromBinary(request, bytes));
    return toBinary(response, create(response, answer(context, query)));
  };
}

const queryParams = method(QueryParamsRequestSchema, QueryParamsResponseSchema, ({ params }) => ({
  params: params.ml,
}));

const queryModel = method(
  QueryModelRequestSchema,
  QueryModelResponseSchema,
  ({ state }, { id }) => {
    const model = getModel(state, id);
    if (model === undefined) throw notFound(`model ${id.slice(0, 64)}`);
    return { model };
  },
);

const queryModels = method(QueryModelsRequestSchema, QueryModelsResponseSchema, ({ state }) => ({
  models: allModels(state),
}));

const queryNode = method(
  QueryNodeRequestSchema,
  QueryNodeResponseSchema,
  (context, { address }) => {
    const node = readRequest(() => getNode(context, address));
    if (node === undefined) throw notFound(`node ${address}`);
    return { node };
  },
);

const queryNodes = method(QueryNodesRequestSchema, QueryNodesResponseSchema, ({ state }) => ({
  nodes: allNodes(state),
}));

const queryJob = method(QueryJobRequestSchema, QueryJobResponseSchema, ({ state }, { id }) => {
  const record = id.length === 32 ? getJob(state, id) : undefined;
  if (record === undefined) throw notFound(`job ${toHex(id.slice(0, 32))}`);
  return { job: record.job };
});

const queryJobs = method(
  QueryJobsRequestSchema,
  QueryJobsResponseSchema,
  ({ state }, { limit, before }) => {
    if (limit > MAX_JOBS) throw invalidQuery(`limit: above ${MAX_JOBS}`);
    if (before.length !== 0 && before.length !== 8) throw invalidQuery('before: not a cursor');
    const wanted = limit === 0 ? MAX_JOBS : limit;
    const cursor = before.length === 0 ? undefined : toUint64(before);
    const found = newestJobs(state, wanted + 1, cursor);
    const page = found.slice(0, wanted);
    const last = found.length > wanted ? page.at(-1) : undefined;
    return { jobs: page.map(({ job }) => job), ...(last && { next: fromUint64(last.number) }) };
  },
);

const queryDuties = method(
  QueryDutiesRequestSchema,
  QueryDutiesResponseSchema,
  (context, { node }) => {
    const ids = readRequest(() => dutiesOf(context, node));
    return { jobs: ids.map((id) => indexedJob(context.state, id).job) };
  },
);

const queryInputs = method(
  QueryInputsRequestSchema,
  QueryInputsResponseSchema,
  ({ state }, { id }) => {
    if (id.length !== 32 || getJob(state, id) === undefined) {
      throw notFound(`job ${toHex(id.slice(0, 32))}`);
    }
    return { inputs: getInputs(state, id) };
  },
);

const service = (name: string) => `/semblance.ml.v1.Query/${name}`;

export const mlQueries: Readonly<Record<string, QueryHandler>> = {
  [service('Params')]: queryParams,
  [service('Model')]: queryModel,
  [service('Models')]: queryModels,
  [service('Node')]: queryNode,
  [service('Nodes')]: queryNodes,
  [service('Job')]: queryJob,
  [service('Jobs')]: queryJobs,
  [service('Duties')]: queryDuties,
  [service('Inputs')]: queryInputs,
};
