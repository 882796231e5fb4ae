import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { MODELS } from './network/layout.ts';

/** What a new network serves unless it is told another. */
export const SERVED_MODEL = 'emoji-128';

/** The folder of a model of this checkout. @throws InvalidInputError naming those there are */
export function embeddedModel(id: string): string {
  const ids = readdirSync(MODELS).filter((name) => existsSync(join(MODELS, name, 'manifest.json')));
  if (!ids.includes(id)) throw new InvalidInputError('--model', `not one of ${ids.join(', ')}`);
  return join(MODELS, id);
}
