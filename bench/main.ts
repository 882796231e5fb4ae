import { cpus } from 'node:os';
import { hammingRate } from './hamming-rate.ts';
import { hashRate } from './hash-rate.ts';
import type { Measurement } from './measure.ts';
import { wholeNetwork } from './network.ts';
import { nativeOverWasm } from './runtimes.ts';
import { settleRate } from './settle-rate.ts';

/* Every figure is a ratio of two things measured in this run: machines differ, ratios less so. */

const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
process.stdout.write(`${cpus().length} x ${cpu}, Node ${process.versions.node}\n\n`);

for (const measure of [hashRate, hammingRate, nativeOverWasm, settleRate, wholeNetwork]) {
  for (const line of [await measure()].flat()) process.stdout.write(`${format(line)}\n`);
}

function format({ name, ours, beside, ratio, aim }: Measurement): string {
  const figure = ratio === undefined ? '-' : ratio.toFixed(2);
  return `${name}: ${figure}${aim ? ` (aim: ${aim})` : ''}\n  ${ours}\n  ${beside}`;
}
