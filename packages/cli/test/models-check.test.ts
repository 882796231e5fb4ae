import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeManifest } from '@semblance/inference/write-manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { semblance } from '../../../test/e2e/semblance.ts';

const home = mkdtempSync(join(tmpdir(), 'semblance-models-'));
afterAll(() => rmSync(home, { recursive: true }));

const MODEL = join(import.meta.dirname, '../../../models/emoji-64');

beforeAll(async () => {
  for (const name of ['sound', 'truncated', 'missing', 'swapped', 'misshapen', 'misfit']) {
    cpSync(MODEL, join(home, name), { recursive: true });
  }
  truncateSync(join(home, 'truncated', 'unet', 'model.onnx'), 1_000_000);
  rmSync(join(home, 'missing', 'vae_decoder', 'model.onnx'));
  cpSync(join(MODEL, 'text_encoder', 'model.onnx'), join(home, 'swapped', 'unet', 'model.onnx'));
  // What the next two pin is what they hold, but their parts do not fit together.
  const latents = join(home, 'misshapen', 'vae_decoder', 'config.json');
  writeFileSync(
    latents,
    readFileSync(latents, 'utf8').replace('"latent_channels": 4', '"latent_channels": 8'),
  );
  const unet = join(home, 'misshapen', 'unet', 'config.json');
  writeFileSync(unet, readFileSync(unet, 'utf8').replace('"in_channels": 4', '"in_channels": 8'));
  cpSync(join(MODEL, 'vae_decoder', 'model.onnx'), join(home, 'misfit', 'unet', 'model.onnx'));
  for (const name of ['misshapen', 'misfit']) await writeManifest(join(home, name));
  writeFileSync(join(home, 'README.md'), 'a file beside the models');
});

interface Check {
  readonly model: string;
  readonly variants: readonly {
    variant: string;
    distance?: number;
    refused?: { reason: string };
  }[];
  readonly refused?: { reason: string };
}

test('models check runs the sound ones and refuses the others with the reason', async () => {
  const variants = ['native-f32', 'native-bf16', 'int4-weights'];
  const command = ['models', 'check', home, '--json', '--variant', ...variants];
  const { code, stdout, stderr } = await semblance(...command);
  const checks = JSON.parse(stdout) as Check[];
  expect(stderr).toBe('');
  expect(code).toBe(1);
  const reasons = checks.map(({ model, refused, variants: [first] }) => [
    model,
    refused?.reason ?? first?.refused?.reason ?? 'sound',
  ]);
  expect(reasons).toEqual([
    ['misfit', expect.stringMatching(/unet\/model\.onnx/)],
    ['misshapen', expect.stringMatching(/sample/)],
    ['missing', expect.stringContaining('vae_decoder/model.onnx')],
    ['sound', 'sound'],
    ['swapped', expect.stringContaining('unet/model.onnx')],
    ['truncated', expect.stringMatching(/unet\/model\.onnx: 1000000 bytes .* instead of \d+/)],
  ]);
  const sound = checks.find(({ model }) => model === 'sound') as Check;
  expect(sound.variants.map(({ variant }) => variant)).toEqual(variants);
  const [same, near, far] = sound.variants.map(({ distance = Number.NaN }) => distance);
  expect(same).toBe(0);
  expect(near).toBeLessThanOrEqual(2);
  expect(far).toBeGreaterThan(8);
}, 30_000);

test('a variant that is not there is told with those that are', async () => {
  const { code, stderr } = await semblance('models', 'check', home, '--variant', 'fast');
  expect(stderr).toMatch(/^semblance: --variant: no fast; there are native-f32, [^\n]*\n$/);
  expect(code).toBe(2);
});

test('a folder that is not there is one clear line', async () => {
  const { code, stderr } = await semblance('models', 'check', join(home, 'none'));
  expect(stderr).toMatch(/^semblance: folder: [^\n]* cannot be read\n$/);
  expect(code).toBe(2);
});
