import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadPipeline } from '../src/diffusion/pipeline.ts';
import { loadManifest, parseManifest, readPinned, weightsRoot } from '../src/manifest.ts';
import { profileNamed } from '../src/profiles.ts';
import { writeManifest } from '../src/write-manifest.ts';

const tiny = fileURLToPath(new URL('fixtures/tiny', import.meta.url));
const valid = JSON.parse(readFileSync(join(tiny, 'manifest.json'), 'utf8')) as Record<
  string,
  unknown
> & {
  files: { path: string; bytes: number; sha256: string }[];
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'semblance-model-'));
  cpSync(tiny, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('files', () => {
  test.each(['tiny', 'tiny-sd'])('the committed manifest of %s pins its files', async (model) => {
    const folder = fileURLToPath(new URL(`fixtures/${model}`, import.meta.url));
    const manifest = await loadManifest(folder);
    expect(manifest.files).toHaveLength(model === 'tiny' ? 9 : 11);
    expect(manifest.id).toBe(`test-${model}`);
  });

  test.each([
    ['a wrong byte', 'unet/model.onnx', flipByte],
    ['a truncated file', 'vae_decoder/model.onnx', (path: string) => truncateSync(path, 100)],
    [
      'a longer file',
      'tokenizer/tokenizer.json',
      (path: string) => writeFileSync(path, ' ', { flag: 'a' }),
    ],
    ['a missing file', 'scheduler/scheduler_config.json', (path: string) => rmSync(path)],
    [
      'a folder in its place',
      'text_encoder/model.onnx',
      (path: string) => {
        rmSync(path);
        symlinkSync(tmpdir(), path);
      },
    ],
  ])('%s is refused by name', async (_, path, damage) => {
    damage(join(dir, path));
    const refusal = { code: 'MODEL_FILE', details: { file: path } };
    await expect(loadManifest(dir)).rejects.toMatchObject(refusal);
    await expect(loadPipeline(dir, profileNamed('native-f32'))).rejects.toMatchObject(refusal);
  });

  test('a missing or malformed manifest is refused', async () => {
    writeFileSync(join(dir, 'manifest.json'), '{"format":');
    await expect(loadManifest(dir)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    writeFileSync(join(dir, 'manifest.json'), ' '.repeat(2 ** 20 + 1));
    await expect(loadManifest(dir)).rejects.toMatchObject({ code: 'MODEL_FILE' });
    rmSync(join(dir, 'manifest.json'));
    await expect(loadManifest(dir)).rejects.toMatchObject({ details: { file: 'manifest.json' } });
  });

  test('only pinned files are read', async () => {
    const manifest = await loadManifest(dir);
    await expect(readPinned(dir, manifest, 'manifest.json')).rejects.toMatchObject({
      code: 'MODEL_FILE',
    });
  });
});

describe('writing', () => {
  test('changes nothing when nothing changed', async () => {
    const before = readFileSync(join(dir, 'manifest.json'), 'utf8');
    await writeManifest(dir);
    expect(readFileSync(join(dir, 'manifest.json'), 'utf8')).toBe(before);
  });

  test('follows the files and leaves out what no model may hold', async () => {
    flipByte(join(dir, 'unet/model.onnx'));
    writeFileSync(join(dir, 'unet/weights.pickle'), 'cos\nsystem');
    writeFileSync(join(dir, 'unet/.hidden.json'), '{}');
    const manifest = await writeManifest(dir);
    expect(manifest.weightsRoot).not.toBe(valid.weightsRoot);
    expect(manifest.files.map(({ path }) => path)).toEqual(valid.files.map(({ path }) => path));
    expect(await loadManifest(dir)).toEqual(manifest);
  });

  test('refuses a description that lacks a field', async () => {
    writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ ...valid, licence: undefined }));
    await expect(writeManifest(dir)).rejects.toMatchObject({
      details: { field: 'manifest.licence' },
    });
  });
});

test('the weights root is the recorded one, whatever the order given', () => {
  const files = [
    { path: 'unet/model.onnx', bytes: 3, sha256: 'ab'.repeat(32) },
    { path: 'model_index.json', bytes: 2 ** 33, sha256: '01'.repeat(32) },
    { path: 'unet/config.json', bytes: 0, sha256: 'ff'.repeat(32) },
  ];
  const root = '19cba04b6af7467d31eaa4a2329a9fa742d09b19ff260e418d690f67a35b5e3f';
  expect(weightsRoot(files)).toBe(root);
  expect(weightsRoot(files.toReversed())).toBe(root);
  expect(weightsRoot(files.slice(1))).not.toBe(root);
});

describe('hostile manifests', () => {
  const file = { path: 'unet/model.onnx', bytes: 1, sha256: '00'.repeat(32) };
  const limits = valid.limits as object;
  const defaults = valid.defaults as object;
  const profile = valid.profile as object;

  test.each<[string, unknown]>([
    ['format', 'semblance/manifest/v2'],
    ['id', '../emoji'],
    ['id', 'Emoji'],
    ['id', 'a'.repeat(65)],
    ['title', ''],
    ['title', 7],
    ['licence', 'x'.repeat(201)],
    ['pipeline', 'pickle'],
    ['limits', { ...limits, maxSize: 1e9 }],
    ['limits', { ...limits, sizeMultiple: 0 }],
    ['limits', { ...limits, minSize: 128, maxSize: 64 }],
    ['limits', { ...limits, maxSteps: 1000 }],
    ['limits', { ...limits, schedulers: [] }],
    ['limits', { ...limits, schedulers: ['ddim', 'ddim'] }],
    ['limits', { ...limits, schedulers: ['lms'] }],
    ['limits', { ...limits, surprise: 1 }],
    ['limits', []],
    ['defaults', { ...defaults, steps: 51 }],
    ['defaults', { ...defaults, guidance: Number.NaN }],
    ['defaults', { ...defaults, scheduler: 'lms' }],
    ['profile', { ...profile, thresholdBits: 65 }],
    ['profile', { ...profile, committeeSizes: [2] }],
    ['profile', { ...profile, hash: 'sha256' }],
    ['suggestedPrompts', ['x'.repeat(1025)]],
    ['suggestedPrompts', new Array(65).fill('cat')],
    ['weightsRoot', 'ab'.repeat(32)],
    ['weightsRoot', 'short'],
    ['surprise', true],
    ['__proto__', {}],
  ])('%s %j', (field, value) => {
    const json: unknown = JSON.parse(JSON.stringify(valid));
    Object.defineProperty(json, field, { value, enumerable: true });
    expect(() => parseManifest(json)).toThrow(/^manifest/);
  });

  test.each([
    '../secret.json',
    '/etc/passwd.json',
    'unet/../../x.json',
    './model.json',
    'unet//model.onnx',
    'unet\\model.onnx',
    'C:/model.onnx',
    'unet/model.pkl',
    'unet/model.bin',
    'unet/model.pt',
    'model.py',
    '.hidden.json',
    'unet/.json',
    `${'a/'.repeat(9)}model.onnx`,
    `${'x'.repeat(300)}.json`,
    'unet/mo\u0000del.onnx',
    'unet/model.onnx\n',
  ])('path %j', (path) => {
    const files = [{ ...file, path }];
    expect(() => parseManifest({ ...valid, files })).toThrow(/^manifest\.files/);
  });

  test.each([
    [[file, file]],
    [[file, { ...file, path: 'a.json' }]],
    [[{ ...file, bytes: -1 }]],
    [[{ ...file, bytes: 2 ** 53 }]],
    [[{ ...file, bytes: 0.5 }]],
    [[{ ...file, sha256: 'AB'.repeat(32) }]],
    [[{ ...file, sha256: 'ab' }]],
    [[{ ...file, url: 'x' }]],
    [[null]],
    ['files'],
    [new Array(257).fill(file)],
  ])('files %#', (files) => {
    expect(() => parseManifest({ ...valid, files })).toThrow(/^manifest\.files/);
  });

  test.each([null, 7, 'manifest', [], undefined])('%j in its place', (json) => {
    expect(() => parseManifest(json)).toThrow(/^manifest: not an object/);
  });
});

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  writeFileSync(path, bytes);
}
