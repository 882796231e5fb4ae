import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { loadManifest, type Manifest } from '@semblance/inference/manifest';
import { modesOf } from '@semblance/inference/modes';
import { PROFILES, QUANTISED, type RuntimeProfile } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline } from '@semblance/inference/text-to-image';
import { averageHash } from '@semblance/perceptual-hash/average-hash';
import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import type { Command } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import { MODELS } from '../../network/layout.ts';
import { counted, paint, print, printJson, safe, short, table } from '../../terminal.ts';

interface CheckOptions {
  variant: string[];
  json?: true;
}

/** Why a model, or a variant of it, may not be served. */
interface Refusal {
  readonly code: string;
  readonly reason: string;
}

/** What one model did in one variant. */
interface VariantCheck {
  readonly variant: string;
  readonly seconds?: number;
  readonly averageHash?: string;
  /** Bits between its average hash and that of the first variant that ran. */
  readonly distance?: number;
  /** Absent when all is well. */
  readonly refused?: Refusal;
}

interface ModelCheck {
  readonly model: string;
  readonly files?: number;
  readonly bytes?: number;
  readonly weightsRoot?: string;
  readonly modes?: readonly string[];
  readonly variants: readonly VariantCheck[];
  readonly refused?: Refusal;
}

const VARIANTS: readonly RuntimeProfile[] = [...PROFILES, ...QUANTISED];
const VARIANT_NAMES = VARIANTS.map(({ name }) => name);

/** Verifies every manifest byte by byte and runs one prompt through each model in each variant. */
export function addModelsCheckCommand(models: Command): void {
  models
    .command('check')
    .description('verify every manifest and run one prompt through each model in each variant')
    .argument('[folder]', 'holds one folder a model', MODELS)
    .option('--variant <name...>', 'runtimes and precisions to run each model in', VARIANT_NAMES)
    .option('--json', 'print one JSON array')
    .action(async (folder: string, options: CheckOptions) => {
      const variants = options.variant.map(variantNamed);
      const checks: ModelCheck[] = [];
      for (const model of await foldersOf(folder)) {
        checks.push(await checkModel(join(folder, model), model, variants));
      }
      if (options.json) printJson(checks);
      else print(readable(checks));
      if (refusalsOf(checks).length > 0) process.exitCode = EXIT.failure;
    });
}

function variantNamed(name: string): RuntimeProfile {
  const variant = VARIANTS.find((one) => one.name === name);
  if (variant === undefined) {
    throw new InvalidInputError('--variant', `no ${name}; there are ${VARIANT_NAMES.join(', ')}`);
  }
  return variant;
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new InvalidInputError('folder', `${folder} cannot be read`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (names.length === 0) throw new InvalidInputError('folder', `${folder} holds no model`);
  return names.sort();
}

async function checkModel(
  directory: string,
  model: string,
  variants: readonly RuntimeProfile[],
): Promise<ModelCheck> {
  const manifest = await loadManifest(directory).catch(refusal);
  if ('refused' in manifest) return { model, variants: [], ...manifest };
  const runs: VariantCheck[] = [];
  for (const variant of variants) {
    const run = await runVariant(directory, variant).catch(refusal);
    runs.push({ variant: variant.name, ...run });
  }
  const first = runs.find(({ averageHash }) => averageHash !== undefined)?.averageHash;
  return { model, ...described(manifest), variants: runs.map((run) => compared(run, first)) };
}

function described(manifest: Manifest) {
  const { files, weightsRoot } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: files.length, bytes, weightsRoot, modes: modesOf(manifest) };
}

/** A refusal is what was asked for; only a defect of ours may end the command. */
function refusal(error: unknown): { readonly refused: Refusal } {
  if (!(error instanceof SemblanceError)) throw error;
  return { refused: { code: error.code, reason: error.message } };
}

async function runVariant(directory: string, variant: RuntimeProfile) {
  const pipeline = await loadPipeline(directory, variant);
  try {
    return await run(pipeline);
  } finally {
    await pipeline.release();
  }
}

async function run(pipeline: Pipeline) {
  const { defaults, suggestedPrompts } = pipeline.manifest;
  const prompt = suggestedPrompts[0] ?? '';
  const started = performance.now();
  const { image } = await pipeline.generate({ ...defaults, prompt, negativePrompt: '', seed: 7n });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, averageHash: toHex(averageHash(image)) };
}

function compared(run: VariantCheck, first: string | undefined): VariantCheck {
  const { averageHash: hash } = run;
  if (hash === undefined || first === undefined) return run;
  const distance = hammingDistance(Buffer.from(hash, 'hex'), Buffer.from(first, 'hex'));
  return { ...run, distance };
}

function refusalsOf(checks: readonly ModelCheck[]): string[] {
  return checks.flatMap(({ model, refused, variants }) => [
    ...(refused ? [`${safe(model)}: ${safe(refused.reason)}`] : []),
    ...variants.flatMap(({ variant, refused: own }) =>
      own ? [`${safe(model)} as ${variant}: ${safe(own.reason)}`] : [],
    ),
  ]);
}

function readable(checks: readonly ModelCheck[]): string {
  const sound = checks.filter(({ refused }) => !refused);
  const models = sound.map(({ model, files, bytes = 0, weightsRoot = '', modes = [] }) => [
    safe(model),
    String(files),
    (bytes / 1e6).toFixed(1),
    short(weightsRoot, 8, 8),
    modes.join(', '),
  ]);
  const runs = sound.flatMap(({ model, variants }) =>
    variants
      .filter(({ refused }) => !refused)
      .map(({ variant, seconds = 0, averageHash = '', distance }) => [
        safe(model),
        variant,
        seconds.toFixed(2),
        averageHash,
        String(distance),
      ]),
  );
  const refusals = refusalsOf(checks);
  return [
    table([['model', 'files', 'MB', 'weights root', 'modes'], ...models], ''),
    '',
    table([['model', 'variant', 'seconds', 'average hash', 'bits off the first'], ...runs], ''),
    ...refusals.map((line) => `${paint('red', 'refused')}  ${line}`),
    '',
    `${counted(runs.length, 'run')} passed, ${refusals.length} refused`,
  ].join('\n');
}
