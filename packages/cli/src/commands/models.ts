import type { Command } from 'commander';
import { addModelsCheckCommand } from './models/check.ts';

/** The models of a folder, as a node would serve them. */
export function addModelsCommand(program: Command): void {
  addModelsCheckCommand(program.command('models').description('check the models of a folder'));
}
