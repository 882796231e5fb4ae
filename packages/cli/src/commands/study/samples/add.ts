import { InvalidInputError } from '@semblance/core/errors';
import { loadManifest } from '@semblance/inference/manifest';
import { compareSamples } from '@semblance/study/compare-samples';
import { formatSamples } from '@semblance/study/sample-file';
import { parseTorchSamples } from '@semblance/study/torch-samples';
import { type Command, InvalidArgumentError } from 'commander';
import { readBounded } from '../../../bounded-file.ts';
import { modelFolder } from '../../../model-folder.ts';
import { writeOutput } from '../../../output-file.ts';
import { print, printJson } from '../../../terminal.ts';
import { comparisonTable } from './comparison-table.ts';
import { readSamples } from './read-samples.ts';

interface AddOptions {
  model: string;
  as: string;
  to: string;
  json?: true;
}

/** Takes in what PyTorch on another machine made of the same places. */
export function addAddCommand(samples: Command): void {
  samples
    .command('add')
    .description('add what samples_torch.py wrote to a file of samples, in place of what it had')
    .argument('<file>', 'what samples_torch.py wrote')
    .requiredOption('--model <model>', 'an embedded model, or the folder of one')
    .requiredOption('--as <name>', 'of the machine, as in torch-h200', machineName)
    .requiredOption('--to <file>', 'samples; those of its first runtime are the reference')
    .option('--json', 'print one JSON object')
    .action(async (file: string, { model, as, to, json }: AddOptions) => {
      const manifest = await loadManifest(modelFolder(model));
      const text = (await readBounded(file)).toString('utf8');
      const added = parseTorchSamples(text, as, manifest);
      const { header, samples: there } = await readSamples(to);
      if (header.weightsRoot !== manifest.weightsRoot) {
        throw new InvalidInputError(to, `not of the weights of ${manifest.id}`);
      }
      const names = new Set(added.samples.map(({ runtime }) => runtime));
      const kept = there.filter(({ runtime }) => !names.has(runtime));
      const machine = { ...header.machine, [as]: added.machine };
      await writeOutput(to, formatSamples({ ...header, machine }, [...kept, ...added.samples]));
      const [reference] = kept;
      const comparisons = compareSamples(
        added.samples,
        kept.filter(({ runtime }) => runtime === reference?.runtime),
      );
      if (json) return printJson({ samples: added.samples.length, comparisons });
      print(`Against ${reference?.runtime ?? 'nothing'}\n${comparisonTable(comparisons)}`);
    });
}

function machineName(text: string): string {
  if (/^[a-z0-9-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('not a name of small letters, digits and hyphens');
}
