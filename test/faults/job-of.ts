import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type Job,
  JobPhase,
  type JobRequest,
  QueryJobRequestSchema,
  QueryJobResponseSchema,
} from '@semblance/proto/ml';
import { idOf } from '../../packages/chain/test/support/ml.ts';
import type { Survivor } from './survivor.ts';

/** The job once it is as it should be, or has ended; its own deadlines see to that. */
export async function jobWhen(
  client: Survivor,
  order: JobRequest,
  isReady: (job: Job) => boolean,
): Promise<Job> {
  for (;;) {
    const job = await jobOf(client, order);
    if (job !== undefined && (isReady(job) || job.phase === JobPhase.SETTLED)) return job;
    await client.nextBlock();
  }
}

/** The job as it stands; undefined if there is none yet. */
async function jobOf(client: Survivor, order: JobRequest): Promise<Job | undefined> {
  const request = create(QueryJobRequestSchema, { id: idOf(order) });
  const data = toBinary(QueryJobRequestSchema, request);
  const answer = await client.query('/semblance.ml.v1.Query/Job', data);
  return answer && fromBinary(QueryJobResponseSchema, answer).job;
}
