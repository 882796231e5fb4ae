import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { MODELS } from './network/layout.ts';

/** A name stands for a model of the checkout, anything with a slash for a folder. */
export function modelFolder(model: string): string {
  const folder = model.includes('/') ? resolve(model) : join(MODELS, model);
  if (existsSync(join(folder, 'manifest.json'))) return folder;
  throw new InvalidInputError('model', `no manifest.json in ${folder}`);
}
