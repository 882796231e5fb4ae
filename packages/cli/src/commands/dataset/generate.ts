import { resolve } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { readManifest } from '@semblance/inference/manifest';
import { profileNamed } from '@semblance/inference/profiles';
import { type TextToImageRequest, validateRequest } from '@semblance/inference/request';
import type { ModelView } from '@semblance/sequencer/views';
import { type ImageClass, readClassFile } from '@semblance/study/class-file';
import {
  type DatasetOptions,
  type DatasetProgress,
  generateDataset,
} from '@semblance/study/dataset';
import { type DatasetPlan, LAYOUTS, type Layout, PLAN_FORMAT } from '@semblance/study/dataset-plan';
import { startLocalMaker } from '@semblance/study/local-maker';
import { readModelClasses } from '@semblance/study/model-classes';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { embeddedModel } from '../../embedded-model.ts';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { gateway } from '../../gateway.ts';
import { interruption } from '../../interruption.ts';
import { bar, liveLines } from '../../progress.ts';
import { print, printJson, safe } from '../../terminal.ts';
import { networkMaker } from './network-maker.ts';

interface GenerateOptions {
  out: string;
  classes?: string;
  perClass: number;
  model: string;
  steps?: number;
  layout: Layout;
  shardSize: number;
  profile?: string;
  threads?: number;
  network?: string;
  apiKey?: string;
  committee?: number;
  jobs?: number;
  json?: true;
}

/** The paper's data set in ImageNet's shape: so many images of each class, and what made each. */
export function addDatasetGenerateCommand(dataset: Command): void {
  const key = process.env.SEMBLANCE_API_KEY;
  dataset
    .command('generate')
    .description(
      'make a data set in the shape of ImageNet; the same command goes on where it ended',
    )
    .requiredOption('-o, --out <folder>', 'that holds the data set, and nothing else')
    .option('--classes <file>', "lines like '0 tench, Tinca tinca' (default: the model's own)")
    .option('--per-class <n>', 'images a class, with the seeds 1 to n', count, 1300)
    .option('--model <id>', 'that makes the images', 'emoji-64')
    .option('--steps <n>', "denoising steps (default: the model's)", count)
    .addOption(layoutOption())
    .option('--shard-size <n>', 'images in a tar archive', count, 1000)
    .option('--profile <name>', 'how to run the model here (default: native-f32)')
    .option('--threads <n>', 'that run it (default: one a core)', count)
    .option('--network <url>', 'have them made as jobs of a network, through its sequencer')
    .option('--api-key <key>', 'of the sequencer, or the SEMBLANCE_API_KEY variable', key)
    .option('--committee <k>', 'nodes that run a job (default: 3)', count)
    .option('--jobs <n>', 'jobs under way at a time (default: 8)', count)
    .option('--json', 'print one JSON object')
    .action(async (options: GenerateOptions) => {
      assertTogether(options);
      const how = options.network ? await onNetwork(options, options.network) : await here(options);
      await generate(resolve(options.out), how, options);
    });
}

type Way = Pick<DatasetOptions, 'plan' | 'startMaker'>;

async function here(options: GenerateOptions): Promise<Way> {
  const profile = profileNamed(options.profile ?? 'native-f32');
  const folder = embeddedModel(options.model);
  const { id, defaults, limits, weightsRoot } = await readManifest(folder);
  const origin = { kind: 'local', profile: profile.name, weightsRoot } as const;
  const request = { ...defaults, steps: options.steps ?? defaults.steps };
  const plan = planOf(options, { model: id, request, origin }, await classesOf(options));
  for (const { prompt } of plan.classes) {
    validateRequest({ ...request, prompt, negativePrompt: '', seed: 1n }, limits);
  }
  return { plan, startMaker: () => startLocalMaker(folder, plan, origin, options.threads) };
}

async function onNetwork(options: GenerateOptions, url: string): Promise<Way> {
  const classes = await classesOf(options);
  const network = gateway(url, options.apiKey);
  const models = await network.models();
  const model = models.find(({ id }) => id === options.model);
  if (!model) {
    const ids = models.map(({ id }) => id).join(', ');
    throw new InvalidInputError('--model', `not one of the network's: ${ids}`);
  }
  const request = {
    ...model.defaults,
    steps: options.steps ?? model.defaults.steps,
    scheduler: model.defaults.scheduler as TextToImageRequest['scheduler'],
  };
  assertOffered(model, request.steps, options.committee ?? 3);
  const origin = { kind: 'network', committeeSize: options.committee ?? 3 } as const;
  const plan = planOf(options, { model: model.id, request, origin }, classes);
  const jobs = options.jobs ?? 8;
  return { plan, startMaker: (run) => networkMaker({ network, plan, origin, run, jobs }) };
}

/** Found out before a plan is written down that no job could be accepted for. */
function assertOffered({ limits, profile }: ModelView, steps: number, committee: number): void {
  const { max_steps: most } = limits;
  if (steps < 1 || steps > most) throw new InvalidInputError('--steps', `not from 1 to ${most}`);
  const sizes = profile.committee_sizes;
  if (sizes.includes(committee)) return;
  throw new InvalidInputError('--committee', `not one of ${sizes.join(', ')}`);
}

async function classesOf({ classes, model }: GenerateOptions): Promise<ImageClass[]> {
  return classes === undefined ? readModelClasses(embeddedModel(model)) : readClassFile(classes);
}

function planOf(
  { layout, shardSize, perClass }: GenerateOptions,
  source: Pick<DatasetPlan, 'model' | 'request' | 'origin'>,
  classes: readonly ImageClass[],
): DatasetPlan {
  return { format: PLAN_FORMAT, ...source, layout, shardSize, perClass, classes };
}

async function generate(dir: string, how: Way, { json }: GenerateOptions): Promise<void> {
  const signal = interruption();
  const live = liveLines();
  const onProgress = drawEvery(100, (progress, seconds) => live.draw(lines(progress, seconds)));
  try {
    const report = await generateDataset({ dir, ...how, signal, onProgress });
    live.clear();
    if (json) return printJson({ out: dir, ...report });
    const { total, made, kept } = report;
    const parts = kept === 0 ? '' : ` (${number(made)} made now, ${number(kept)} found whole)`;
    print(`${safe(dir)}: ${number(total)} images${parts}`);
  } catch (error) {
    live.clear();
    if (!signal.aborted) throw error;
    const message = 'interrupted; the same command goes on from there';
    throw new CommandError('INTERRUPTED', message, EXIT.interrupted, { cause: error });
  }
}

/** Seconds count from the first image that is made. */
function drawEvery(
  milliseconds: number,
  draw: (progress: DatasetProgress, seconds: number) => void,
): (progress: DatasetProgress) => void {
  let drawn = 0;
  let began = performance.now();
  return (progress) => {
    const now = performance.now();
    if (progress.stage === 'verify') began = now;
    if (now - drawn < milliseconds) return;
    drawn = now;
    draw(progress, (now - began) / 1000);
  };
}

function lines({ kept, made, total, stage }: DatasetProgress, seconds: number): string[] {
  const done = kept + made;
  const count = `${bar(done, total)} ${number(done)} of ${number(total)}`;
  if (stage === 'verify') return [`  ${count}, verifying what is there ...`];
  const left = timeText(((total - done) * seconds) / made);
  return [`  ${count}, ${(made / seconds).toFixed(1)} a second, ${left} left`];
}

/** "45 s", "12 min", "3 h 20 min". */
function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What only one of the two ways can heed is a mistake with the other. */
function assertTogether({ network, ...given }: GenerateOptions): void {
  const useless =
    network === undefined ? (['committee', 'jobs'] as const) : (['profile', 'threads'] as const);
  const field = useless.find((name) => given[name] !== undefined);
  if (field === undefined) return;
  const reason = network === undefined ? 'needs --network' : 'not with --network';
  throw new InvalidInputError(`--${field}`, reason);
}

function layoutOption(): Option {
  const option = new Option('--layout <layout>', 'tar archives, or a folder a class');
  return option.choices(LAYOUTS).default('tar');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('not an integer from 0 to 999999999');
}
