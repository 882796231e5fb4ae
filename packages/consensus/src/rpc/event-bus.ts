import { SemblanceError } from '@semblance/core/errors';
import { matches, type Tags } from '../query/match.ts';
import type { Query } from '../query/parse.ts';

/**
 * Something that happened, with what queries look at and its JSON. Both are made once when first
 * asked for: to most events nobody listens.
 */
export interface PublishedEvent {
  /** Value of the tag `tm.event`. */
  readonly name: string;
  tags(): Tags;
  /** JSON text of the event's `data` and `events` members, without the braces around them. */
  json(): string;
}

export type EventHandler = (event: PublishedEvent) => void;

export class TooManySubscriptionsError extends SemblanceError<'TOO_MANY_SUBSCRIPTIONS'> {}

const MAX_SUBSCRIPTIONS = 1000;

/** Hands every event to the subscriptions whose query it matches, at once and in order. */
export class EventBus {
  readonly #subscriptions = new Set<Subscription>();

  /** Returns the function that ends the subscription. */
  subscribe(query: Query, handle: EventHandler): () => void {
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      const message = `there are ${MAX_SUBSCRIPTIONS} subscriptions already`;
      throw new TooManySubscriptionsError('TOO_MANY_SUBSCRIPTIONS', message, {});
    }
    const subscription = { query, name: eventNameIn(query), handle };
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  publish(event: PublishedEvent): void {
    for (const { query, name, handle } of this.#subscriptions) {
      const isNamed = name === undefined || name === event.name;
      if (isNamed && matches(query, event.tags())) handle(event);
    }
  }
}

interface Subscription {
  readonly query: Query;
  /** The only events that the query can match, if it names them. */
  readonly name: string | undefined;
  readonly handle: EventHandler;
}

function eventNameIn(query: Query): string | undefined {
  for (const condition of query) {
    const { key, operator } = condition;
    if (key === 'tm.event' && operator === '=' && 'text' in condition) return condition.text;
  }
  return undefined;
}
