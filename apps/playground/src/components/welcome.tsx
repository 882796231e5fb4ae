import { useCallback } from 'react';
import { listJobs } from '../api.ts';
import { usePolled } from '../hooks/use-polled.ts';
import { HowItWorks } from './how-it-works.tsx';
import { JobTile } from './job-tile.tsx';

const RECENT = 8;
const EVERY_MS = 6_000;

/** The stage before the first job: what this is, and what was painted lately. */
export function Welcome() {
  const recent = usePolled(
    useCallback(() => listJobs(RECENT), []),
    EVERY_MS,
  );
  const jobs = recent.value?.jobs ?? [];
  return (
    <div className="welcome">
      <p className="lede">
        A prompt goes to a committee of nodes that nobody has to trust. Machines round differently,
        so their files differ. A chain compares what the pictures look like, pays the nodes that
        agree, and hands you the picture with a receipt.
      </p>
      <HowItWorks />
      {jobs.length > 0 && (
        <section className="recent" aria-labelledby="recent">
          <h2 id="recent">Painted lately</h2>
          <div className="tiles">
            {jobs.map((job) => (
              <JobTile key={job.id} job={job} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
