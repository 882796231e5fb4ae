import { torchPlaces } from '@semblance/study/torch-places';
import type { Command } from 'commander';
import { modelFolder } from '../../../model-folder.ts';
import { count } from '../../../option-values.ts';
import { makeFolderOf, writeOutput } from '../../../output-file.ts';
import { counted, print, printJson } from '../../../terminal.ts';

interface PrepareOptions {
  model: string;
  classes?: number;
  seeds: number;
  out: string;
  json?: true;
}

/** What PyTorch on another machine needs to take the same samples. */
export function addPrepareCommand(samples: Command): void {
  samples
    .command('prepare')
    .description('write the places, noise and directions that samples_torch.py takes samples with')
    .requiredOption('--model <model>', 'an embedded model, or the folder of one')
    .option('--classes <n>', "how many of the model's classes (default: all)", count)
    .option('--seeds <n>', 'samples a class', count, 3)
    .requiredOption('-o, --out <file>', 'where to: one JSON object')
    .option('--json', 'print one JSON object')
    .action(async ({ model, classes, seeds, out, json }: PrepareOptions) => {
      const modelDir = modelFolder(model);
      await makeFolderOf(out);
      const prepared = await torchPlaces({ modelDir, classes, seeds });
      await writeOutput(out, JSON.stringify(prepared));
      const places = prepared.places.length;
      if (json) printJson({ places });
      else print(`${counted(places, 'place')}; next, on the other machine: samples_torch.py`);
    });
}
