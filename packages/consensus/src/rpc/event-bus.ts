import { SemblanceError } from '@semblance/core/errors';
import { matches, type Tags } from '../query/match.ts';
import type { Query } from '../query/parse.ts';

/** Something that happened, with what queries look at and its JSON, made once when first asked. */
export interface PublishedEvent {
  readonly tags: Tags;
  /** JSON text of the event's `data` and `events` members, without the braces around them. */
  json(): string;
}

export type EventHandler = (event: PublishedEvent) => void;

export class TooManySubscriptionsError extends SemblanceError<'TOO_MANY_SUBSCRIPTIONS'> {}

const MAX_SUBSCRIPTIONS = 1000;

/** Hands every event to the subscriptions whose query it matches, at once and in order. */
export class EventBus {
  readonly #subscriptions = new Set<{ query: Query; handle: EventHandler }>();

  /** Returns the function that ends the subscription. */
  subscribe(query: Query, handle: EventHandler): () => void {
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      const message = `there are ${MAX_SUBSCRIPTIONS} subscriptions already`;
      throw new TooManySubscriptionsError('TOO_MANY_SUBSCRIPTIONS', message, {});
    }
    const subscription = { query, handle };
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  publish(event: PublishedEvent): void {
    for (const { query, handle } of this.#subscriptions) {
      if (matches(query, event.tags)) handle(event);
    }
  }
}
