import type { Command } from 'commander';
import { addDatasetGenerateCommand } from './dataset/generate.ts';

/** Data sets of generated images; one file a command. */
export function addDatasetCommand(program: Command): void {
  const dataset = program.command('dataset').description('make data sets of generated images');
  addDatasetGenerateCommand(dataset);
}
