import { cpus } from 'node:os';
import { InvalidInputError } from '@semblance/core/errors';
import {
  type BillionHashes,
  type BillionReport,
  type BillionRun,
  runBillion,
} from '@semblance/study/billion';
import { HASH_NAMES, type HashName } from '@semblance/study/picture-record';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { paint, print, printJson, safe, table } from '../../terminal.ts';

interface BillionCommandOptions {
  classes: number;
  perClass: number;
  seed: number;
  file?: string;
  against?: string;
  hash?: HashName;
  threads?: number;
  peers: boolean;
  json?: true;
}

/** The paper's experiment in its shape: 844,350,000 same-class pairs and 1.69e12 cross-set pairs. */
export function addBillionCommand(study: Command): void {
  study
    .command('billion')
    .description('count the distances of all same-class pairs, and the near pairs of two sets')
    .option('--classes <n>', 'classes of made hashes', count, 1000)
    .option('--per-class <n>', 'hashes a class', count, 1300)
    .option('--seed <n>', 'of made hashes, from 0 to 2^32-1', count, 1)
    .option('--file <file>', 'given hashes: of `study hash`, in hex, or raw 64-bit integers')
    .option('--against <file>', 'the second set of the cross-set run (default: the file itself)')
    .addOption(new Option('--hash <name>', 'which hash of `study hash`').choices(HASH_NAMES))
    .option('--threads <n>', 'default: one a core', count)
    .option('--no-peers', 'leave out Python and FAISS')
    .option('--json', 'print one JSON object')
    .action(async (options: BillionCommandOptions) => {
      const report = await runBillion({
        hashes: hashesOf(options),
        threads: options.threads,
        peers: options.peers,
      });
      const machine = {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
        node: process.versions.node,
      };
      if (options.json) return printJson({ machine, ...report });
      print(`${machine.cores} x ${machine.cpu}, Node ${machine.node}, ${report.threads} threads`);
      print(readable(report));
    });
}

function hashesOf(options: BillionCommandOptions): BillionHashes {
  const { file, against, hash, classes, perClass, seed } = options;
  if (file !== undefined) return { from: 'files', file, against, hash, perClass };
  if (against !== undefined) throw new InvalidInputError('against', 'needs --file beside it');
  return { from: 'seed', seed, classes, perClass };
}

function readable({ runs, peers, peakBytes }: BillionReport): string {
  const beside = peers.map((peer) => {
    if ('absent' in peer) return `  ${peer.name}: ${paint('dim', `absent (${safe(peer.absent)})`)}`;
    const ratio = `${peer.ratio >= 10 ? peer.ratio.toFixed(0) : peer.ratio.toPrecision(2)} times`;
    const exact = peer.agrees ? 'same counts' : paint('red', 'DIFFERENT COUNTS');
    return `  ${peer.name}, ${peer.task}: ${duration(peer.scaledSeconds)}, ${ratio} ours (${exact} on a sample of ${number(peer.samplePairs)} pairs)`;
  });
  return [
    ...runs.map(readableRun),
    ...(beside.length > 0 ? ['\nThe same in other ways, scaled from a sample', ...beside] : []),
    `\n${number(Math.round(peakBytes / 1e6))} MB of memory at most`,
  ].join('\n');
}

function readableRun(run: BillionRun): string {
  const { sameClass, sameClassHexDigits, cross } = run;
  const sets = `${number(run.count)} hashes of ${run.bits} bits in ${number(run.classes)} classes`;
  return [
    `\n${paint('bold', safe(run.hashes))}: ${sets}`,
    `  same class, bits: ${number(sameClass.pairs)} pairs in ${duration(sameClass.seconds)}`,
    `  same class, hex digits: the same in ${duration(sameClassHexDigits.seconds)}`,
    `  cross set, within 0 to ${cross.within.length - 1} bits: ${number(cross.pairs)} pairs in ${duration(cross.seconds)}`,
    ...cross.within.map((pairs, bits) => `    within ${bits}: ${number(pairs)}`),
    histogramTable(sameClass.histogram, sameClassHexDigits.histogram),
  ].join('\n');
}

function histogramTable(bits: readonly number[], digits: readonly number[]): string {
  const rows = bits.map((pairs, distance) => [
    String(distance),
    number(pairs),
    distance < digits.length ? number(digits[distance] as number) : '',
  ]);
  return table([['distance', 'pairs, in bits', 'pairs, in hex digits'], ...rows], '    ');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(3)} s` : `${number(Math.round(seconds))} s`;
}

function count(text: string): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value < 2 ** 32) return value;
  throw new InvalidArgumentError('not an integer from 0 to 2^32-1');
}
