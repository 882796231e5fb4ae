export interface RateLimit {
  /** Takes `count` tokens of a key. Returns 0, or the seconds until there are enough. */
  take(key: string, count: number, nowMs: number): number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Full buckets say nothing, so the oldest are dropped above this many. */
const MAX_BUCKETS = 10_000;

/** A token bucket a key: `atOnce` tokens at most, `perSecond` of them back a second. */
export function createRateLimit(perSecond: number, atOnce: number): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take: (key, count, nowMs) => {
      const before = buckets.get(key) ?? { tokens: atOnce, atMs: nowMs };
      const gained = (Math.max(0, nowMs - before.atMs) / 1000) * perSecond;
      const tokens = Math.min(atOnce, before.tokens + gained);
      const allowed = tokens >= count;
      buckets.delete(key);
      buckets.set(key, { tokens: allowed ? tokens - count : tokens, atMs: nowMs });
      if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
      return allowed ? 0 : Math.max(1, Math.ceil((count - tokens) / perSecond));
    },
  };
}
