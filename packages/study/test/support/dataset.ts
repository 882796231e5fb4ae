import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { parseClasses } from '../../src/dataset/class-file.ts';
import type { ImageMaker } from '../../src/dataset/image-maker.ts';
import { type DatasetPlan, type Layout, PLAN_FORMAT } from '../../src/dataset/plan.ts';
import { hashesOf } from '../../src/pictures/hashes-of.ts';

/** Three classes of five images in shards of four. */
export function smallPlan(layout: Layout): DatasetPlan {
  return {
    format: PLAN_FORMAT,
    model: 'painted',
    request: { width: 16, height: 16, steps: 1, guidance: 1, scheduler: 'ddim' },
    origin: { kind: 'local', profile: 'painted', weightsRoot: '00' },
    layout,
    shardSize: 4,
    perClass: 5,
    classes: parseClasses('0 owl, Bubo\n3 palm tree\n7 Ärger', 'classes'),
  };
}

/** Paints an image for each key in no time, and finishes them in any order. */
export function painter(width = 3): ImageMaker & { readonly painted: string[] } {
  const painted: string[] = [];
  return {
    width,
    painted,
    async make({ key, seed, class: { id } }) {
      painted.push(key);
      for (let turns = (seed * 7 + id) % 5; turns > 0; turns--) await setImmediate();
      const data = Buffer.from(
        Array.from(
          { length: 16 * 16 * 3 },
          (_, i) => (seed * 41 + id * 97 + i * ((seed % 5) + 1)) & 255,
        ),
      );
      const raw = { width: 16, height: 16, channels: 3 } as const;
      const png = new Uint8Array(await sharp(data, { raw }).png().toBuffer());
      const origin = { profile: 'painted', weights_root: '00' };
      return { png, width: 16, height: 16, hashes: hashesOf({ ...raw, data }), origin };
    },
    close: async () => {},
  };
}

/** Every file under a folder with its content, but for the name of the run, which is random. */
export async function contentOf(dir: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'latin1');
    files.set(path.slice(dir.length + 1), text.replace(/"run": "\w+"/, '"run": "0"'));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
