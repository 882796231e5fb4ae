import { loadManifest } from '@semblance/inference/manifest';
import { versions } from '@semblance/inference/versions';
import { compareSamples } from '@semblance/study/compare-samples';
import { RUNTIMES, runtimesNamed, type Sample, takeSamples } from '@semblance/study/sample';
import { formatSamples, SAMPLES_FORMAT, type SampleHeader } from '@semblance/study/sample-file';
import type { Command } from 'commander';
import { interruption } from '../../../interruption.ts';
import { modelFolder } from '../../../model-folder.ts';
import { count, names } from '../../../option-values.ts';
import { makeFolderOf, writeOutput } from '../../../output-file.ts';
import { liveLines } from '../../../progress.ts';
import { print, printJson, safe } from '../../../terminal.ts';
import { comparisonTable } from './comparison-table.ts';
import { readSamples } from './read-samples.ts';

interface TakeOptions {
  model: string;
  runtimes: string[];
  classes?: number;
  seeds: number;
  against?: string;
  out?: string;
  json?: true;
}

const ALL = RUNTIMES.map(({ name }) => name);

/** What this machine makes of a model's classes; what `study samples` means without another word. */
export function addTakeCommand(group: Command): void {
  group
    .command('take', { isDefault: true })
    .description('take samples on every runtime that one machine can be')
    .requiredOption('--model <model>', 'an embedded model, or the folder of one')
    .option('--runtimes <names>', `the first is the reference, of ${ALL.join(', ')}`, names, ALL)
    .option('--classes <n>', "how many of the model's classes (default: all)", count)
    .option('--seeds <n>', 'samples a class', count, 3)
    .option('--against <file>', 'samples of another machine')
    .option('-o, --out <file>', 'keep them: one JSON object a line')
    .option('--json', 'print one JSON object')
    .action(async (options: TakeOptions) => {
      const modelDir = modelFolder(options.model);
      const { id, weightsRoot } = await loadManifest(modelDir);
      const runtimes = runtimesNamed(options.runtimes);
      const there = options.against === undefined ? undefined : await readSamples(options.against);
      if (options.out !== undefined) await makeFolderOf(options.out);
      const { classes, seeds } = options;
      const signal = interruption();
      const samples = await drawn(takeSamples({ modelDir, runtimes, classes, seeds, signal }));
      const header: SampleHeader = {
        format: SAMPLES_FORMAT,
        model: id,
        weightsRoot,
        machine: versions(),
      };
      if (options.out !== undefined) await writeOutput(options.out, formatSamples(header, samples));
      const reference = samples.filter(({ runtime }) => runtime === options.runtimes[0]);
      const here = compareSamples(samples, reference);
      const others = there?.samples ?? [];
      const elsewhere = options.runtimes.flatMap((name) => {
        const of = (all: readonly Sample[]) => all.filter(({ runtime }) => runtime === name);
        return compareSamples(of(samples), of(others));
      });
      if (options.json) return printJson({ samples: samples.length, here, elsewhere });
      print(`Against ${options.runtimes[0]} here\n${comparisonTable(here)}`);
      if (there === undefined) return;
      print(`\nAgainst the same runtime on ${safe(there.header.machine.cpu ?? 'another machine')}`);
      print(comparisonTable(elsewhere));
    });
}

async function drawn(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const live = liveLines();
  const taken: Sample[] = [];
  try {
    for await (const sample of samples) {
      taken.push(sample);
      live.draw([`  ${taken.length} samples, now ${sample.runtime}`]);
    }
  } finally {
    live.clear();
  }
  return taken;
}
