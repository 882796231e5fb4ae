import type { Command } from 'commander';
import { addBillionCommand } from './study/billion.ts';
import { addStudyHashCommand } from './study/hash.ts';

/** Measures what likeness can tell; one file a part of the study. */
export function addStudyCommand(program: Command): void {
  const study = program
    .command('study')
    .description('measure what likeness can tell: distances of hashes by the billion');
  addBillionCommand(study);
  addStudyHashCommand(study);
}
