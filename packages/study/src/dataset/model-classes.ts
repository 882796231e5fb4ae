import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import type { ImageClass } from './class-file.ts';

/** As a model's concepts.json has it. */
interface Concept {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly prompt: string;
}

/**
 * The classes that a model was taught, from its concepts.json: the numbers are their places there.
 *
 * @throws InvalidInputError when the model says of none
 */
export async function readModelClasses(modelFolder: string): Promise<ImageClass[]> {
  const path = join(modelFolder, 'concepts.json');
  if (!existsSync(path)) {
    throw new InvalidInputError('classes', 'this model brings none; give a file of them');
  }
  const { concepts } = JSON.parse(await readFile(path, 'utf8')) as { concepts: readonly Concept[] };
  return concepts.map(({ name, aliases, prompt }, id) => ({ id, name, synonyms: aliases, prompt }));
}
