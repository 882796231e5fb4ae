import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writing } from '../disk.ts';
import { PictureError } from '../pictures/decode.ts';
import { readPicture } from '../pictures/read-picture.ts';
import type { ImageClass } from './class-file.ts';
import { type DatasetItem, type DatasetPlan, imageCount, itemsOf } from './plan.ts';
import { type Part, readSample, type SampleFiles } from './sample.ts';
import type { SampleStore } from './sample-store.ts';

/** What stands last tells that the others are there. */
const WRITTEN_IN_ORDER: readonly Part[] = ['png', 'cls', 'json'];

/** Samples as files in a folder a class under `dir`, as torchvision's ImageFolder reads them. */
export function folderStore(dir: string, plan: DatasetPlan): SampleStore {
  const pathOf = (item: DatasetItem, part: Part) => `${folderOf(item.class)}/${item.key}.${part}`;

  return {
    pathOf: (item) => pathOf(item, 'png'),
    async *survey() {
      let folder = '';
      let names: ReadonlySet<string> = new Set();
      for (const item of itemsOf(plan, 0, imageCount(plan))) {
        // Read once a class: asking for each of a million files that are not there takes long.
        if (folder !== folderOf(item.class)) {
          folder = folderOf(item.class);
          names = new Set(await readdir(join(dir, folder)).catch(() => []));
        }
        const files = names.has(`${item.key}.json`)
          ? await readFiles((part) => join(dir, pathOf(item, part)))
          : undefined;
        yield { item, record: files && readSample(item, files, pathOf(item, 'png')) };
      }
    },
    async add(item, files) {
      const folder = join(dir, folderOf(item.class));
      await writing(folder, () => mkdir(folder, { recursive: true }));
      for (const part of WRITTEN_IN_ORDER) {
        const path = join(dir, pathOf(item, part));
        await writing(path, async () => {
          await writeFile(`${path}.unfinished`, files[part]);
          await rename(`${path}.unfinished`, path);
        });
      }
    },
    // Every image is listed by its SHA-256 in the file of hashes.
    finish: async () => [],
    close: async () => {},
  };
}

/** `0007-palm-tree`: the number sorts, the name is for people. */
function folderOf({ id, name }: ImageClass): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  return [String(id).padStart(4, '0'), ...words].join('-').slice(0, 64);
}

async function readFiles(pathOf: (part: Part) => string): Promise<SampleFiles | undefined> {
  try {
    const [cls, json, png] = await Promise.all([
      readPicture(pathOf('cls')),
      readPicture(pathOf('json')),
      readPicture(pathOf('png')),
    ]);
    return { cls, json, png };
  } catch (error) {
    if (error instanceof PictureError) return undefined;
    throw error;
  }
}
