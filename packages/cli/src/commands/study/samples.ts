import type { Command } from 'commander';
import { addAddCommand } from './samples/add.ts';
import { addPrepareCommand } from './samples/prepare.ts';
import { addTakeCommand } from './samples/take.ts';

/** What different machines make of a model's classes, each laid beside what another one made. */
export function addSamplesCommand(study: Command): void {
  const samples = study
    .command('samples')
    .description('take latents, pixels and hashes on every runtime, and compare them');
  addTakeCommand(samples);
  addPrepareCommand(samples);
  addAddCommand(samples);
}
