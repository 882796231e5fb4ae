import type { GridHash, Job } from '../job.ts';
import { letterOf } from '../node-name.ts';
import { jobHref } from '../route.ts';
import { plainVerdict } from '../verdict.ts';
import { HashGrid } from './hash-grid.tsx';
import { Picture } from './picture.tsx';

interface LatestVerdictProps {
  readonly job: Job;
  readonly title: string;
}

/** A real job in one look: the pictures, their hashes, and what the chain made of them. */
export function LatestVerdict({ job, title }: LatestVerdictProps) {
  const kind: GridHash = job.hash === 'color' ? 'average' : job.hash;
  const delivered = job.committee.find(({ sha256 }) => sha256 !== null && sha256 === job.result);
  return (
    <section className="latest" aria-labelledby="latest">
      <h2 id="latest">
        <a href={jobHref(job.id)}>“{title}”</a>
      </h2>
      <div className="latest-results">
        {job.committee.map(
          ({ node, sha256, hashes }, index) =>
            sha256 !== null &&
            hashes !== null && (
              <div key={node} className="latest-result">
                <Picture sha256={sha256} alt={`By node ${letterOf(index)}`} />
                <HashGrid
                  hash={hashes[kind]}
                  kind={kind}
                  against={delivered?.hashes?.[kind] ?? null}
                />
              </div>
            ),
        )}
      </div>
      <p className="latest-verdict">{plainVerdict(job)?.headline}</p>
    </section>
  );
}
