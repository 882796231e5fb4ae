import { type DescMethod, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import type { QueryResult } from '@semblance/chain/application';
import {
  type PageRequest,
  PageRequestSchema,
} from '@semblance/proto/gen/cosmos/base/query/v1beta1/pagination_pb';
import { base64 } from '../comet/block.ts';
import type { AbciQuery, Engine } from '../comet/engine.ts';
import { queryRefusal } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type Answer, type CallContext, pathOf } from './method.ts';

/** Asks the application, by the same path as `abci_query`. */
export async function askApplication(
  { engine, height }: CallContext,
  method: DescMethod,
  request: Message,
): Promise<Answer> {
  boundPage(request);
  const data = toBinary(method.input, request);
  const result = await applicationQuery(engine, { path: pathOf(method), data, height });
  if (result.code !== 0) throw queryRefusal(result);
  return { message: fromBinary(method.output, result.value), height: result.height };
}

export async function applicationQuery(engine: Engine, query: AbciQuery): Promise<QueryResult> {
  const { response } = await engine.abciQuery(query);
  return {
    code: response.code ?? 0,
    codespace: response.codespace ?? '',
    log: response.log ?? '',
    value: base64(response.value ?? ''),
    height: BigInt(response.height ?? 0),
  };
}

/** Cuts a page that is asked for too long, as CometBFT does. */
function boundPage(request: Message & { pagination?: PageRequest }): void {
  const { pagination } = request;
  if (pagination?.$typeName !== PageRequestSchema.typeName) return;
  if (pagination.limit > LIMITS.pageItems) pagination.limit = LIMITS.pageItems;
}
