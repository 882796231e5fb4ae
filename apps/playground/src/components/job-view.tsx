import { useState } from 'react';
import { useStages } from '../hooks/use-stages.ts';
import { type GridHash, isOver, type Job } from '../job.ts';
import { doneIn } from '../mode-words.ts';
import type { Model } from '../model.ts';
import { phaseSentence } from '../phase.ts';
import { promptOf } from '../stages.ts';
import { plainVerdict } from '../verdict.ts';
import { BesideBase } from './beside-base.tsx';
import { Committee } from './committee.tsx';
import { Evidence } from './evidence.tsx';
import { GoingOn } from './going-on.tsx';
import { HashSelector } from './hash-selector.tsx';
import { HowItWorks } from './how-it-works.tsx';
import { JobFacts } from './job-facts.tsx';
import { PhaseTrack } from './phase-track.tsx';
import { ReceiptCheck } from './receipt-check.tsx';
import { StageStrip } from './stage-strip.tsx';
import { VerdictBanner } from './verdict-banner.tsx';

interface JobViewProps {
  readonly job: Job;
  /** The model that made it, if it is still offered. */
  readonly model: Model | null;
  readonly onReuse: () => void;
}

/** A job from escrow to verdict: the same page all the way. */
export function JobView({ job, model, onReuse }: JobViewProps) {
  const [kind, setKind] = useState<GridHash>(job.hash === 'color' ? 'average' : job.hash);
  const stages = useStages(job);
  const prompt = promptOf(job, stages);
  const isEdit = job.request.mode !== 'text_to_image';
  const revealed = job.committee.filter(({ hashes }) => hashes !== null).length;
  return (
    <div className="job" data-testid="job" data-status={job.status}>
      <p className="unseen" role="status">
        {plainVerdict(job)?.headline ?? phaseSentence(job)}
      </p>
      <h1 className="job-title">
        {isEdit && <span className="job-mode">{doneIn(job.request)}</span>}
        {prompt !== '' && <span className="job-prompt">{prompt}</span>}
      </h1>
      {job.status !== 'failed' && <PhaseTrack job={job} />}
      <VerdictBanner job={job} />
      <BesideBase job={job} stages={stages} />
      {model !== null && job.result !== null && (
        <GoingOn going={{ job, model, sha256: job.result }} prompt={prompt} />
      )}
      <StageStrip job={job} stages={stages} />
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
