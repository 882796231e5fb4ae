import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, readManifest } from '@semblance/inference/manifest';
import { type Log, reasonOf } from '../log.ts';

/** What a manifest says beyond the chain: titles, defaults, prompts to suggest. */
export interface DescribedModel {
  readonly manifest: Manifest;
  /** Unix seconds. */
  readonly created: number;
}

/** Reads models/<id>/manifest.json of every folder; weights are not looked at. */
export async function readManifests(
  modelsDir: string,
  log: Log,
): Promise<ReadonlyMap<string, DescribedModel>> {
  const found = new Map<string, DescribedModel>();
  const entries = await readdir(modelsDir, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const dir = join(modelsDir, entry.name);
    const file = await stat(join(dir, 'manifest.json')).catch(() => undefined);
    if (!file) continue;
    try {
      const manifest = await readManifest(dir);
      found.set(manifest.id, { manifest, created: Math.floor(file.mtimeMs / 1000) });
    } catch (error) {
      log('warn', 'a manifest was left out', { folder: entry.name, reason: reasonOf(error) });
    }
  }
  return found;
}
