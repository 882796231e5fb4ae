import { ageOf } from '../age.ts';
import { type Job, resultSizeOf } from '../job.ts';
import { doneIn } from '../mode-words.ts';
import { counted } from '../number-words.ts';
import { jobHref } from '../route.ts';
import { shortDigest } from '../short-form.ts';
import { Amount } from './amount.tsx';
import { Picture } from './picture.tsx';
import { VerdictTag } from './verdict-tag.tsx';

/** What tells jobs of one title apart. */
function kindOf(request: Job['request']): string {
  const { mode, seed } = request;
  if (mode === 'text_to_image') return `seed ${seed}`;
  if (mode !== 'upscale') return doneIn(request).toLowerCase();
  const { width, height } = resultSizeOf(request);
  return `enlarged to ${width} × ${height}`;
}

interface JobRowProps {
  readonly job: Job;
  readonly title: string;
  readonly now: number;
}

export function JobRow({ job, title, now }: JobRowProps) {
  return (
    <li>
      <a className="job-row" href={jobHref(job.id)}>
        <span className="job-row-picture">
          {job.result !== null && <Picture sha256={job.result} alt="" />}
        </span>
        <span className="job-row-words">
          <b>{title}</b>
          <span>
            {counted(job.committeeSize, 'node')} · {kindOf(job.request)} · <Amount usem={job.fee} />
          </span>
        </span>
        <span className="job-row-when">
          {ageOf(job.createdAt, now)}
          <span className="mono">{shortDigest(job.id)}</span>
        </span>
        <VerdictTag job={job} />
      </a>
    </li>
  );
}
