import { type Job, type JobRequest, resultSizeOf } from '../job.ts';
import { DONE } from '../mode-words.ts';
import { Amount } from './amount.tsx';

interface JobFactsProps {
  readonly job: Job;
  readonly onReuse: () => void;
}

type Fact = readonly [name: string, value: string];

function walkFacts(request: JobRequest): readonly Fact[] {
  const { seed, steps, guidance, scheduler, strength, conditioningScale } = request;
  return [
    ['Seed', seed],
    ['Steps', String(steps)],
    ['Guidance', String(guidance)],
    ['Scheduler', scheduler],
    ...(strength === null ? [] : [['Strength', String(strength)] as const]),
    ...(conditioningScale === null ? [] : [['Shape followed', `× ${conditioningScale}`] as const]),
  ];
}

function sizeFact(request: JobRequest): string {
  const { width, height } = resultSizeOf(request);
  const size = `${width} × ${height}`;
  return request.mode === 'upscale' ? `${request.width} × ${request.height} to ${size}` : size;
}

/** Everything that defines the job; the same facts give the same picture. */
export function JobFacts({ job, onReuse }: JobFactsProps) {
  const { request } = job;
  const facts: readonly Fact[] = [
    ['Model', request.model],
    ['Kind', DONE[request.mode]],
    ...(request.mode === 'upscale' ? [] : walkFacts(request)),
    ['Size', sizeFact(request)],
    ...(request.negativePrompt === '' ? [] : [['Kept out', request.negativePrompt] as const]),
    ...(job.submittedHeight === null
      ? []
      : [['Submitted in block', job.submittedHeight.toLocaleString('en-US')] as const]),
    ...(job.settledHeight === null
      ? []
      : [['Settled in block', job.settledHeight.toLocaleString('en-US')] as const]),
  ];
  return (
    <section className="job-facts" aria-labelledby="facts">
      <h2 id="facts">The request</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Fee</dt>
          <dd>
            <Amount usem={job.fee} />
          </dd>
        </div>
        {request.inputs.map(({ name, sha256 }) => (
          <div key={name} className="wide">
            <dt>Begun from {name === 'mask' ? 'the mask' : 'the file'}</dt>
            <dd className="mono">{sha256}</dd>
          </div>
        ))}
        <div className="wide">
          <dt>Requester</dt>
          <dd className="mono">{job.requester}</dd>
        </div>
        <div className="wide">
          <dt>Job</dt>
          <dd className="mono">{job.id}</dd>
        </div>
      </dl>
      {(request.mode === 'text_to_image' || request.mode === 'control') && (
        <button type="button" className="button" onClick={onReuse}>
          Use these settings
        </button>
      )}
    </section>
  );
}
