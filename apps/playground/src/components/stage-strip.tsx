import { useEffect, useRef } from 'react';
import type { Job, JobInput } from '../job.ts';
import { doneIn, titleOf } from '../mode-words.ts';
import { jobHref } from '../route.ts';
import { shortDigest } from '../short-form.ts';
import type { Stages } from '../stages.ts';
import { Picture } from './picture.tsx';

interface StageStripProps {
  readonly job: Job;
  readonly stages: Stages;
}

/** What the job began from and what came of it, each stage with a verdict of its own. */
export function StageStrip({ job, stages: { before, after } }: StageStripProps) {
  const list = useRef<HTMLOListElement>(null);
  const { inputs, mode } = job.request;
  const known = before.at(-1)?.result;
  const files = inputs.filter(({ sha256 }) => sha256 !== known);

  // On a narrow screen the earlier stages are swiped back to.
  // biome-ignore lint/correctness/useExhaustiveDependencies: moves when stages come in, not when the visitor does
  useEffect(() => {
    const here = list.current?.querySelector<HTMLElement>('[data-here="true"]');
    if (list.current && here) {
      list.current.scrollLeft = here.offsetLeft + here.offsetWidth - list.current.clientWidth;
    }
  }, [job.id, before.length]);

  if (inputs.length === 0 && after.length === 0) return null;
  return (
    <section className="stages" aria-labelledby="stages" data-testid="stages">
      <h2 id="stages">Stages</h2>
      <ol ref={list}>
        {before.map((stage) => (
          <JobStage key={stage.id} stage={stage} />
        ))}
        {files.map((input) => (
          <FileStage key={input.name} input={input} mode={mode} />
        ))}
        <JobStage stage={job} isHere />
        {after.map((stage) => (
          <JobStage key={stage.id} stage={stage} />
        ))}
      </ol>
      <p>
        Each stage is a job of its own, judged by itself. It begins from a file that its signed
        request names by SHA-256: the very bytes that the stage before delivered.
      </p>
    </section>
  );
}

function JobStage({ stage, isHere = false }: { readonly stage: Job; readonly isHere?: boolean }) {
  const words = (
    <>
      <span className="stage-picture">
        {stage.result !== null && <Picture sha256={stage.result} alt={titleOf(stage.request)} />}
      </span>
      <b>{doneIn(stage.request)}</b>
      <span className="mono">
        {stage.result === null ? stage.status : shortDigest(stage.result)}
      </span>
    </>
  );
  return (
    <li data-here={isHere} aria-current={isHere ? 'step' : undefined}>
      {isHere ? (
        <span className="stage-card">{words}</span>
      ) : (
        <a className="stage-card" href={jobHref(stage.id)}>
          {words}
        </a>
      )}
    </li>
  );
}

const FILES = { image: 'A file', mask: 'Where to paint' } as const;

function FileStage({
  input,
  mode,
}: {
  readonly input: JobInput;
  readonly mode: Job['request']['mode'];
}) {
  const name = mode === 'control' ? 'The shape' : FILES[input.name];
  return (
    <li>
      <span className="stage-card">
        <span className="stage-picture">
          <Picture sha256={input.sha256} alt={name} />
        </span>
        <b>{name}</b>
        <span className="mono">{shortDigest(input.sha256)}</span>
      </span>
    </li>
  );
}
