import { join } from 'node:path';
import { writeAtOnce } from '../disk.ts';
import { inOrder } from '../in-order.ts';
import type { PictureRecord } from '../pictures/record.ts';
import { openResults, type ResultsFile } from '../pictures/results-file.ts';
import { folderStore } from './folder-store.ts';
import type { ImageMaker } from './image-maker.ts';
import { type ListedFile, listFile } from './listed-file.ts';
import { assertPlan, type DatasetItem, type DatasetPlan, imageCount, itemsOf } from './plan.ts';
import { assertFolder, keepPlan } from './plan-file.ts';
import { readSample, sampleFiles } from './sample.ts';
import type { SampleStore } from './sample-store.ts';
import { tarStore } from './tar-store.ts';

export interface DatasetOptions {
  /** The folder that holds the data set, and nothing else. */
  readonly dir: string;
  readonly plan: DatasetPlan;
  /** Called when there is something to make, with the name of the data set's run. */
  readonly startMaker: (run: string) => Promise<ImageMaker> | ImageMaker;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DatasetProgress) => void) | undefined;
}

export interface DatasetProgress {
  /** Images found whole from earlier runs, and made in this one. */
  readonly kept: number;
  readonly made: number;
  readonly total: number;
  /** Whether what is there is still being looked at. */
  readonly stage: 'verify' | 'make';
}

export type DatasetReport = Pick<DatasetProgress, 'kept' | 'made' | 'total'>;

const HASHES = 'hashes.jsonl';

/**
 * Makes the data set of a plan in the folder `dir`: the samples, `hashes.jsonl` with a record of each
 * image, and at the end `manifest.json`. What earlier runs have finished is verified and kept, so a
 * run that died at any instant is taken up by the next; what the folder holds in the end does not
 * tell it from one that was not.
 *
 * @throws InvalidInputError when the folder holds something else, or the data set of another plan
 * @throws WriteError, InUseError, what the maker throws, and the signal's reason when aborted; what
 * was finished stays
 */
export async function generateDataset(options: DatasetOptions): Promise<DatasetReport> {
  const { dir, plan } = options;
  assertPlan(plan);
  await assertFolder(dir, plan);
  // Takes the folder for this process alone.
  const hashes = await openResults(join(dir, HASHES));
  const store = plan.layout === 'tar' ? tarStore(dir, plan) : folderStore(dir, plan);
  try {
    const run = await keepPlan(dir, plan);
    const { kept, missing } = await survey(options, store, hashes);
    const made = await makeMissing(options, { run, kept, missing }, store, hashes);
    const shards = await store.finish();
    await hashes.finish();
    await writeManifest(dir, plan, shards);
    return { kept, made, total: imageCount(plan) };
  } finally {
    await store.close();
    await hashes.close();
  }
}

/** Images from number `from` up to, not including, `to`. */
interface Range {
  readonly from: number;
  to: number;
}

/** Finds out what is there already, and sees to it that its hashes are. */
async function survey(
  { plan, signal, onProgress }: DatasetOptions,
  store: SampleStore,
  hashes: ResultsFile,
): Promise<{ kept: number; missing: readonly Range[] }> {
  const missing: Range[] = [];
  const total = imageCount(plan);
  let kept = 0;
  for await (const { item, record } of store.survey()) {
    signal?.throwIfAborted();
    if (record === undefined) addTo(missing, item.index);
    else {
      kept++;
      if (hashes.known(record.path) === record.sha256) hashes.keep(record.path);
      else await hashes.add(record);
      onProgress?.({ kept, made: 0, total, stage: 'verify' });
    }
  }
  return { kept, missing };
}

function addTo(ranges: Range[], index: number): void {
  const last = ranges.at(-1);
  if (last?.to === index) last.to++;
  else ranges.push({ from: index, to: index + 1 });
}

async function makeMissing(
  { plan, startMaker, signal, onProgress }: DatasetOptions,
  { run, kept, missing }: { run: string; kept: number; missing: readonly Range[] },
  store: SampleStore,
  hashes: ResultsFile,
): Promise<number> {
  if (missing.length === 0) return 0;
  const maker = await startMaker(run);
  const total = imageCount(plan);
  let made = 0;
  try {
    const make = async (item: DatasetItem) => ({ item, image: await maker.make(item, signal) });
    for await (const { item, image } of inOrder(itemsIn(plan, missing), maker.width, make)) {
      signal?.throwIfAborted();
      const files = sampleFiles(plan, item, image);
      await store.add(item, files);
      await hashes.add(readSample(item, files, store.pathOf(item)) as PictureRecord);
      made++;
      onProgress?.({ kept, made, total, stage: 'make' });
    }
    return made;
  } finally {
    await maker.close();
  }
}

function* itemsIn(plan: DatasetPlan, ranges: readonly Range[]): Generator<DatasetItem> {
  for (const { from, to } of ranges) yield* itemsOf(plan, from, to);
}

/** Says what the data set is and holds; no times, so that the same data set has the same one. */
async function writeManifest(
  dir: string,
  plan: DatasetPlan,
  shards: readonly ListedFile[],
): Promise<void> {
  const images = imageCount(plan);
  const hashes = await listFile(dir, HASHES, images);
  const manifest = { ...plan, images, shards, hashes };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeAtOnce(join(dir, 'manifest.json'), [Buffer.from(text)]);
}
