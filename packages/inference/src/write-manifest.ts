import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import {
  byPath,
  isModelPath,
  type Manifest,
  type ManifestFile,
  parseManifest,
  weightsRoot,
} from './manifest-format.ts';

/** The folders of a model that its pipeline reads; anything else beside them is not the model. */
const COMPONENTS = [
  'controlnet',
  'scheduler',
  'text_encoder',
  'tokenizer',
  'unet',
  'upscaler',
  'vae_decoder',
  'vae_encoder',
] as const;

/**
 * Brings `dir`/manifest.json up to date: keeps what it says of the model (id, title, limits, …),
 * lists the files anew and returns the validated manifest. A first manifest is a hand-written one
 * without `files` and `weightsRoot`.
 *
 * @throws InvalidInputError naming the field that is missing or malformed
 */
export async function writeManifest(dir: string): Promise<Manifest> {
  const path = join(dir, 'manifest.json');
  const described: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (typeof described !== 'object' || described === null) {
    throw new InvalidInputError('manifest', 'not an object');
  }
  const files = await listFiles(dir);
  const manifest = parseManifest({ ...described, files, weightsRoot: weightsRoot(files) });
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function listFiles(dir: string): Promise<ManifestFile[]> {
  const paths = ['model_index.json'];
  for (const component of COMPONENTS) {
    const names = await readdir(join(dir, component)).catch(() => []);
    paths.push(...names.map((name) => `${component}/${name}`));
  }
  const files = await Promise.all(paths.filter(isModelPath).map((path) => describe(dir, path)));
  return files.sort(byPath);
}

async function describe(dir: string, path: string): Promise<ManifestFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(dir, path)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
  }
  const { size } = await stat(join(dir, path));
  return { path, bytes: size, sha256: toHex(hash.digest()) };
}

if (import.meta.main) {
  const [dir] = process.argv.slice(2);
  if (dir === undefined)
    throw new InvalidInputError('folder', 'usage: write-manifest <model folder>');
  const { id, files, weightsRoot: root } = await writeManifest(dir);
  process.stdout.write(`${id}: ${files.length} files, weights root ${root}\n`);
}
