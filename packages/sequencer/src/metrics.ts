import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the gauges show, read when somebody asks. */
export interface Readings {
  readonly waiting: () => number;
  readonly inFlight: () => number;
  readonly activeNodes: () => number;
  readonly onlineNodes: () => number;
  readonly height: () => number;
  readonly eventStreams: () => number;
}

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];

/** Prometheus metrics of one sequencer, in a registry of its own. */
export function createMetrics(readings: Readings) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name: `semblance_sequencer_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('jobs_waiting', 'Accepted jobs that are not on the chain yet', readings.waiting);
  gauge('jobs_in_flight', 'Accepted jobs on the chain without a verdict', readings.inFlight);
  gauge('nodes_active', 'ML nodes that the chain may draw', readings.activeNodes);
  gauge('nodes_online', 'ML nodes whose events are heard', readings.onlineNodes);
  gauge('chain_height', 'Latest block seen', readings.height);
  gauge('event_streams', 'Open event streams of clients', readings.eventStreams);
  return {
    registry,
    requests: new Histogram({
      name: 'semblance_sequencer_http_request_seconds',
      help: 'Time until the answer, by route and status',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: SECONDS,
      registers,
    }),
    accepted: new Counter({
      name: 'semblance_sequencer_jobs_accepted_total',
      help: 'Jobs made durable',
      registers,
    }),
    settled: new Counter({
      name: 'semblance_sequencer_jobs_settled_total',
      help: 'Accepted jobs that got a verdict',
      labelNames: ['verdict'] as const,
      registers,
    }),
    latency: new Histogram({
      name: 'semblance_sequencer_job_seconds',
      help: 'Time on the chain from submission to verdict',
      buckets: SECONDS,
      registers,
    }),
    batches: new Histogram({
      name: 'semblance_sequencer_batch_jobs',
      help: 'Submissions in one transaction',
      buckets: [1, 2, 4, 8, 16],
      registers,
    }),
    artifacts: new Counter({
      name: 'semblance_sequencer_artifacts_total',
      help: 'Files asked for, by where they were found',
      labelNames: ['source'] as const,
      registers,
    }),
  };
}
