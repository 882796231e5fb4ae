import type { ChainEvent } from './application.ts';

/** An event from its attributes, in the order given. */
export function event(type: string, attributes: Readonly<Record<string, string>>): ChainEvent {
  return {
    type,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
  };
}
