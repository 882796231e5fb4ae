import { useCallback, useMemo } from 'react';
import { listJobs } from '../api.ts';
import type { Job } from '../job.ts';
import { type Stages, stagesOf } from '../stages.ts';
import { usePolled } from './use-polled.ts';

const ASKED = 100;
const EVERY_MS = 8_000;
const NONE: readonly Job[] = [];

/** The job's stages, as far back as the newest hundred jobs go. */
export function useStages(job: Job): Stages {
  const recent = usePolled(
    useCallback(() => listJobs(ASKED), []),
    EVERY_MS,
  );
  const jobs = recent.value?.jobs ?? NONE;
  return useMemo(() => stagesOf(job, jobs), [job, jobs]);
}
