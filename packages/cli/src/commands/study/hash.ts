import { InvalidInputError } from '@semblance/core/errors';
import { type HashReport, hashPictures, skippedFile } from '@semblance/study/hash-pictures';
import { picturesIn, picturesInTar } from '@semblance/study/picture-sources';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { interruption } from '../../interruption.ts';
import { liveLines } from '../../progress.ts';
import { paint, print, printJson, safe } from '../../terminal.ts';

interface HashCommandOptions {
  out: string;
  threads?: number;
  json?: true;
}

/** Hashes of pictures by the million, into a file that `study billion` reads. */
export function addStudyHashCommand(study: Command): void {
  study
    .command('hash')
    .description('hash the pictures in folders and tar archives, into one file')
    .argument('<source...>', 'folders, .tar, .tar.gz or picture files; - is a tar archive on stdin')
    .option('-o, --out <file>', 'one JSON record a line, sorted by path', 'hashes.jsonl')
    .option('--threads <n>', 'default: one a core', threadCount)
    .option('--json', 'print one JSON object')
    .action(async (sources: string[], { out, threads, json }: HashCommandOptions) => {
      const signal = interruption();
      const live = liveLines();
      const started = performance.now();
      let drawn = started;
      const onProgress = (report: HashReport) => {
        const now = performance.now();
        if (now - drawn < 100) return;
        drawn = now;
        live.draw([`  ${summary(report, (now - started) / 1000)}`]);
      };
      try {
        const pictures = picturesOf(sources);
        const report = await hashPictures({ pictures, out, threads, signal, onProgress });
        const seconds = (performance.now() - started) / 1000;
        live.clear();
        if (json) return printJson({ out, ...report, seconds });
        print(`${safe(out)}: ${summary(report, seconds)}`);
        if (Object.keys(report.skipped).length > 0) print(`skipped: ${safe(skippedFile(out))}`);
      } catch (error) {
        live.clear();
        if (!signal.aborted) throw error;
        const message = 'interrupted; the same command goes on from there';
        throw new CommandError('INTERRUPTED', message, EXIT.interrupted, { cause: error });
      }
    });
}

function picturesOf(sources: readonly string[]) {
  if (!sources.includes('-')) return picturesIn(sources);
  if (sources.length > 1) throw new InvalidInputError('source', '- stands alone');
  return picturesInTar('-', process.stdin);
}

function summary({ hashed, unchanged, skipped }: HashReport, seconds: number): string {
  const rate =
    hashed > 0 ? paint('dim', ` (${number(Math.round(hashed / seconds))} a second)`) : '';
  const faults = Object.entries(skipped).map(([fault, count]) => `${number(count)} ${fault}`);
  return [
    `${number(hashed)} hashed${rate}`,
    ...(unchanged > 0 ? [`${number(unchanged)} unchanged`] : []),
    ...(faults.length > 0 ? [paint('yellow', `skipped ${faults.join(', ')}`)] : []),
  ].join(', ');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function threadCount(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('not a number of threads');
}
