import { join, resolve } from 'node:path';
import { renderReport } from '@semblance/study/report';
import type { HashName, Rate, StudyResult } from '@semblance/study/result';
import { runStudy, type StudyProgress } from '@semblance/study/study';
import type { Command } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { interruption } from '../../interruption.ts';
import { modelFolder } from '../../model-folder.ts';
import { count, names } from '../../option-values.ts';
import { writeOutput } from '../../output-file.ts';
import { bar, liveLines } from '../../progress.ts';
import { paint, print, printJson, safe, table } from '../../terminal.ts';

interface RunCommandOptions {
  model: string;
  profiles?: string[];
  classes?: number;
  seeds: number;
  adversaries?: string[];
  replays: number;
  processes?: number;
  out: string;
  json?: true;
}

/** The study itself; what `semblance study` means without another word. */
export function addRunCommand(study: Command): void {
  study
    .command('run', { isDefault: true })
    .description('make the same jobs as every honest profile and every adversary, and measure them')
    .requiredOption('--model <model>', 'an embedded model, or the folder of one')
    .option(
      '--profiles <names>',
      'runtime profiles, the first is the reference (default: all)',
      names,
    )
    .option('--classes <n>', "how many of the model's classes (default: all)", count)
    .option('--seeds <n>', 'jobs a class', count, 20)
    .option('--adversaries <names>', 'or all', names)
    .option('--replays <n>', 'jobs whose steps are replayed, at most', count, 180)
    .option('--processes <n>', 'default: one a core', count)
    .requiredOption('--out <folder>', 'of the study; the same command goes on where it was')
    .option('--json', 'print the result as one JSON object')
    .action(async ({ adversaries, ...options }: RunCommandOptions) => {
      const signal = interruption();
      const progress = showProgress();
      try {
        const result = await runStudy({
          modelDir: modelFolder(options.model),
          profiles: options.profiles,
          classes: options.classes,
          seeds: options.seeds,
          adversaries: adversaries?.join() === 'all' ? undefined : adversaries,
          replays: options.replays,
          processes: options.processes,
          out: options.out,
          command: `npm run -s semblance -- ${process.argv.slice(2).map(quoted).join(' ')}`,
          signal,
          onProgress: progress.draw,
        });
        progress.clear();
        const report = join(resolve(options.out), 'report.html');
        await writeOutput(report, renderReport(result));
        if (options.json) printJson(result);
        else print(readable(result, report));
      } catch (error) {
        progress.clear();
        if (!signal.aborted) throw error;
        const message = 'interrupted; the same command goes on where it was';
        throw new CommandError('INTERRUPTED', message, EXIT.interrupted, { cause: error });
      }
    });
}

const LINE_MS = 30_000;

/** A bar on a terminal; elsewhere a line now and then, since a study takes a while. */
function showProgress(): { draw: (progress: StudyProgress) => void; clear: () => void } {
  const lines = liveLines();
  let told = performance.now();
  return {
    draw: (progress) => {
      const text = `${progress.done}/${progress.total} jobs  ${left(progress.secondsLeft)}`;
      lines.draw([`${bar(progress.done, progress.total)}  ${text}`]);
      if (process.stderr.isTTY || performance.now() - told < LINE_MS) return;
      told = performance.now();
      process.stderr.write(`${text}\n`);
    },
    clear: () => lines.clear(),
  };
}

function left(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  return seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
}

function readable(result: StudyResult, path: string): string {
  const { model, plan, run, honest, adversaries, recommendation, findings } = result;
  const { hash, thresholdBits } = recommendation.profile;
  const today = model.profile;
  return [
    `${paint('bold', safe(model.id))}: ${run.pictures} pictures of ${plan.jobs} jobs, ${plan.profiles.length} honest profiles, ${plan.adversaries.length} adversaries`,
    '\nHonest pairs further apart than the threshold, by hash',
    honestTable(honest),
    `\nAdversaries that the vote lets pass at ${today.hash} hash, ${today.thresholdBits} bits (${Math.round(100 * plan.confidence)}% bounds)`,
    table([
      ['adversary', 'passes', 'bounds', 'decided by'],
      ...adversaries.map(({ name, passes, decidedBy }) => [
        safe(name),
        percent(passes.rate),
        bounds(passes),
        decidedBy.join(', '),
      ]),
    ]),
    `\n${safe(findings.statements[0] ?? '')}`,
    `\nRecommended: ${hash} hash, ${thresholdBits} bits`,
    `Report: ${safe(path)}`,
  ].join('\n');
}

const SHOWN_THRESHOLDS = [0, 1, 2, 4, 8];

function honestTable(honest: StudyResult['honest']): string {
  return table([
    ['hash', ...SHOWN_THRESHOLDS.map((bits) => `${bits} bits`), 'bounds at 2'],
    ...(Object.keys(honest) as HashName[]).map((name) => {
      const { falseAlarm } = honest[name];
      return [
        name,
        ...SHOWN_THRESHOLDS.map((bits) => {
          return percent((falseAlarm[bits] as Rate).rate);
        }),
        bounds(falseAlarm[2] as Rate),
      ];
    }),
  ]);
}

function bounds({ low, high }: Rate): string {
  return `${percent(low)} to ${percent(high)}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
