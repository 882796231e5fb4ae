import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DatasetOptions, generateDataset } from '../../src/dataset/generate.ts';
import type { ImageMaker } from '../../src/dataset/image-maker.ts';
import { LAYOUTS } from '../../src/dataset/plan.ts';
import { hashPictures } from '../../src/pictures/hash-pictures.ts';
import { parseRecord } from '../../src/pictures/record.ts';
import { picturesIn } from '../../src/pictures/sources.ts';
import { contentOf, painter, smallPlan } from '../support/dataset.ts';
import { runPython, withoutPython } from '../support/python.ts';

let folder: string;
let made = 0;
const newDir = () => join(folder, `set-${made++}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-dataset-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const generate = (
  dir: string,
  options: Pick<DatasetOptions, 'plan'> & Partial<DatasetOptions> & { maker?: ImageMaker },
) => generateDataset({ dir, startMaker: () => options.maker ?? painter(), ...options });

async function restore(dir: string, content: ReadonlyMap<string, string>): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  for (const [name, text] of content) {
    await mkdir(join(dir, name, '..'), { recursive: true });
    await writeFile(join(dir, name), text, 'latin1');
  }
}

describe.each(LAYOUTS)('in %s', (layout) => {
  const plan = smallPlan(layout);
  let reference: Map<string, string>;
  beforeAll(async () => {
    const dir = newDir();
    expect(await generate(dir, { plan })).toEqual({ kept: 0, made: 15, total: 15 });
    reference = await contentOf(dir);
  });

  test('holds the samples, their hashes, a manifest, and nothing else', () => {
    const samples = [...reference.keys()].filter((name) => !/^(hashes|manifest|plan)\./.test(name));
    const images = samples.filter((name) => name.endsWith('.png'));
    if (layout === 'tar') {
      expect(samples).toEqual([0, 1, 2, 3].map((n) => `shard-00000${n}.tar`));
    } else {
      expect(samples).toHaveLength(45);
      expect(new Set(images.map((name) => name.split('/')[0]))).toEqual(
        new Set(['0000-owl', '0003-palm-tree', '0007-arger']),
      );
    }
  });

  test('the manifest lists every shard and the hashes by SHA-256', () => {
    const manifest = JSON.parse(reference.get('manifest.json') as string);
    expect(manifest).toMatchObject({ ...plan, images: 15, classes: { length: 3 } });
    expect(manifest.shards.map(({ images }: { images: number }) => images)).toEqual(
      layout === 'tar' ? [4, 4, 4, 3] : [],
    );
    for (const { file, bytes, sha256 } of [...manifest.shards, manifest.hashes]) {
      const content = Buffer.from(reference.get(file) as string, 'latin1');
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  test('the hashes are those that the hash pipeline finds', async () => {
    const dir = newDir();
    await restore(dir, reference);
    const out = join(folder, `${layout}.jsonl`);
    await hashPictures({ pictures: picturesIn([dir]), out });
    const records = (text: string) => text.trimEnd().split('\n').map(parseRecord);
    expect(records(await readFile(out, 'utf8'))).toEqual(
      records(reference.get('hashes.jsonl') as string).map((record) => ({
        ...record,
        path: `${dir}/${record?.path}`,
      })),
    );
  });

  test('is the same however many images are made at a time', async () => {
    for (const width of [1, 2, 8]) {
      const dir = newDir();
      await generate(dir, { plan, maker: painter(width) });
      expect(await contentOf(dir)).toEqual(reference);
    }
  });

  test('is found whole by the next run, which makes nothing', async () => {
    const dir = newDir();
    await restore(dir, reference);
    const startMaker = () => {
      throw new Error('nothing is to be made');
    };
    expect(await generate(dir, { plan, startMaker })).toEqual({ kept: 15, made: 0, total: 15 });
    expect(await contentOf(dir)).toEqual(reference);
  });

  test('is taken up where the maker failed, after any number of images', async () => {
    for (let limit = 0; limit < 15; limit += 2) {
      const dir = newDir();
      const whole = painter();
      const failing: ImageMaker = {
        ...whole,
        make: async (item) => {
          if (item.index === limit) throw new Error('failed');
          return whole.make(item);
        },
      };
      await expect(generate(dir, { plan, maker: failing })).rejects.toThrow('failed');
      expect(existsSync(join(dir, 'manifest.json'))).toBe(false);
      const maker = painter();
      const report = await generate(dir, { plan, maker });
      expect(report).toEqual({ kept: limit, made: 15 - limit, total: 15 });
      expect(maker.painted).toHaveLength(15 - limit);
      expect(await contentOf(dir)).toEqual(reference);
    }
  });

  test('is mended wherever a file was cut, changed, or lost', async () => {
    const damage = fc.record({
      file: fc.nat(),
      at: fc.nat(),
      how: fc.constantFrom('cut', 'change', 'lose', 'unseal'),
    });
    const dir = newDir();
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        await restore(dir, reference);
        for (const { file, at, how } of damages) {
          const names = [...reference.keys()].filter((name) => name !== 'plan.json');
          const name = names[file % names.length] as string;
          const path = join(dir, name);
          if (!existsSync(path)) continue;
          const bytes = await readFile(path);
          const place = at % Math.max(1, bytes.length);
          const isSealed = /(\.tar|\.jsonl)$/.test(name);
          if (how === 'unseal' && isSealed) await rename(path, `${path}.partial`);
          else if (how === 'lose' || how === 'unseal') await rm(path);
          else if (how === 'cut' || bytes.length === 0)
            await writeFile(path, bytes.subarray(0, place));
          else await writeFile(path, bytes.fill((bytes[place] as number) ^ 1, place, place + 1));
        }
        const { kept, made } = await generate(dir, { plan });
        expect(kept + made).toBe(15);
        expect(await contentOf(dir)).toEqual(reference);
      }),
      { numRuns: 30 },
    );
  });

  test('an interruption ends it between two images', async () => {
    const dir = newDir();
    const stop = new AbortController();
    const onProgress = ({ made }: { made: number }) => {
      if (made === 6) stop.abort(new Error('stopped'));
    };
    const options = { plan, signal: stop.signal, onProgress };
    await expect(generate(dir, options)).rejects.toThrow('stopped');
    expect(await generate(dir, { plan })).toMatchObject({ kept: 6, made: 9 });
    expect(await contentOf(dir)).toEqual(reference);
  });

  test('a disk that is full is one clear error, and finished work is kept', async ({ skip }) => {
    const small = newDir();
    await mkdir(small);
    const options = ['-t', 'tmpfs', '-o', `size=${layout === 'tar' ? '24k' : '100k'}`, 'tmpfs'];
    const { status } = spawnSync('mount', [...options, small]);
    skip(status !== 0, 'may not mount a small disk here');
    try {
      const dir = join(small, 'set');
      await expect(generate(dir, { plan })).rejects.toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringContaining('no space left on the disk; what is finished is kept'),
      });
      spawnSync('mount', ['-o', 'remount,size=4m', small]);
      const { kept, made } = await generate(dir, { plan });
      expect(kept).toBeGreaterThan(0);
      expect(kept + made).toBe(15);
      expect(await contentOf(dir)).toEqual(reference);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

describe('a folder that is not to be touched', () => {
  const plan = smallPlan('tar');

  test('one with other files in it', async () => {
    const dir = newDir();
    await mkdir(dir);
    await writeFile(join(dir, 'thesis.tex'), 'work of years');
    await expect(generate(dir, { plan })).rejects.toThrow('neither empty nor a data set');
  });

  test.each([
    ['perClass', { perClass: 6 }],
    ['shardSize', { shardSize: 5 }],
    ['layout', { layout: 'folders' as const }],
    ['model', { model: 'other' }],
    ['request.steps', { request: { ...plan.request, steps: 2 } }],
    ['origin.profile', { origin: { ...plan.origin, profile: 'other' } }],
    ['classes', { classes: plan.classes.slice(1) }],
  ])('one that was begun with another %s', async (field, change) => {
    const dir = newDir();
    await generate(dir, { plan });
    const before = await contentOf(dir);
    const other = { ...plan, ...change } as typeof plan;
    await expect(generate(dir, { plan: other })).rejects.toThrow(`with another ${field};`);
    expect(await contentOf(dir)).toEqual(before);
  });

  test('one that another process is filling', async () => {
    const dir = newDir();
    let second: unknown;
    const onProgress = async ({ made }: { made: number }) => {
      if (made === 1) second = generate(dir, { plan }).catch((error: unknown) => error);
    };
    await generate(dir, { plan, onProgress: (progress) => void onProgress(progress) });
    expect(await second).toMatchObject({ code: 'IN_USE' });
  });

  test.each([
    [{ perClass: 0 }, 'per-class: not an integer from 1 to'],
    [{ perClass: 1e9 }, 'per-class: not an integer from 1 to'],
    [{ shardSize: 0 }, 'shard-size: not an integer from 1 to'],
  ])('%j is out of range', async (change, reason) => {
    const dir = newDir();
    await expect(generate(dir, { plan: { ...plan, ...change } })).rejects.toThrow(reason);
    expect(existsSync(dir)).toBe(false);
  });
});

test.skipIf(withoutPython)("Python's tarfile reads the shards as WebDataset does", async () => {
  const dir = newDir();
  await generate(dir, { plan: smallPlan('tar') });
  const program = `
import glob, hashlib, json, sys, tarfile
samples = []
for path in sorted(glob.glob(sys.argv[1] + "/*.tar")):
    with tarfile.open(path, "r|") as tar:
        for member in tar:
            key, part = member.name.split(".")
            if not samples or samples[-1]["key"] != key:
                samples.append(dict(key=key, path=path.split("/")[-1]))
            samples[-1][part] = tar.extractfile(member).read()
for s in samples:
    about = json.loads(s["json"])
    assert about["key"] == s["key"] and about["class"] == int(s["cls"])
    assert about["image"]["sha256"] == hashlib.sha256(s["png"]).hexdigest()
print(json.dumps([[s["path"], s["key"], int(s["cls"])] for s in samples]))
`;
  const samples = JSON.parse(runPython(program, dir)) as [string, string, number][];
  expect(samples).toHaveLength(15);
  expect(samples[0]).toEqual(['shard-000000.tar', '0000-0001', 0]);
  expect(samples[14]).toEqual(['shard-000003.tar', '0007-0005', 7]);
});
