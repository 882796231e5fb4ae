import { parseArgs } from 'node:util';
import { startReport } from '../report.ts';
import { settleThroughKills } from './kills.ts';

/*
 * The long form of the test of kills: `npm run faults -- kills --jobs 10000`. Writes a report to
 * docs/reports/faults and fails if a job was lost or the validators parted.
 */

const DEFAULTS = { jobs: '10000', batch: '120', lanes: '3', 'block-ms': '100', minutes: '600' };

const [name = '', ...args] = process.argv.slice(2);
if (name !== 'kills') {
  const options = Object.keys(DEFAULTS).map((option) => `[--${option} N]`);
  process.stderr.write(`usage: npm run faults -- kills ${options.join(' ')}\n`);
  process.exitCode = 2;
} else {
  const options = Object.entries(DEFAULTS).map(
    ([option, value]) => [option, { type: 'string' as const, default: value }] as const,
  );
  const { values } = parseArgs({ args, options: Object.fromEntries(options) });
  const numbers = Object.keys(DEFAULTS).map((option) => Number(values[option]));
  if (!numbers.every((number) => Number.isSafeInteger(number) && number > 0)) {
    process.stderr.write('every option is an integer above 0\n');
    process.exit(2);
  }
  const [jobs = 0, batch = 0, lanes = 0, blockMs = 0, minutes = 0] = numbers;
  const write = startReport('faults', name, args);
  const stopped = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stopped.abort());
  const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(minutes * 60_000)]);
  const report = await settleThroughKills({ jobs, batch, lanes, blockMs, signal }, (progress) => {
    // However it ends, what was found so far is there.
    write({ finished: false, ...progress });
    process.stderr.write(`${JSON.stringify(progress)}\n`);
  });
  process.stderr.write(`written: ${write({ finished: true, ...report })}\n`);
  if (report.agreed !== report.settled || !report.appHashesEqual) process.exitCode = 1;
}
