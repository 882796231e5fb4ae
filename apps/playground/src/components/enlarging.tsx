import { useEffect, useState } from 'react';
import { submitOrder } from '../api.ts';
import { asError } from '../as-error.ts';
import { isOver, type Job } from '../job.ts';
import type { Model } from '../model.ts';
import { enlargeOrder } from '../order.ts';
import { jobHref } from '../route.ts';

interface EnlargingProps {
  readonly job: Job;
  readonly model: Model | null;
}

/** The middle of refining: once the variation is agreed on, has it enlarged and goes there. */
export function Enlarging({ job, model }: EnlargingProps) {
  const [failure, setFailure] = useState<Error | null>(null);
  const { id, result } = job;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the file alone decides
  useEffect(() => {
    if (result === null || model === null) return;
    let stopped = false;
    // However often this runs, reloads included, the key makes it one job.
    submitOrder(enlargeOrder({ job, model, sha256: result }), `enlarge-${id}`).then(
      (next) => {
        if (!stopped) window.location.replace(jobHref(next.id));
      },
      (thrown: unknown) => {
        if (!stopped) setFailure(asError(thrown));
      },
    );
    return () => {
      stopped = true;
    };
  }, [id, result, model?.id]);

  if (failure !== null) {
    return (
      <p className="form-error" role="alert">
        The variation is there, but not enlarged: {failure.message}
      </p>
    );
  }
  return (
    <p className="next-stage" role="status">
      {isOver(job) && result === null
        ? 'Refining ends here: the variation has no verdict.'
        : 'Refining, stage 1 of 2. Once the nodes agree on this variation, it is enlarged.'}
    </p>
  );
}
