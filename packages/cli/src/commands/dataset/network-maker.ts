import { setTimeout } from 'node:timers/promises';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { JobView } from '@semblance/sequencer/views';
import type { DatasetItem, DatasetPlan, NetworkOrigin } from '@semblance/study/dataset-plan';
import { decodePicture } from '@semblance/study/decode-picture';
import { hashesOf } from '@semblance/study/hashes-of';
import type { ImageMaker } from '@semblance/study/image-maker';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import type { Gateway, JobOrder } from '../../gateway.ts';
import { verdictText } from '../../job-report.ts';

/** Honest nodes agree nearly always; a job without a verdict is sent again, to another committee. */
const MAX_ATTEMPTS = 10;
const BUSY = ['rate_limit_exceeded', 'queue_full'];
const BUSY_WAIT_MS = 2_000;

export interface NetworkMakerOptions {
  readonly network: Gateway;
  readonly plan: DatasetPlan;
  readonly origin: NetworkOrigin;
  /** Names the data set's run, so that a job which a killed run had sent is not paid twice. */
  readonly run: string;
  /** Jobs under way at a time. */
  readonly jobs: number;
}

/** Has a network make the images, each by a job of its own, and takes what its nodes agreed on. */
export function networkMaker(options: NetworkMakerOptions): ImageMaker {
  const { network, jobs } = options;
  return {
    width: jobs,
    async make(item, signal) {
      const job = await agreedJob(options, item, signal);
      const digest = job.result?.sha256 ?? '';
      const png = await network.artifact(digest);
      if (toHex(sha256(png)) !== digest) {
        throw new CommandError('WRONG_FILE', `job ${job.id}: not the file agreed on`, EXIT.failure);
      }
      const image = await decodePicture(png);
      const { width, height } = image;
      const origin = { job_id: job.id, receipt_url: network.receiptUrl(job.id) };
      return { png, width, height, hashes: hashesOf(image), origin };
    },
    close: async () => {},
  };
}

async function agreedJob(
  options: NetworkMakerOptions,
  item: DatasetItem,
  signal?: AbortSignal,
): Promise<JobView> {
  for (let attempt = 1; ; attempt++) {
    const job = await settledJob(options, item, attempt, signal);
    if (job.status === 'settled' && job.verdict === 'agreed') return job;
    if (attempt < MAX_ATTEMPTS) continue;
    const { code, message } = job.error ?? {
      code: `VERDICT_${job.verdict}`,
      message: verdictText(job),
    };
    const exitCode = job.error ? EXIT.failure : EXIT.noVerdict;
    const tried = `image ${item.key}, after ${MAX_ATTEMPTS} jobs: ${message}`;
    throw new CommandError(code, tried, exitCode);
  }
}

async function settledJob(
  { network, plan, origin, run }: NetworkMakerOptions,
  { key, class: { prompt }, seed }: DatasetItem,
  attempt: number,
  signal?: AbortSignal,
): Promise<JobView> {
  const { steps, width, height, guidance, scheduler } = plan.request;
  const order: JobOrder = {
    model: plan.model,
    prompt,
    seed: String(seed),
    steps,
    size: `${width}x${height}`,
    guidance_scale: guidance,
    scheduler,
    committee_size: origin.committeeSize,
  };
  const { id } = await submit(network, order, `dataset-${run}-${key}-${attempt}`, signal);
  let brokenOff: unknown;
  try {
    for await (const job of network.follow(id, signal)) {
      if (job.status === 'settled' || job.status === 'failed') return job;
    }
  } catch (error) {
    if (signal?.aborted || error instanceof CommandError) throw error;
    brokenOff = error;
  }
  const message = `job ${id}: the answer broke off; the same command goes on from there`;
  throw new CommandError('BROKEN_OFF', message, EXIT.unreachable, { cause: brokenOff });
}

/** Waits where the sequencer has enough to do. */
async function submit(
  network: Gateway,
  order: JobOrder,
  idempotencyKey: string,
  signal?: AbortSignal,
): Promise<JobView> {
  for (;;) {
    try {
      return await network.submit(order, idempotencyKey);
    } catch (error) {
      if (!(error instanceof CommandError && BUSY.includes(error.code))) throw error;
      await setTimeout(BUSY_WAIT_MS, undefined, signal && { signal });
    }
  }
}
