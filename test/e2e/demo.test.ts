import { expect, test } from 'vitest';
import type { DemoReport } from '../../packages/cli/src/commands/demo.ts';
import { semblance } from './semblance.ts';

test('a complete temporary network catches the node that cheats', {
  timeout: 180_000,
}, async () => {
  const { code, stdout, stderr } = await semblance('demo', '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);

  const report = JSON.parse(stdout) as DemoReport;
  const members = report.jobs.flatMap((job) => job.committee);
  const cheats = members.filter((member) => !member.honest);
  expect(cheats.length).toBeGreaterThan(0);
  expect(report.cheaterPaid).toBe(false);
  expect(report.supplyConserved).toBe(true);
  expect(report.jobs.some((job) => job.verdict === 'agreed')).toBe(true);

  // Honest files differ in bytes and are alike; the cheat's picture is another picture.
  const honest = members.filter((member) => member.honest && member.sha256 !== null);
  expect(new Set(honest.map((member) => member.sha256)).size).toBe(report.distinctFiles);
  expect(report.distinctFiles).toBeGreaterThan(report.jobs.length);
  for (const job of report.jobs.filter(({ verdict }) => verdict === 'agreed')) {
    for (const member of job.committee.filter(({ honest }) => !honest)) {
      expect(member.distance).toBeGreaterThan(2);
    }
  }
});
