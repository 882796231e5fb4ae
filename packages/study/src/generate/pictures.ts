import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { encodeImage } from '@semblance/inference/encode';
import type { Pipeline, RgbImage } from '@semblance/inference/text-to-image';
import { averageHash } from '@semblance/perceptual-hash/average-hash';
import { colorHash } from '@semblance/perceptual-hash/color-hash';
import { differenceHash } from '@semblance/perceptual-hash/difference-hash';
import { perceptualHash } from '@semblance/perceptual-hash/perceptual-hash';
import type { Adversary } from '../adversaries/adversary.ts';
import { type ByHash, HASH_NAMES } from '../result.ts';
import type { PictureLane } from './lanes.ts';
import { jobCount, requestOf, type StudyPlan } from './plan.ts';
import type { PictureRecord } from './record.ts';

const HASHES: ByHash<(image: RgbImage) => Uint8Array> = {
  average: averageHash,
  perceptual: perceptualHash,
  difference: differenceHash,
  color: colorHash,
};

/** Makes a lane's pictures, job after job, on one pipeline. */
export class PictureMaker {
  readonly #plan: StudyPlan;
  readonly #lane: PictureLane;
  readonly #pipeline: Pipeline;
  /** The last honest picture: the next job's "other". */
  #last: { readonly job: number; readonly image: RgbImage } | undefined;

  constructor(plan: StudyPlan, lane: PictureLane, pipeline: Pipeline) {
    this.#plan = plan;
    this.#lane = lane;
    this.#pipeline = pipeline;
  }

  async make(job: number): Promise<PictureRecord[]> {
    const { honest: keepsHonest, adversaries, name } = this.#lane;
    const records: PictureRecord[] = [];
    // before the honest picture of this job takes its place
    const other = adversaries.some(({ makes }) => makes.way === 'alter')
      ? await this.#honest((job + jobCount(this.#plan) - 1) % jobCount(this.#plan))
      : undefined;
    const [honest, ms] = keepsHonest ? await timed(() => this.#honest(job)) : [undefined, 0];
    if (honest !== undefined) records.push(await pictureRecord(name, job, ms, honest));
    for (const adversary of adversaries) {
      const [image, adversaryMs] = await timed(() => this.#cheat(adversary, job, honest, other));
      records.push(await pictureRecord(adversary.name, job, adversaryMs, image));
    }
    return records;
  }

  async #honest(job: number): Promise<RgbImage> {
    if (this.#last?.job === job) return this.#last.image;
    const { image } = await this.#pipeline.generate(requestOf(this.#plan, job));
    this.#last = { job, image };
    return image;
  }

  async #cheat(
    { makes }: Adversary,
    job: number,
    honest: RgbImage | undefined,
    other: RgbImage | undefined,
  ): Promise<RgbImage | undefined> {
    const request = requestOf(this.#plan, job);
    if (makes.way === 'alter' && honest && other) return makes.alter({ request, honest, other });
    if (makes.way !== 'run') return undefined;
    const changed = makes.requestOf(request, this.#pipeline.manifest.limits);
    const { image } = await this.#pipeline.generate(changed);
    return makes.finish === undefined ? image : makes.finish(image, request);
  }
}

async function pictureRecord(
  source: string,
  job: number,
  ms: number,
  image: RgbImage | undefined,
): Promise<PictureRecord> {
  if (image === undefined) return { kind: 'picture', source, job, ms, made: false };
  const hashes: string[] = [];
  const hashMs: number[] = [];
  for (const name of HASH_NAMES) {
    const started = performance.now();
    hashes.push(toHex(HASHES[name](image)));
    hashMs.push(rounded(performance.now() - started));
  }
  const file = toHex(sha256(await encodeImage(image)));
  return { kind: 'picture', source, job, ms: rounded(ms), made: true, file, hashes, hashMs };
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const result = await work();
  return [result, performance.now() - started];
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
