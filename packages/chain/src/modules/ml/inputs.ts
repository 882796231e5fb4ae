import { equals } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import type { Job, Params } from '@semblance/proto/ml';
import { inputSizeOf, inputsOf, type Size, type Task } from '@semblance/proto/task';
import { decodePng, PngError } from '@semblance/verification/png';
import { RefusedError } from '../../errors.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { mlErrors } from './errors.ts';

/*
 * The files that a task begins from. The chain itself holds them while a job is open, so that
 * whoever is drawn can have them and nobody can be punished for a file that was kept from it.
 */

const inputKey = (jobId: Uint8Array, index: number) =>
  keyOf(PREFIX.mlInput, jobId, Uint8Array.of(index));

export function setInputs(state: State, jobId: Uint8Array, files: readonly Uint8Array[]): void {
  for (const [i, file] of files.entries()) state.set(inputKey(jobId, i), file);
}

/** In the order in which the task names them; none of a job that has settled. */
export function getInputs(state: Reader, jobId: Uint8Array): Uint8Array[] {
  return Array.from(state.range(...keysUnder(keyOf(PREFIX.mlInput, jobId))), ([, file]) => file);
}

/** A settled job needs its inputs no more: the block that brought them keeps them. */
export function removeInputs(state: State, { id, request }: Job): void {
  if (request?.task.case === undefined) return;
  for (const i of inputsOf(request.task).keys()) state.delete(inputKey(id, i));
}

/**
 * Exactly the files that the task names, small enough to fit a transaction together. Throws
 * InvalidInputError naming the field.
 */
export function validateInputs(
  task: Task,
  files: readonly Uint8Array[],
  { maxFileBytes }: Params,
): void {
  const named = inputsOf(task);
  if (files.length !== named.length) {
    throw new InvalidInputError('inputs', `${files.length} files, the task names ${named.length}`);
  }
  const bytes = files.reduce((sum, { length }) => sum + length, 0);
  if (bytes > maxFileBytes) {
    throw new InvalidInputError('inputs', `${bytes} bytes together, at most ${maxFileBytes}`);
  }
  for (const [i, { name, sha256: expected }] of named.entries()) {
    if (!equals(sha256(files[i] as Uint8Array), expected)) {
      throw new InvalidInputError(`${name}_sha256`, `not the hash of inputs[${i}]`);
    }
  }
}

/**
 * Pictures that every node can begin from: the chain's own decoder takes them, at exactly the size
 * of the task. Refuses, naming the input.
 */
export function checkPictures(task: Task, files: readonly Uint8Array[]): void {
  const size = inputSizeOf(task);
  for (const [i, { name }] of inputsOf(task).entries()) {
    const fault = pictureFault(files[i] as Uint8Array, size);
    if (fault !== undefined) throw new RefusedError(mlErrors.invalidField, `${name}: ${fault}`);
  }
}

function pictureFault(file: Uint8Array, { width, height }: Size): string | undefined {
  try {
    const maxFileBytes = Math.max(1, file.length);
    const picture = decodePng(file, { maxPixels: width * height, maxFileBytes });
    if (picture.width !== width || picture.height !== height) {
      return `${picture.width}x${picture.height} pixels, not ${width}x${height}`;
    }
    return picture.channels === 1 || picture.channels === 3 ? undefined : 'has an alpha channel';
  } catch (error) {
    if (error instanceof PngError) return error.message;
    throw error;
  }
}
