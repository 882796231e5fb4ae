import type { Job } from '../job.ts';
import { currentPhase, PHASES, phaseSentence } from '../phase.ts';

/** The way of a job from escrow to verdict. */
export function PhaseTrack({ job }: { readonly job: Job }) {
  const phase = currentPhase(job);
  const at = phase === null ? PHASES.length : PHASES.indexOf(phase);
  return (
    <div className="phases">
      <ol>
        {PHASES.map((name, index) => (
          <li
            key={name}
            data-state={index < at ? 'done' : index === at ? 'now' : 'next'}
            aria-current={index === at ? 'step' : undefined}
          >
            {name}
          </li>
        ))}
      </ol>
      {phase !== null && <p className="phase-sentence">{phaseSentence(job)}</p>}
    </div>
  );
}
