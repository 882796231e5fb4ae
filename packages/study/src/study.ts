import { rename, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { readManifest } from '@semblance/inference/manifest';
import { generate, type StudyProgress } from './generate/generate.ts';
import { makePlan, type StudyOptions } from './generate/plan.ts';
import { openRecordLog, StudyDiskError } from './generate/record-log.ts';
import { collect, measure } from './measure/measure.ts';
import type { StudyResult } from './result.ts';

export type { StudyProgress } from './generate/generate.ts';
export type { StudyOptions } from './generate/plan.ts';

export interface RunStudyOptions extends StudyOptions {
  /** Folder of the study: made, or resumed where it holds the same plan. */
  readonly out: string;
  /** By default one a core. */
  readonly processes: number | undefined;
  /** What reproduces the result, told in it. */
  readonly command: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: StudyProgress) => void) | undefined;
}

const MAX_PROCESSES = 64;

/**
 * The whole study: makes the pictures and replays that the folder has not got yet, measures them,
 * and writes `result.json` beside them. After a kill the same call goes on where it was.
 *
 * @throws InvalidInputError naming the option; ModelFileError; StudyDiskError; WorkerFailedError;
 * the signal's reason when aborted
 */
export async function runStudy(options: RunStudyOptions): Promise<StudyResult> {
  const { out, modelDir, command, signal, onProgress } = options;
  const processes = options.processes ?? availableParallelism();
  if (!Number.isInteger(processes) || processes < 1 || processes > MAX_PROCESSES) {
    throw new InvalidInputError('processes', `not an integer from 1 to ${MAX_PROCESSES}`);
  }
  const plan = await makePlan(options);
  const log = await openRecordLog(out, plan);
  await generate(plan, log, { modelDir, processes, signal, onProgress });
  const result = measure(plan, await readManifest(modelDir), await collect(plan, log.read()), {
    command,
    finishedAt: new Date().toISOString(),
    processes,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      platform: `${platform()} ${release()}`,
    },
  });
  await writeResult(join(out, 'result.json'), result);
  return result;
}

async function writeResult(path: string, result: StudyResult): Promise<void> {
  try {
    await writeFile(`${path}.new`, `${JSON.stringify(result, shortened)}\n`, { flush: true });
    await rename(`${path}.new`, path);
  } catch (cause) {
    throw new StudyDiskError(path, cause);
  }
}

/** Seven digits are more than any of these numbers is worth. */
function shortened(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return Number(value.toPrecision(7));
}
