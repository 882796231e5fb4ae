import { parseArgs } from 'node:util';
import { writeReport } from '../report.ts';
import { settleThroughKills } from './kills.ts';

/*
 * The long form of the test of kills: `npm run faults -- kills --jobs 10000`. Writes a report to
 * docs/reports/faults and fails if a job was lost or the validators parted.
 */

const [name = '', ...args] = process.argv.slice(2);
if (name !== 'kills') {
  process.stderr.write('usage: npm run faults -- kills [--jobs N] [--batch N] [--block-ms N]\n');
  process.exitCode = 2;
} else {
  const options = { jobs: '10000', batch: '48', 'block-ms': '100' };
  const strings = Object.fromEntries(
    Object.entries(options).map(([option, value]) => [
      option,
      { type: 'string' as const, default: value },
    ]),
  );
  const { values } = parseArgs({ args, options: strings });
  const [jobs, batch, blockMs] = ['jobs', 'batch', 'block-ms'].map((key) => Number(values[key]));
  const report = await settleThroughKills(
    { jobs: jobs as number, batch: batch as number, blockMs: blockMs as number },
    (line) => process.stderr.write(`${line}\n`),
  );
  process.stderr.write(`written: ${writeReport('faults', name, args, report)}\n`);
  if (report.agreed < report.jobs || !report.appHashesEqual) process.exitCode = 1;
}
