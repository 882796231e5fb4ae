import { isAway, RefusedError } from '../api.ts';
import { useJob } from '../hooks/use-job.ts';
import type { Job } from '../job.ts';
import type { Model } from '../model.ts';
import { Enlarging } from './enlarging.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { JobView } from './job-view.tsx';
import { Notice } from './notice.tsx';

interface JobPageProps {
  readonly id: string;
  readonly models: readonly Model[];
  /** What follows by itself once the job has its picture. */
  readonly next: 'enlarge' | null;
  readonly onReuse: (job: Job) => void;
}

/** Follows one job; says so when there is none or the sequencer is away. */
export function JobPage({ id, models, next, onReuse }: JobPageProps) {
  const { job, failure } = useJob(id);
  const model = models.find((one) => one.id === job?.request.model) ?? null;
  if (job !== null) {
    return (
      <>
        {failure !== null && !isAway(failure) && <FailureNotice failure={failure} />}
        {next === 'enlarge' && <Enlarging job={job} model={model} />}
        <JobView job={job} model={model} onReuse={() => onReuse(job)} />
      </>
    );
  }
  if (failure instanceof RefusedError && failure.details.status === 404) {
    return (
      <Notice title="No such job">
        <p>The sequencer knows no job of this id. It may be from another chain, or pruned.</p>
        <a className="button" href="#/jobs">
          See recent jobs
        </a>
      </Notice>
    );
  }
  if (failure !== null) return <FailureNotice failure={failure} />;
  return <div className="skeleton" role="status" aria-label="Loading the job" />;
}
