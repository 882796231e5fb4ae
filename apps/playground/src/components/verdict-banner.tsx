import { artifactPath } from '../api.ts';
import type { Job } from '../job.ts';
import { titleOf } from '../mode-words.ts';
import { plainVerdict } from '../verdict.ts';
import { DownloadIcon } from './icons.tsx';
import { Payouts } from './payouts.tsx';
import { Picture } from './picture.tsx';

/** The verdict in plain words, the picture it delivers, and where the money went. */
export function VerdictBanner({ job }: { readonly job: Job }) {
  const verdict = plainVerdict(job);
  if (verdict === null) return null;
  return (
    <section
      className="verdict"
      data-testid="verdict"
      data-tone={verdict.tone}
      data-verdict={job.verdict ?? 'failed'}
      aria-label="Verdict"
    >
      {job.result !== null && <Picture sha256={job.result} alt={titleOf(job.request)} />}
      <div className="verdict-words">
        <h2>{verdict.headline}</h2>
        <p>{verdict.detail}</p>
        {job.verdict !== null && <Payouts job={job} />}
        {job.result !== null && (
          <a
            className="button button-main"
            href={artifactPath(job.result)}
            download={`semblance-${job.id.slice(0, 12)}.png`}
          >
            <DownloadIcon />
            Download PNG
          </a>
        )}
      </div>
    </section>
  );
}
