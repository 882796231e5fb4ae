import { isOver, type Job, type Verdict } from '../job.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  agreed: 'agreed',
  no_majority: 'no majority',
  late: 'too late',
  withheld: 'withheld',
  no_nodes: 'no committee',
};

/** A job's outcome, or where it stands, in one or two words. */
export function VerdictTag({ job }: { readonly job: Job }) {
  const tone = job.verdict === 'agreed' ? 'agree' : isOver(job) ? 'differ' : 'wait';
  return (
    <span className="tag" data-tone={tone}>
      {job.verdict === null ? job.status : WORDS[job.verdict]}
    </span>
  );
}
