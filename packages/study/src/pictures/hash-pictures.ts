import { rm } from 'node:fs/promises';
import { InvalidInputError } from '@semblance/core/errors';
import { writeAtOnce } from '../disk.ts';
import { inOrder } from '../in-order.ts';
import { startThreads } from '../threads.ts';
import type { HashAnswer, HashTask } from './hash-worker.ts';
import { openResults } from './results-file.ts';
import type { Picture, Skipped } from './sources.ts';

export interface HashOptions {
  /** From `picturesIn`, `picturesInTar`, or any stream of pictures. */
  readonly pictures: AsyncIterable<Picture | Skipped>;
  /** Where the records go, one in JSON a line. */
  readonly out: string;
  /** By default one a core. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((report: HashReport) => void) | undefined;
}

export interface HashReport {
  /** Pictures hashed in this run. */
  readonly hashed: number;
  /** Pictures whose hashes an earlier run has found, and whose bytes are the same. */
  readonly unchanged: number;
  readonly skipped: Readonly<Partial<Record<Skipped['fault'], number>>>;
}

/**
 * Hashes pictures with all four hashes into the file `out`: a record a line, sorted by path. What it
 * holds depends on the pictures alone, not on their order, the threads, or how often the run was
 * cut off and taken up again. What could not be hashed is listed in a file beside it, `skippedFile`.
 *
 * @throws InvalidInputError when there is no picture
 * @throws WriteError, InUseError, ThreadsEndedError; and the signal's reason when aborted. What was
 * hashed is kept, and the next run goes on from there.
 */
export async function hashPictures(options: HashOptions): Promise<HashReport> {
  const { pictures, out, signal, onProgress } = options;
  const results = await openResults(out);
  const skipped: Skipped[] = [];
  const report = { hashed: 0, unchanged: 0, skipped: {} as Record<string, number> };
  try {
    const threads = startThreads<HashTask, HashAnswer>(workerFile, options.threads);
    try {
      const hash = async (found: Picture | Skipped): Promise<HashAnswer> =>
        'fault' in found
          ? { skipped: found }
          : threads.run({ picture: found, known: results.known(found.path) });
      // Twice the threads, so that the next picture is there when a thread has done one.
      for await (const answer of inOrder(eachOnce(pictures), 2 * threads.count, hash)) {
        signal?.throwIfAborted();
        if ('record' in answer) {
          await results.add(answer.record);
          report.hashed++;
        } else if ('unchanged' in answer) {
          results.keep(answer.unchanged);
          report.unchanged++;
        } else {
          skipped.push(answer.skipped);
          const { fault } = answer.skipped;
          report.skipped[fault] = (report.skipped[fault] ?? 0) + 1;
        }
        onProgress?.(report);
      }
    } finally {
      await threads.close();
    }
    // A stream that ended because of the interruption is no whole one.
    signal?.throwIfAborted();
    if (report.hashed + report.unchanged + skipped.length === 0) {
      throw new InvalidInputError('source', 'no JPEG, PNG or WebP picture in it');
    }
    await writeSkipped(skippedFile(out), skipped);
    await results.finish();
    return report;
  } finally {
    await results.close();
  }
}

const workerFile = new URL('./hash-worker.ts', import.meta.url);

/** Where {@link hashPictures} lists what it skipped; absent when there was nothing. */
export function skippedFile(out: string): string {
  return `${out.replace(/\.jsonl$/, '')}.skipped.jsonl`;
}

/** Two pictures of one path, as a tar archive may have them, could not be told apart. */
async function* eachOnce(
  pictures: AsyncIterable<Picture | Skipped>,
): AsyncGenerator<Picture | Skipped> {
  const seen = new Set<string>();
  for await (const found of pictures) {
    const { path } = found;
    if (seen.has(path)) yield { path, fault: 'repeated', reason: 'another has the same path' };
    else yield found;
    seen.add(path);
  }
}

async function writeSkipped(path: string, skipped: readonly Skipped[]): Promise<void> {
  if (skipped.length === 0) return rm(path, { force: true });
  const lines = skipped.map((each) => `${JSON.stringify(each)}\n`).sort();
  await writeAtOnce(path, [Buffer.from(lines.join(''))]);
}
