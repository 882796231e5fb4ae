import type { Command } from 'commander';
import { addBillionCommand } from './study/billion.ts';
import { addStudyHashCommand } from './study/hash.ts';
import { addReportCommand } from './study/report.ts';
import { addRunCommand } from './study/run.ts';
import { addSamplesCommand } from './study/samples.ts';

/** Measures what likeness can tell; one file a part of the study. */
export function addStudyCommand(program: Command): void {
  const study = program
    .command('study')
    .description('measure what likeness can tell, of a model or of hashes by the billion');
  addRunCommand(study);
  addBillionCommand(study);
  addStudyHashCommand(study);
  addReportCommand(study);
  addSamplesCommand(study);
}
