import { Command, CommanderError } from 'commander';
import { addDemoCommand } from './commands/demo.ts';
import { addDistanceCommand } from './commands/distance.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addHashCommand } from './commands/hash.ts';
import { addJobsCommand } from './commands/jobs.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addNodesCommand } from './commands/nodes.ts';
import { addStudyCommand } from './commands/study.ts';
import { addUpCommand } from './commands/up.ts';
import { EXIT } from './exit-codes.ts';
import { presentFailure } from './failure.ts';

const program = new Command('semblance')
  .description('Generative AI on machines nobody has to trust, agreed on by likeness')
  .version('0.1.0')
  .showHelpAfterError('(semblance --help shows what there is)')
  .exitOverride();

for (const add of [
  addUpCommand,
  addDemoCommand,
  addGenerateCommand,
  addJobsCommand,
  addKeysCommand,
  addNodesCommand,
  addHashCommand,
  addDistanceCommand,
  addStudyCommand,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has already written its own message; only the exit code is left to choose.
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else process.exitCode = presentFailure(error, { json: process.argv.includes('--json') });
}
