import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { semblance } from '../../../test/e2e/semblance.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-study-samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

const published = fileURLToPath(new URL('../../../models/emoji-64/samples.jsonl', import.meta.url));
const [header, first] = readFileSync(published, 'utf8')
  .split('\n', 2)
  .map((line) => JSON.parse(line));
const to = join(folder, 'samples.jsonl');
const made = join(folder, 'torch.jsonl');

/** What a GPU that only draws black would hand in. */
function writeBlack(weightsRoot: string): void {
  const { prompt, seed, noise, sketches } = first;
  const pixels = Buffer.alloc(3 * 64 * 64).toString('base64');
  const sample = { precision: 'float16', prompt, seed, noise, sketches, pixels };
  const lines = [{ gpu: 'black', torch: '0', weightsRoot }, sample];
  writeFileSync(made, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const add = () =>
  semblance('study', 'samples', 'add', made, '--model', 'emoji-64', '--as', 'torch-x', '--to', to);

test('places for PyTorch are prepared, and what it made is added once, however often', async () => {
  const out = join(folder, 'prepared.json');
  const size = ['--classes', '2', '--seeds', '1'];
  await semblance('study', 'samples', 'prepare', '--model', 'emoji-64', ...size, '--out', out);
  expect(JSON.parse(readFileSync(out, 'utf8')).places[0]).toEqual({
    prompt: first.prompt,
    seed: first.seed,
  });

  copyFileSync(published, to);
  writeBlack(header.weightsRoot);
  const { stdout } = await add();
  expect(stdout).toMatch(/^Against native-f32\n.*\ntorch-x-f16 +1 +1 +0 +0 {2}0 {2}0 {2}0 /);
  const once = readFileSync(to, 'utf8');
  const [machines, ...samples] = once.trimEnd().split('\n');
  expect(JSON.parse(machines as string).machine['torch-x']).toBe('black, PyTorch 0');
  expect(samples.length).toBe(readFileSync(published, 'utf8').trimEnd().split('\n').length);
  await add();
  expect(readFileSync(to, 'utf8')).toBe(once);
}, 60_000);

test('samples of other weights are refused in one line, and the file is left as it was', async () => {
  copyFileSync(published, to);
  writeBlack('0'.repeat(64));
  const { code, stderr } = await add();
  expect(stderr).toMatch(/^semblance: samples line 1: not of the weights of emoji-64\n$/);
  expect(code).not.toBe(0);
  expect(readFileSync(to, 'utf8')).toBe(readFileSync(published, 'utf8'));
}, 30_000);
