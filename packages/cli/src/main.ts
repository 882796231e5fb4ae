import { Command, CommanderError } from 'commander';
import { addDatasetCommand } from './commands/dataset.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDistanceCommand } from './commands/distance.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addHashCommand } from './commands/hash.ts';
import { addJobsCommand } from './commands/jobs.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addModelsCommand } from './commands/models.ts';
import { addNodesCommand } from './commands/nodes.ts';
import { addStudyCommand } from './commands/study.ts';
import { addUpCommand } from './commands/up.ts';
import { EXIT } from './exit-codes.ts';
import { presentFailure } from './failure.ts';

const AFTER_HELP = `
Begin with:
  npm start
  npm run -s semblance -- generate "a photo of a cat" --seed 7 --out cat.png

Exit codes:
  0 done, 1 broken, 2 wrong usage, 3 no verdict and the fee back, 4 unreachable`;

/** What Commander throws after it has shown help or the version. */
const SHOWN = ['commander.help', 'commander.helpDisplayed', 'commander.version'];

const program = new Command('semblance')
  .description('Generative AI on machines nobody has to trust, agreed on by likeness')
  .version('0.1.0')
  .addHelpText('after', AFTER_HELP)
  // A mistake is told below like every other failure, in one line or as JSON.
  .configureOutput({ outputError: () => {} })
  .exitOverride();

for (const add of [
  addUpCommand,
  addDemoCommand,
  addGenerateCommand,
  addJobsCommand,
  addKeysCommand,
  addNodesCommand,
  addModelsCommand,
  addHashCommand,
  addDistanceCommand,
  addStudyCommand,
  addDatasetCommand,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (error) {
  const shown = error instanceof CommanderError && SHOWN.includes(error.code);
  if (shown) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else process.exitCode = presentFailure(error, { json: process.argv.includes('--json') });
}
