import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { semblance } from '../../../test/e2e/semblance.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-study-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const model = fileURLToPath(new URL('../../inference/test/fixtures/tiny', import.meta.url));
const out = join(folder, 'out');
const small = ['--model', model, '--profiles', 'native-f32,native-bf16', '--seeds', '2'];
const quick = ['--adversaries', 'echo,wrong-seed', '--replays', '1'];

test('study makes, measures and writes a report, and says so in a terminal', async () => {
  const { code, stdout } = await semblance('study', ...small, ...quick, '--out', out);
  expect(stdout).toMatch(/^test-tiny: 4 pictures of 2 jobs, 2 honest profiles, 2 adversaries\n/);
  expect(stdout).toMatch(/\n {2}echo {8}100% .* commit\n/);
  expect(stdout).toMatch(/\nReport: .*report\.html\n$/);
  expect(existsSync(join(out, 'report.html'))).toBe(true);
  expect(code).toBe(0);
}, 30_000);

describe('wrong use is one line, and starts nothing', () => {
  test.each<[string[], RegExp]>([
    [[], /required option '--model <model>' not specified/],
    [['--model', 'none'], /model: no manifest\.json in .*none/],
    [['--model', model, '--profiles', 'none'], /profile: no profile none; there are native-f32/],
    [['--model', model, '--adversaries', 'nobody'], /adversaries: no nobody; there are/],
    [['--model', model, '--seeds', 'many'], /'--seeds <n>' argument 'many' is invalid/],
    [['--model', model, '--out', '/dev/null/x'], /\/dev\/null\/x: ENOTDIR; finished work is kept/],
  ])('%j', async (args, message) => {
    const where = args.includes('--out') ? [] : ['--out', join(folder, 'wrong')];
    const { code, stderr } = await semblance('study', ...args, ...where);
    expect(stderr).toMatch(/^semblance: [^\n]*\n$/);
    expect(stderr).toMatch(message);
    expect(code).not.toBe(0);
    expect(existsSync(join(folder, 'wrong'))).toBe(false);
  });
});
