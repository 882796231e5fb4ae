import { type QueryContext, type QueryHandler, readRequest } from './query.ts';
import { type Codec, CosmosReader, encodeCosmos } from './tx/cosmos-wire.ts';

/** One of Cosmos' gRPC methods: decodes the request, encodes what `answer` makes of it. */
export function cosmosQuery<Q, R>(
  request: Codec<Q>,
  response: Codec<R>,
  answer: (context: QueryContext, query: Q) => R,
): QueryHandler {
  return (context, bytes) => {
    const query = readRequest(() => request.decode(new CosmosReader(bytes)));
    return encodeCosmos(response, answer(context, query));
  };
}
