import { existsSync, readFileSync } from 'node:fs';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import type { Manifest } from '@semblance/inference/manifest';
import type { Layout } from './layout.ts';

/** What a network was founded to serve. */
interface FoundedModel {
  readonly id: string;
  /** 64 hexadecimal digits. */
  readonly weightsRoot: string;
}

/** Undefined where no network was founded yet, and of a genesis that the chain will refuse. */
export function foundedModel({ genesis }: Layout): FoundedModel | undefined {
  if (!existsSync(genesis)) return undefined;
  try {
    const [model] = JSON.parse(readFileSync(genesis, 'utf8')).app_state.ml.models;
    return { id: model.id, weightsRoot: toHex(Buffer.from(model.weights_root, 'base64')) };
  } catch {
    return undefined;
  }
}

/** @throws InvalidInputError when the network in `paths` was founded with another model or other weights */
export function assertFoundedWith(paths: Layout, { id, weightsRoot }: Manifest): void {
  const founded = foundedModel(paths);
  if (founded === undefined || founded.weightsRoot === weightsRoot) return;
  const other = founded.id === id ? `other weights of ${id} than are here` : founded.id;
  const reason = `the network in ${paths.home} was founded with ${other}; start another with --home FOLDER`;
  throw new InvalidInputError(founded.id === id ? '--home' : '--model', reason);
}
