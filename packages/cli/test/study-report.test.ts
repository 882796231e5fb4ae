import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderReport } from '@semblance/study/report';
import { afterAll, expect, test } from 'vitest';
import { semblance } from '../../../test/e2e/semblance.ts';
import { syntheticResult } from '../../study/test/support/synthetic-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const result = syntheticResult({ profiles: 3, adversaries: 3, jobs: 40 });
const file = join(folder, 'result.json');
writeFileSync(file, JSON.stringify(result));

test('study report writes the page of a result', async () => {
  const out = join(folder, 'new', 'report.html');
  const { code, stdout } = await semblance('study', 'report', file, '--out', out, '--json');
  expect(JSON.parse(stdout)).toEqual({ file: out });
  expect(readFileSync(out, 'utf8') === renderReport(result)).toBe(true);
  expect(code).toBe(0);
});

test('a wrong field is named by its whole path, in one line', async () => {
  const wrong = join(folder, 'wrong.json');
  writeFileSync(wrong, JSON.stringify({ ...result, plan: { ...result.plan, jobs: 'many' } }));
  const { code, stderr } = await semblance('study', 'report', wrong);
  expect(stderr).toMatch(/^semblance: .*wrong\.json: plan\.jobs: [^\n]*number[^\n]*\n$/);
  expect(code).toBe(2);
});

test('a folder is no place for a page', async () => {
  const { code, stderr } = await semblance('study', 'report', file, '--out', folder);
  expect(stderr).toMatch(/^semblance: --out: cannot write .* \(EISDIR\)\n$/);
  expect(code).toBe(2);
});
