import { workerData } from 'node:worker_threads';
import { encodeImage } from '@semblance/inference/encode';
import { profileNamed } from '@semblance/inference/profiles';
import type { TextToImageRequest } from '@semblance/inference/request';
import { loadPipeline } from '@semblance/inference/text-to-image';
import sharp from 'sharp';
import { hashesOf } from '../pictures/hashes-of.ts';
import { answerTasks } from '../thread.ts';
import type { MadeImage } from './sample.ts';

/** What a thread is started with. */
export interface MakerStart {
  readonly modelFolder: string;
  readonly profile: string;
}

export type MakerTask = TextToImageRequest;
export type MakerAnswer = Omit<MadeImage, 'origin'>;

/* One thread that makes images: a pipeline, and one request after another. */

sharp.concurrency(1);
const { modelFolder, profile } = workerData as MakerStart;
const pipeline = await loadPipeline(modelFolder, profileNamed(profile));
answerTasks(make);

async function make(task: MakerTask): Promise<MakerAnswer> {
  const { image } = await pipeline.generate(task);
  const { width, height } = image;
  return { png: await encodeImage(image), width, height, hashes: hashesOf(image) };
}
