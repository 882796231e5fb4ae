import type { ApplicationName } from './engines.ts';
import type { JobsRun } from './jobs.ts';
import { percentile, type Spread } from './percentile.ts';
import type { GrowthResult } from './state-growth.ts';
import { BLOCK_MS, type TransferRun } from './transfers.ts';

export interface Part<T> {
  readonly machine: {
    readonly cpus: number;
    readonly model: string;
    readonly memoryGiB: number;
    readonly node: string;
    readonly cometbft: string;
    /** At the end. Of growth, which keeps one processor busy, more than 1 is others at work. */
    readonly loadAverage: readonly number[];
  };
  readonly command: string;
  readonly results: readonly T[];
}

/** Parts are measured together or one by one. */
export interface ChainReport {
  readonly transfers?: Part<TransferRun>;
  readonly jobs?: Part<JobsRun>;
  readonly growth?: Part<GrowthResult>;
}

export function markdown({ transfers, jobs, growth }: ChainReport): string {
  const parts = [
    transfers && transferPart(transfers),
    jobs && jobsPart(jobs),
    growth && growthPart(growth),
  ];
  return `# The chain under load\n\n${parts.filter((text) => text !== undefined).join('\n')}`;
}

function transferPart(part: Part<TransferRun>): string {
  return `## Transfers beside CometBFT's own key-value store

${origin(part)} All validators and the load share these processors, with whatever else ran: trust the
ratios, whose halves alternate, before the rates. \`timeout_commit\` is ${BLOCK_MS} ms.

Equal configuration, equal load client, transactions of equal length. The key-value store runs inside
CometBFT's process and checks no signatures. Medians of the rounds; the aim is a ratio of 0.5. The last three
are milliseconds of processor a transfer, of all validators together.

${transferTable(part.results)}

Percentiles, of the round with the median rate. Latency is from submission to the event of the block;
time between blocks is by their headers; the load's share is of one processor.

${latencyTable(part.results)}
`;
}

function jobsPart(part: Part<JobsRun>): string {
  const rows = part.results.map((run) => [run.validators, run.jobs, run.perSecond.toFixed(1)]);
  return `## Jobs from submission to payout

${origin(part)} Committees of three: seven signed transactions a job, in three phases that each wait for
the one before.

${table(['validators', 'jobs', 'settled a second'], rows)}
`;
}

function growthPart(part: Part<GrowthResult>): string {
  const [first] = part.results;
  return `## Growth of the state

${origin(part)} The application over its database, without an engine: ${first?.blocks} blocks of
${first?.transfersPerBlock} transfers among random accounts. Milliseconds a block; the greatest commit is
a checkpoint of the trees, at every hundredth block. RSS is that after the blocks, with pages of the database.

${growthTable(part.results)}
`;
}

function origin<T>({ machine, command }: Part<T>): string {
  return `\`${command}\` on ${machine.cpus} x ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node},
CometBFT ${machine.cometbft}; load average at the end: ${machine.loadAverage.join(', ')}.`;
}

function transferTable(runs: readonly TransferRun[]): string {
  const counts = [...new Set(runs.map(({ validators }) => validators))];
  const rows = counts.map((validators) => {
    const median = (application: ApplicationName, of: (run: TransferRun) => number) =>
      percentile(runsOf(runs, application, validators).map(of), 0.5);
    const rate = ({ perSecond }: TransferRun) => perSecond;
    const [ours, theirs] = [median('semblance', rate), median('kvstore', rate)];
    return [
      validators,
      runsOf(runs, 'semblance', validators).length,
      ours.toFixed(0),
      theirs.toFixed(0),
      (ours / theirs).toFixed(2),
      median('semblance', ({ cpuMs }) => cpuMs.application).toFixed(2),
      median('semblance', ({ cpuMs }) => cpuMs.engine).toFixed(2),
      median('kvstore', ({ cpuMs }) => cpuMs.engine).toFixed(2),
    ];
  });
  const head = ['validators', 'rounds', 'transfers/s', 'kvstore/s', 'ratio'];
  return table([...head, 'application ms', 'its CometBFT ms', 'kvstore ms'], rows);
}

function latencyTable(runs: readonly TransferRun[]): string {
  const kinds = [...new Set(runs.map((run) => `${run.application} ${run.validators}`))];
  const rows = kinds.flatMap((kind) => {
    const [application, validators] = kind.split(' ') as [ApplicationName, string];
    const same = runsOf(runs, application, Number(validators));
    const median = percentile(
      same.map(({ perSecond }) => perSecond),
      0.5,
    );
    const run = same.find(({ perSecond }) => perSecond === median) as TransferRun;
    return (['paced', 'saturated'] as const).map((load) => {
      const { latencyMs, blockMs, txsPerBlock, loadCpu } = run[load];
      const cpu = `${(100 * loadCpu).toFixed(0)}%`;
      return [application, validators, load, of(latencyMs), of(blockMs), txsPerBlock.p50, cpu];
    });
  });
  const head = [
    'application',
    'validators',
    'load',
    'latency ms p50/p95/p99',
    'block ms p50/p95/p99',
  ];
  return table([...head, 'txs a block', "load's CPU"], rows);
}

function growthTable(results: readonly GrowthResult[]): string {
  const rows = results.map((result) => [
    result.accounts,
    result.genesisSeconds.toFixed(1),
    result.checkMs.p50,
    `${result.finalizeMs.p50} / ${result.finalizeMs.p95}`,
    `${result.commitMs.p50} / ${result.commitMs.p95} / ${result.commitMs.max}`,
    `${result.diskMiB.afterGenesis} / ${result.diskMiB.afterBlocks}`,
    result.rssMiB,
  ]);
  return table(
    [
      'accounts',
      'genesis s',
      'check of one tx p50',
      'finalize p50/p95',
      'commit p50/p95/max',
      'MiB on disk after genesis/blocks',
      'RSS MiB',
    ],
    rows,
  );
}

function runsOf(runs: readonly TransferRun[], application: ApplicationName, validators: number) {
  return runs.filter((run) => run.application === application && run.validators === validators);
}

const of = ({ p50, p95, p99 }: Spread) => [p50, p95, p99].map(Math.round).join(' / ');

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
