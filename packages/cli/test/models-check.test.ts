import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { semblance } from '../../../test/e2e/semblance.ts';

const home = mkdtempSync(join(tmpdir(), 'semblance-models-'));
afterAll(() => rmSync(home, { recursive: true }));

const MODEL = join(import.meta.dirname, '../../../models/emoji-64');

beforeAll(() => {
  for (const name of ['sound', 'truncated', 'missing', 'swapped']) {
    cpSync(MODEL, join(home, name), { recursive: true });
  }
  truncateSync(join(home, 'truncated', 'unet', 'model.onnx'), 1_000_000);
  rmSync(join(home, 'missing', 'vae_decoder', 'model.onnx'));
  cpSync(join(MODEL, 'text_encoder', 'model.onnx'), join(home, 'swapped', 'unet', 'model.onnx'));
  writeFileSync(join(home, 'README.md'), 'a file beside the models');
});

test('models check runs the sound ones and refuses the others with the reason', async () => {
  const { code, stdout, stderr } = await semblance('models', 'check', home, '--json');
  const checks = JSON.parse(stdout) as { model: string; refused?: { reason: string } }[];
  expect(stderr).toBe('');
  expect(code).toBe(1);
  expect(checks.map(({ model, refused }) => [model, refused?.reason ?? 'sound'])).toEqual([
    ['missing', expect.stringContaining('vae_decoder/model.onnx')],
    ['sound', 'sound'],
    ['swapped', expect.stringContaining('unet/model.onnx')],
    ['truncated', expect.stringMatching(/unet\/model\.onnx: 1000000 bytes .* instead of \d+/)],
  ]);
});

test('a folder that is not there is one clear line', async () => {
  const { code, stderr } = await semblance('models', 'check', join(home, 'none'));
  expect(stderr).toMatch(/^semblance: folder: [^\n]* cannot be read\n$/);
  expect(code).toBe(2);
});
