import type { JobView } from '@semblance/sequencer/views';
import { bar } from './progress.ts';
import { counted, inSem, paint, safe, sem, short, table } from './terminal.ts';

const STAGES: Record<string, string> = {
  drawn: 'waiting',
  running: 'running',
  committed: 'committed, waiting for the others',
  revealed: 'revealed',
};

/** One line a committee member while the job runs. */
export function progressLines(job: JobView): string[] {
  if (job.committee.length === 0) return [`  ${paint('dim', `${job.status} ...`)}`];
  return job.committee.map((member) => {
    const { progress, state } = member;
    const total = progress?.steps || job.request.steps;
    const done = state === 'running' ? (progress?.step ?? 0) : state === 'drawn' ? 0 : total;
    const label =
      state === 'running' && progress ? `step ${done}/${total}` : STAGES[state] || state;
    return `  ${safe(member.runtime).slice(0, 16).padEnd(16)} ${bar(done, total)} ${label}`;
  });
}

/**
 * Who answered what, how many bits from the delivered picture, and who was paid; within 80 columns.
 * The node with the address `cheat` is called so.
 */
export function jobReport(job: JobView, cheat?: string): string {
  const heading = ['node', 'runtime', 'file', `${job.hash} hash`, 'bits', 'SEM', 'standing'];
  const rows = job.committee.map((member) => [
    member.node === cheat ? paint('red', 'the cheat') : short(member.node),
    safe(member.runtime),
    member.sha256?.slice(0, 6) ?? '-',
    member.hashes?.[job.hash as keyof typeof member.hashes] ?? '-',
    member.distance === null ? '-' : String(member.distance),
    BigInt(member.payout || 0) === 0n ? '-' : inSem(member.payout),
    standingText(member.standing, member.fault),
  ]);
  return `${table([heading, ...rows])}\n\n${verdictLines(job)}`;
}

function standingText(standing: string | null, fault: string): string {
  if (standing === 'majority') return paint('green', 'majority');
  if (standing === 'fault') return paint('red', `fault: ${safe(fault)}`);
  return standing === null ? '-' : paint('yellow', standing);
}

function verdictLines(job: JobView): string {
  const lines = [`  verdict   ${verdictText(job)}`];
  const nodes = Object.values(job.payouts.nodes).reduce((sum, amount) => sum + BigInt(amount), 0n);
  if (job.verdict === 'agreed') {
    lines.push(
      `  paid      ${sem(nodes)} to the nodes, ${sem(job.payouts.producer)} to the validators`,
    );
  } else {
    lines.push(`  refunded  ${sem(job.payouts.refund)} to the requester`);
  }
  return lines.join('\n');
}

export function verdictText(job: JobView): string {
  const alike = job.committee.filter((member) => member.standing === 'majority').length;
  const files = new Set(job.committee.map((member) => member.sha256).filter(Boolean)).size;
  switch (job.verdict) {
    case 'agreed':
      return `${paint(['green', 'bold'], 'agreed')}: ${alike} of ${job.committee.length} alike within ${counted(job.threshold_bits, 'bit')}, ${counted(files, 'different file')}`;
    case 'no_majority':
      return paint('yellow', 'no majority: the results are not alike, nobody is paid or punished');
    case 'late':
      return paint('yellow', 'late: too few nodes committed in time');
    case 'withheld':
      return paint('yellow', 'withheld: too few nodes revealed in time');
    case 'no_nodes':
      return paint('yellow', 'no nodes: too few nodes offer this model');
    case null:
      return job.status;
  }
}
