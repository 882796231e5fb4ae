import type { Job } from '../job.ts';
import { jobHref } from '../route.ts';
import { Picture } from './picture.tsx';
import { VerdictTag } from './verdict-tag.tsx';

/** A job as a picture to click on. */
export function JobTile({ job }: { readonly job: Job }) {
  return (
    <a className="tile" href={jobHref(job.id)}>
      <span className="tile-picture">
        {job.result === null ? (
          <span className="tile-blank" aria-hidden="true" />
        ) : (
          <Picture sha256={job.result} alt="" />
        )}
      </span>
      <span className="tile-prompt">{job.request.prompt}</span>
      <VerdictTag job={job} />
    </a>
  );
}
