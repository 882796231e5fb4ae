import { useCallback } from 'react';
import { listJobs } from '../api.ts';
import { usePolled } from '../hooks/use-polled.ts';
import { lastStages, titleAmong } from '../stages.ts';
import { HowItWorks } from './how-it-works.tsx';
import { JobTile } from './job-tile.tsx';
import { LatestVerdict } from './latest-verdict.tsx';

const ASKED = 30;
const SHOWN = 10;
const EVERY_MS = 6_000;

/** The stage before the first job: what this is, and what was painted lately, as far as it was taken. */
export function Welcome() {
  const recent = usePolled(
    useCallback(() => listJobs(ASKED), []),
    EVERY_MS,
  );
  const jobs = recent.value?.jobs ?? [];
  const painted = lastStages(jobs)
    .flatMap((job) => (job.result === null ? [] : [{ job, sha256: job.result }]))
    .slice(0, SHOWN);
  const latest = painted.find(({ job }) => job.committee.length > 1)?.job;
  return (
    <div className="welcome">
      <p className="lede">
        A prompt goes to a committee of nodes that nobody has to trust. Machines round differently,
        so their files differ. A chain compares what the pictures look like, pays the nodes that
        agree, and hands you the picture with a receipt.
      </p>
      <HowItWorks />
      {latest !== undefined && <LatestVerdict job={latest} title={titleAmong(latest, jobs)} />}
      {painted.length > 0 && (
        <section className="recent" aria-labelledby="recent">
          <h2 id="recent">Painted lately</h2>
          <div className="tiles">
            {painted.map(({ job, sha256 }) => (
              <JobTile key={job.id} job={job} title={titleAmong(job, jobs)} sha256={sha256} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
