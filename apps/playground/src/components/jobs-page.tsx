import { useCallback, useState } from 'react';
import { type JobPage, listJobs } from '../api.ts';
import { asError } from '../as-error.ts';
import { useNow } from '../hooks/use-now.ts';
import { usePolled } from '../hooks/use-polled.ts';
import type { Job } from '../job.ts';
import { titleAmong } from '../stages.ts';
import { FailureNotice } from './failure-notice.tsx';
import { JobRow } from './job-row.tsx';
import { Notice } from './notice.tsx';
import { PageHead } from './page-head.tsx';

const PAGE = 20;
const EVERY_MS = 4_000;

/** The newest page is asked for again and again; older pages are asked for once. */
function merged(newest: JobPage, older: readonly Job[]): Job[] {
  const seen = new Set(newest.jobs.map(({ id }) => id));
  return [...newest.jobs, ...older.filter(({ id }) => !seen.has(id))];
}

export function JobsPage() {
  const newest = usePolled(
    useCallback(() => listJobs(PAGE), []),
    EVERY_MS,
  );
  const [older, setOlder] = useState<JobPage | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const now = useNow(EVERY_MS);
  const known = newest.value === null ? [] : merged(newest.value, older?.jobs ?? []);
  const next = older === null ? newest.value?.next : older.next;

  const loadOlder = async (before: string) => {
    try {
      const page = await listJobs(PAGE, before);
      setFailure(null);
      setOlder((known) => ({ jobs: [...(known?.jobs ?? []), ...page.jobs], next: page.next }));
    } catch (thrown) {
      setFailure(asError(thrown));
    }
  };

  return (
    <section className="page">
      <PageHead title="Jobs">Every picture asked for, newest first.</PageHead>
      {newest.value === null && newest.failure !== null && (
        <FailureNotice failure={newest.failure} retry={newest.retry} />
      )}
      {newest.value === null && newest.failure === null && (
        <div className="skeleton" role="status" aria-label="Loading jobs" />
      )}
      {newest.value?.jobs.length === 0 && (
        <Notice title="No jobs yet">
          <p>The first picture will appear here while it is being painted.</p>
          <a className="button button-main" href="#/">
            Paint the first one
          </a>
        </Notice>
      )}
      {known.length > 0 && (
        <ul className="job-rows" data-testid="jobs-list">
          {known.map((job) => (
            <JobRow key={job.id} job={job} title={titleAmong(job, known)} now={now} />
          ))}
        </ul>
      )}
      {failure !== null && <FailureNotice failure={failure} />}
      {next != null && (
        <button type="button" className="button" onClick={() => void loadOlder(next)}>
          Show older jobs
        </button>
      )}
    </section>
  );
}
