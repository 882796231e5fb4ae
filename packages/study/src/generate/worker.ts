import type { RuntimeProfile } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline } from '@semblance/inference/text-to-image';
import { type Lane, lanesOf } from './lanes.ts';
import { PictureMaker } from './pictures.ts';
import type { StudyPlan } from './plan.ts';
import type { StudyRecord } from './record.ts';
import { replayJobs } from './replays.ts';

/* One process of a crew: takes blocks of jobs of a lane, and answers each with its records. */

/** What it is sent: first a plan, then blocks. */
export type ToWorker =
  | { readonly modelDir: string; readonly plan: StudyPlan }
  | { readonly lane: string; readonly jobs: readonly number[] };

/** What it answers: after each job that it is done, after each block the records. */
export type FromWorker =
  | { readonly kind: 'job' }
  | { readonly kind: 'block'; readonly records: readonly StudyRecord[] }
  | { readonly kind: 'failed'; readonly message: string };

let start: { readonly modelDir: string; readonly plan: StudyPlan } | undefined;
let opened: { readonly profile: RuntimeProfile; readonly pipeline: Pipeline } | undefined;
let making: { readonly lane: string; readonly maker: PictureMaker } | undefined;

process.on('message', (message: ToWorker) => {
  if ('plan' in message) start = message;
  else void doBlock(message.lane, message.jobs);
});
// whoever started it is gone, killed perhaps: there is nobody to work for
process.on('disconnect', () => process.exit());

async function doBlock(name: string, jobs: readonly number[]): Promise<void> {
  try {
    const started = performance.now();
    const lane = laneNamed(name);
    const records =
      lane.kind === 'replays'
        ? await replayJobs(plan(), jobs, async (profile, work) => work(await open(profile)))
        : await makePictures(lane, jobs);
    if (lane.kind === 'replays') for (const _ of jobs) send({ kind: 'job' });
    const seconds = (performance.now() - started) / 1000;
    const work: StudyRecord = { kind: 'work', lane: name, jobs: jobs.length, seconds };
    send({ kind: 'block', records: [...records, work] });
  } catch (error) {
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function makePictures(
  lane: Extract<Lane, { kind: 'pictures' }>,
  jobs: readonly number[],
): Promise<StudyRecord[]> {
  const pipeline = await open(lane.profile);
  if (making?.lane !== lane.name) {
    making = { lane: lane.name, maker: new PictureMaker(plan(), lane, pipeline) };
  }
  const records: StudyRecord[] = [];
  for (const job of jobs) {
    records.push(...(await making.maker.make(job)));
    send({ kind: 'job' });
  }
  return records;
}

/** One pipeline at a time: the one asked for last stays open. */
async function open(profile: RuntimeProfile): Promise<Pipeline> {
  if (opened?.profile.name === profile.name) return opened.pipeline;
  await opened?.pipeline.release();
  opened = undefined;
  making = undefined;
  opened = {
    profile,
    pipeline: await loadPipeline((start as { modelDir: string }).modelDir, profile),
  };
  return opened.pipeline;
}

function plan(): StudyPlan {
  if (start === undefined) throw new Error('blocks come after the plan');
  return start.plan;
}

function laneNamed(name: string): Lane {
  const lane = lanesOf(plan()).find((one) => one.name === name);
  if (lane === undefined) throw new Error(`no lane ${name}`);
  return lane;
}

function send(message: FromWorker): void {
  process.send?.(message);
}
