import { InvalidInputError } from '@semblance/core/errors';
import { parseQuery } from '../query/parse.ts';
import { internalError } from './errors.ts';
import type { PublishedEvent } from './event-bus.ts';
import type { RequestId, RpcRequest } from './json-rpc.ts';
import { LIMITS } from './limits.ts';
import type { RpcNode } from './node.ts';
import { jsonParams } from './params.ts';

/** The subscriptions of one socket, by the text of their query. */
export class Subscriptions {
  readonly #node: RpcNode;
  readonly #send: (text: string) => void;
  readonly #ends = new Map<string, () => void>();

  constructor(node: RpcNode, send: (text: string) => void) {
    this.#node = node;
    this.#send = send;
  }

  /** Events come with the id of the request, after its answer. */
  subscribe(request: RpcRequest): void {
    const query = queryOf(request);
    if (this.#ends.has(query)) throw internalError('already subscribed');
    if (this.#ends.size >= LIMITS.subscriptionsPerSocket) {
      throw internalError(`max_subscriptions_per_client ${LIMITS.subscriptionsPerSocket} reached`);
    }
    const envelope = envelopeOf(request.id ?? null, query);
    const end = this.#node.events.subscribe(parseQuery(query), (event: PublishedEvent) =>
      this.#send(`${envelope}${event.json()}}}`),
    );
    this.#ends.set(query, end);
  }

  unsubscribe(request: RpcRequest): void {
    const query = queryOf(request);
    const end = this.#ends.get(query);
    if (end === undefined) throw internalError('subscription not found');
    end();
    this.#ends.delete(query);
  }

  unsubscribeAll(): void {
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }
}

function queryOf({ params }: RpcRequest): string {
  const query = jsonParams(params, ['query']).text('query');
  if (query === undefined) throw new InvalidInputError('query', 'missing');
  return query;
}

function envelopeOf(id: RequestId, query: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"query":${JSON.stringify(query)},`;
}
