import { useEffect } from 'react';
import { listModels } from '../api.ts';
import { type Draft, draftFor, draftOf } from '../draft.ts';
import { usePolled } from '../hooks/use-polled.ts';
import type { Model } from '../model.ts';
import { Composer } from './composer.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { JobPage } from './job-page.tsx';
import { Notice } from './notice.tsx';
import { Welcome } from './welcome.tsx';

export interface StudioProps {
  /** The job on the stage, or null for the welcome. */
  readonly jobId: string | null;
  /** What follows by itself once that job has its picture. */
  readonly next: 'enlarge' | null;
  /** Kept above the pages, so that it outlives a look around. */
  readonly draft: Draft | null;
  readonly onDraft: (draft: Draft) => void;
}

const EVERY_MS = 15_000;
const NO_MODELS: readonly Model[] = [];

/** The composer beside its stage. */
export function Studio({ jobId, next, draft, onDraft }: StudioProps) {
  const models = usePolled(listModels, EVERY_MS);
  const first = models.value?.[0];

  useEffect(() => {
    if (first === undefined || draft !== null) return;
    onDraft(draftFor(first, first.suggestedPrompts[0] ?? ''));
  }, [first, draft, onDraft]);

  return (
    <div className="studio" data-stage={jobId === null ? 'welcome' : 'job'}>
      {jobId === null && <Title />}
      <aside className="desk" aria-label="Composer">
        {models.value !== null && draft !== null && (
          <Composer models={models.value} draft={draft} onChange={onDraft} />
        )}
        {models.value?.length === 0 && (
          <Notice title="No models yet">
            <p>The chain lists no model that this sequencer can offer.</p>
          </Notice>
        )}
        {models.value === null && models.failure !== null && (
          <FailureNotice failure={models.failure} retry={models.retry} />
        )}
        {models.value === null && models.failure === null && (
          <div className="skeleton" role="status" aria-label="Loading models" />
        )}
      </aside>
      <div className="stage">
        {jobId === null ? (
          <Welcome />
        ) : (
          <>
            <a className="back" href="#/">
              Paint another
            </a>
            <JobPage
              key={jobId}
              id={jobId}
              models={models.value ?? NO_MODELS}
              next={next}
              onReuse={(job) => {
                onDraft(draftOf(job.request, job.committeeSize));
                window.location.hash = '#/';
              }}
            />
          </>
        )}
      </div>
    </div>
  );
}

function Title() {
  return (
    <h1 className="title">
      Several machines.
      <br />
      Different bytes.
      <br />
      <em>One picture.</em>
    </h1>
  );
}
