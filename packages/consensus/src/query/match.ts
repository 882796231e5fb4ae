import type { ChainEvent } from '@semblance/chain/application';
import type { Comparison, Condition, Query } from './parse.ts';

/** All values by composite key such as `transfer.recipient`, in the order they were emitted. */
export type Tags = ReadonlyMap<string, readonly string[]>;

/** Adds each attribute of each event under `type.key`. */
export function tagsOf(
  events: readonly ChainEvent[],
  reserved: Readonly<Record<string, string>> = {},
): Tags {
  const tags = new Map<string, string[]>();
  for (const [key, value] of Object.entries(reserved)) tags.set(key, [value]);
  for (const event of events) {
    for (const { key, value } of event.attributes) {
      const values = tags.get(`${event.type}.${key}`);
      if (values === undefined) tags.set(`${event.type}.${key}`, [value]);
      else values.push(value);
    }
  }
  return tags;
}

/** Whether every condition holds for at least one value of its key. */
export function matches(query: Query, tags: Tags): boolean {
  return query.every((condition) => holds(condition, tags));
}

function holds(condition: Condition, tags: Tags): boolean {
  const values = tags.get(condition.key);
  if (values === undefined) return false;
  if (condition.operator === 'EXISTS') return true;
  if ('integer' in condition) {
    const { operator, integer } = condition;
    return values.some((value) => compares(operator, firstInteger(value), integer));
  }
  const { operator, text } = condition;
  return values.some((value) => (operator === '=' ? value === text : value.includes(text)));
}

/** CometBFT reads `100usem` as 100. */
function firstInteger(value: string): bigint | undefined {
  const digits = /\d+/.exec(value.slice(0, 80))?.[0];
  return digits === undefined ? undefined : BigInt(digits);
}

function compares(operator: Comparison, left: bigint | undefined, right: bigint): boolean {
  if (left === undefined) return false;
  switch (operator) {
    case '=':
      return left === right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}
