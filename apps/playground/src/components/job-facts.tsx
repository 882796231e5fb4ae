import type { Job } from '../job.ts';
import { Amount } from './amount.tsx';

interface JobFactsProps {
  readonly job: Job;
  readonly onReuse: () => void;
}

/** Everything that defines the job; the same facts give the same picture. */
export function JobFacts({ job, onReuse }: JobFactsProps) {
  const { request } = job;
  const facts: readonly (readonly [string, string])[] = [
    ['Model', request.model],
    ['Seed', request.seed],
    ['Steps', String(request.steps)],
    ['Guidance', String(request.guidance)],
    ['Scheduler', request.scheduler],
    ['Size', `${request.width} × ${request.height}`],
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
        <div className="wide">
          <dt>Requester</dt>
          <dd className="mono">{job.requester}</dd>
        </div>
        <div className="wide">
          <dt>Job</dt>
          <dd className="mono">{job.id}</dd>
        </div>
      </dl>
      <button type="button" className="button" onClick={onReuse}>
        Use these settings
      </button>
    </section>
  );
}
