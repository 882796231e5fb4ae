import type { Job } from '../job.ts';
import { titleOf } from '../mode-words.ts';
import { jobHref } from '../route.ts';
import { Picture } from './picture.tsx';

interface JobTileProps {
  readonly job: Job;
  /** The file it delivered. */
  readonly sha256: string;
}

/** A job as a picture to click on. */
export function JobTile({ job, sha256 }: JobTileProps) {
  return (
    <a className="tile" href={jobHref(job.id)}>
      <span className="tile-picture">
        <Picture sha256={sha256} alt="" />
      </span>
      <span className="tile-prompt">{titleOf(job.request)}</span>
    </a>
  );
}
