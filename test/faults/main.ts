import { parseArgs } from 'node:util';
import { startReport } from '../report.ts';
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
  const options = { jobs: '10000', batch: '20', 'block-ms': '100' };
  const strings = Object.fromEntries(
    Object.entries(options).map(([option, value]) => [
      option,
      { type: 'string' as const, default: value },
    ]),
  );
  const { values } = parseArgs({ args, options: strings });
  const [jobs = 0, batch = 0, blockMs = 0] = Object.keys(options).map((key) => Number(values[key]));
  if (![jobs, batch, blockMs].every((count) => Number.isSafeInteger(count) && count > 0)) {
    process.stderr.write('--jobs, --batch and --block-ms are integers above 0\n');
    process.exit(2);
  }
  const write = startReport('faults', name, args);
  const report = await settleThroughKills({ jobs, batch, blockMs }, (line) =>
    process.stderr.write(`${line}\n`),
  );
  process.stderr.write(`written: ${write(report)}\n`);
  if (report.agreed !== jobs || !report.appHashesEqual) process.exitCode = 1;
}
