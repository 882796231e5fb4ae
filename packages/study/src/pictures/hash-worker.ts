import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import sharp from 'sharp';
import { answerTasks } from '../thread.ts';
import { decodePicture, PictureError } from './decode.ts';
import { hashesOf } from './hashes-of.ts';
import { readPicture } from './read-picture.ts';
import type { PictureRecord } from './record.ts';
import type { Picture, Skipped } from './sources.ts';

export interface HashTask {
  readonly picture: Picture;
  /** Of the file when it was last hashed. */
  readonly known: string | undefined;
}

export type HashAnswer =
  | { readonly record: PictureRecord }
  | { readonly unchanged: string }
  | { readonly skipped: Skipped };

/* One thread of the hash pipeline: reads, decodes and hashes one picture after another. */

// The parallel work is that of the threads; a cache would hold what is never asked for again.
sharp.concurrency(1);
sharp.cache(false);
answerTasks(answer);

/** What is wrong with a picture is an answer too. */
async function answer({ picture, known }: HashTask): Promise<HashAnswer> {
  const { path, content } = picture;
  try {
    const file = 'file' in content ? await readPicture(content.file) : content.bytes;
    const digest = toHex(sha256(file));
    if (digest === known) return { unchanged: path };
    return { record: await recordOf(path, file, digest) };
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    return { skipped: { path, fault: error.details.fault, reason: error.message } };
  }
}

async function recordOf(path: string, file: Uint8Array, digest: string): Promise<PictureRecord> {
  const image = await decodePicture(file);
  const { width, height } = image;
  return { path, bytes: file.length, sha256: digest, width, height, ...hashesOf(image) };
}
