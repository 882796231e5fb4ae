import type { Job } from '../job.ts';
import { jobHref } from '../route.ts';
import { Picture } from './picture.tsx';

interface JobTileProps {
  readonly job: Job;
  readonly title: string;
  /** The file it delivered. */
  readonly sha256: string;
}

/** A job as a picture to click on. */
export function JobTile({ job, title, sha256 }: JobTileProps) {
  return (
    <a className="tile" href={jobHref(job.id)}>
      <span className="tile-picture">
        <Picture sha256={sha256} alt="" />
      </span>
      <span className="tile-prompt">{title}</span>
    </a>
  );
}
