import { useState } from 'react';
import { type GridHash, isOver, type Job } from '../job.ts';
import { phaseSentence } from '../phase.ts';
import { plainVerdict } from '../verdict.ts';
import { Committee } from './committee.tsx';
import { Evidence } from './evidence.tsx';
import { HashSelector } from './hash-selector.tsx';
import { HowItWorks } from './how-it-works.tsx';
import { JobFacts } from './job-facts.tsx';
import { PhaseTrack } from './phase-track.tsx';
import { ReceiptCheck } from './receipt-check.tsx';
import { VerdictBanner } from './verdict-banner.tsx';

interface JobViewProps {
  readonly job: Job;
  readonly onReuse: () => void;
}

/** A job from escrow to verdict: the same page all the way. */
export function JobView({ job, onReuse }: JobViewProps) {
  const [kind, setKind] = useState<GridHash>(job.hash === 'color' ? 'average' : job.hash);
  const revealed = job.committee.filter(({ hashes }) => hashes !== null).length;
  return (
    <div className="job" data-testid="job" data-status={job.status}>
      <p className="unseen" role="status">
        {plainVerdict(job)?.headline ?? phaseSentence(job)}
      </p>
      <h1 className="job-prompt">{job.request.prompt}</h1>
      {job.status !== 'failed' && <PhaseTrack job={job} />}
      <VerdictBanner job={job} />
      {(job.committee.length > 0 || !isOver(job)) && (
        <section aria-labelledby="committee">
          <div className="section-head">
            <h2 id="committee">The committee</h2>
            {revealed > 0 && <HashSelector job={job} value={kind} onChange={setKind} />}
          </div>
          <Committee job={job} kind={kind} />
        </section>
      )}
      {revealed > 1 && <Evidence job={job} kind={kind} />}
      {job.verdict !== null && <ReceiptCheck job={job} />}
      <HowItWorks />
      <JobFacts job={job} onReuse={onReuse} />
    </div>
  );
}
