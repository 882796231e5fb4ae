import { resolve } from 'node:path';
import { readStudyResult } from '@semblance/study/read-result';
import { renderReport } from '@semblance/study/report';
import type { Command } from 'commander';
import { readBounded } from '../../bounded-file.ts';
import { writeOutput } from '../../output-file.ts';
import { print, printJson } from '../../terminal.ts';

interface ReportOptions {
  out: string;
  json?: true;
}

/** Turns a study's result into a page that can be read, printed and cited. */
export function addReportCommand(study: Command): void {
  study
    .command('report')
    .description("turn a study's result into one HTML file, for the screen and for A4")
    .argument('<result>', "the study's result.json")
    .option('-o, --out <file>', 'where to write the page', 'report.html')
    .option('--json', 'print one JSON object')
    .action(async (file: string, options: ReportOptions) => {
      const result = readStudyResult((await readBounded(file)).toString('utf8'), file);
      const out = resolve(options.out);
      await writeOutput(out, renderReport(result));
      if (options.json) printJson({ file: out });
      else print(`${out}: open it in a browser, or print it`);
    });
}
