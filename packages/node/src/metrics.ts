import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a node tells Prometheus. Amounts are in the base unit; a number loses digits above 2^53. */
export interface Metrics {
  readonly registry: Registry;
  /** Jobs by how they ended for this node: its standing on chain, or "failed" when the model did. */
  readonly jobs: Counter<'outcome'>;
  readonly inference: Histogram<'model'>;
  /** From the job's inclusion to the block with this node's commitment. */
  readonly commitLatency: Histogram;
  /** From the start of the reveal to the block with it. */
  readonly revealLatency: Histogram;
  readonly balance: Gauge;
  readonly stake: Gauge;
  readonly jailed: Gauge;
}

export interface MetricSources {
  readonly queue: () => number;
  readonly storedBytes: () => number;
}

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read?: () => number): Gauge =>
    new Gauge({
      name: `semblance_node_${name}`,
      help,
      registers,
      ...(read && {
        collect() {
          this.set(read());
        },
      }),
    });
  const seconds = <L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> =>
    new Histogram({
      name: `semblance_node_${name}_seconds`,
      help,
      labelNames,
      buckets: SECONDS,
      registers,
    });
  gauge('queued_runs', 'Runs waiting or running', sources.queue);
  gauge('stored_bytes', 'Bytes of stored runs', sources.storedBytes);
  gauge('resident_memory_bytes', 'Resident set size', () => process.memoryUsage.rss());
  return {
    registry,
    jobs: new Counter({
      name: 'semblance_node_jobs_total',
      help: 'Jobs by outcome for this node',
      labelNames: ['outcome'],
      registers,
    }),
    inference: seconds('inference', 'Time of one run of the model', ['model']),
    commitLatency: seconds('commit_latency', 'From the inclusion of a job to the commitment', []),
    revealLatency: seconds('reveal_latency', 'From the start of a reveal to its block', []),
    balance: gauge('balance', 'Balance of the node account'),
    stake: gauge('stake', 'Stake on chain'),
    jailed: gauge('jailed', '1 while the chain draws the node no more'),
  };
}
