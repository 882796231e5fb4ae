import type { Application, BlockResult, ChainEvent } from '@semblance/chain/application';
import type { Census } from '@semblance/chain/census';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a validator's application tells Prometheus. CometBFT tells its own part. */
export interface ApplicationMetrics {
  readonly registry: Registry;
  /** The same application, watched. Measuring changes nothing that it answers. */
  watch(app: Application): Application;
}

export interface MetricSources {
  /** Bytes of state on the disk. */
  readonly stateBytes: () => number;
  readonly census: () => Census;
}

type Counts = Readonly<Record<string, number>>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createApplicationMetrics({
  stateBytes,
  census,
}: MetricSources): ApplicationMetrics {
  const registry = new Registry();
  const registers = [registry];
  const named = (name: string, help: string) => ({
    name: `semblance_chain_${name}`,
    help,
    registers,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...named(name, help),
      collect() {
        this.set(read());
      },
    });
  const gauges = (name: string, help: string, label: string, read: () => Counts) =>
    new Gauge({
      ...named(name, help),
      labelNames: [label],
      collect() {
        for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count);
      },
    });
  const counter = <L extends string>(name: string, help: string, label: L) =>
    new Counter({ ...named(name, help), labelNames: [label] });
  const seconds = (name: string, help: string) =>
    new Histogram({ ...named(`${name}_seconds`, help), buckets: SECONDS });

  gauge('state_bytes', 'Bytes of state on the disk', stateBytes);
  gauge('resident_memory_bytes', 'Resident set size', () => process.memoryUsage.rss());
  gauges(
    'jobs_by_phase',
    'Jobs in state, settled ones since genesis',
    'phase',
    () => census().jobs,
  );
  gauges('nodes_by_status', 'ML nodes in state', 'status', () => census().nodes);
  const height = new Gauge(named('height', 'Last committed height'));
  const finalize = seconds('finalize_block', 'Time to execute a block');
  const commit = seconds('commit', 'Time to write a block to the disk');
  const txs = counter('txs_total', 'Transactions in blocks', 'outcome');
  const checked = counter('checked_txs_total', 'Transactions offered to the pool', 'outcome');
  const jobs = counter('jobs_total', 'Jobs by what became of them', 'outcome');
  const faults = counter('faults_total', 'Proved faults of nodes', 'reason');
  const jailed = counter('jailed_nodes_total', 'Nodes jailed for a while', 'reason');

  const outcome = (code: number) => ({ outcome: code === 0 ? 'ok' : 'failed' });
  const count = (result: BlockResult) => {
    for (const { code } of result.txResults) txs.inc(outcome(code));
    for (const event of eventsOf(result)) {
      if (event.type === 'job_submitted') jobs.inc({ outcome: 'submitted' });
      if (event.type === 'job_settled') jobs.inc({ outcome: attribute(event, 'verdict') });
      if (event.type === 'fault') faults.inc({ reason: attribute(event, 'reason') });
      if (event.type === 'node_jailed') jailed.inc({ reason: attribute(event, 'reason') });
    }
  };
  return {
    registry,
    watch: (app) => ({
      info: () => app.info(),
      initChain: (genesis) => app.initChain(genesis),
      prepareProposal: (request) => app.prepareProposal(request),
      processProposal: (proposal) => app.processProposal(proposal),
      query: (path, data, options) => app.query(path, data, options),
      ...(app.stateSync === undefined ? {} : { stateSync: app.stateSync }),
      ...(app.voteExtensions === undefined ? {} : { voteExtensions: app.voteExtensions }),
      checkTx(tx) {
        const result = app.checkTx(tx);
        checked.inc(outcome(result.code));
        return result;
      },
      finalizeBlock(block) {
        const end = finalize.startTimer();
        const result = app.finalizeBlock(block);
        end();
        count(result);
        return result;
      },
      commit() {
        const end = commit.startTimer();
        app.commit();
        end();
        height.set(Number(app.info().height));
      },
    }),
  };
}

function eventsOf({ events, txResults }: BlockResult): ChainEvent[] {
  // What a failed transaction said did not happen.
  const done = txResults.filter(({ code }) => code === 0);
  return [...events, ...done.flatMap((result) => result.events)];
}

/** Reasons and verdicts are few, and fixed in the chain's code. */
function attribute({ attributes }: ChainEvent, key: string): string {
  return attributes.find((one) => one.key === key)?.value ?? '';
}
