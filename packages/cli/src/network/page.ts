import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './layout.ts';

const PLAYGROUND = join(REPOSITORY, 'apps/playground');

/** Builds the web page when its sources are newer than what was built, or nothing was. */
export async function buildPageIfStale(): Promise<void> {
  if (newest(join(PLAYGROUND, 'dist')) > newest(join(PLAYGROUND, 'src'), 'index.html')) return;
  const { build } = await import('vite');
  await build({ root: PLAYGROUND, logLevel: 'error' });
}

/** Latest modification under a folder, and of files beside it; 0 when there is none. */
function newest(folder: string, ...beside: readonly string[]): number {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
    const all = [...files, ...beside.map((name) => join(folder, '..', name))];
    return Math.max(0, ...all.map((file) => statSync(file).mtimeMs));
  } catch {
    return 0;
  }
}
