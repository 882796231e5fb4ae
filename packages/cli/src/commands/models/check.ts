import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { loadManifest, type Manifest } from '@semblance/inference/manifest';
import { profileNamed, type RuntimeProfile } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline } from '@semblance/inference/text-to-image';
import { averageHash } from '@semblance/perceptual-hash/average-hash';
import type { Command } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import { MODELS } from '../../network/layout.ts';
import { counted, paint, print, printJson, safe, short, table } from '../../terminal.ts';

interface CheckOptions {
  profile: string[];
  json?: true;
}

/** What one model did under one profile, or why it may not be served. */
interface Check {
  readonly model: string;
  readonly profile: string;
  readonly files?: number;
  readonly bytes?: number;
  readonly weightsRoot?: string;
  readonly seconds?: number;
  readonly averageHash?: string;
  /** Absent when all is well. */
  readonly refused?: { readonly code: string; readonly reason: string };
}

/** Verifies every manifest byte by byte and runs one prompt through each model. */
export function addModelsCheckCommand(models: Command): void {
  models
    .command('check')
    .description('verify every manifest and run one prompt through each model')
    .argument('[folder]', 'holds one folder a model', MODELS)
    .option('--profile <name...>', 'runtime profiles to run each model on', ['native-f32'])
    .option('--json', 'print one JSON array')
    .action(async (folder: string, options: CheckOptions) => {
      const profiles = options.profile.map(profileNamed);
      const checks: Check[] = [];
      for (const model of await foldersOf(folder)) {
        for (const profile of profiles) checks.push(await check(folder, model, profile));
      }
      if (options.json) printJson(checks);
      else print(readable(checks));
      if (checks.some(({ refused }) => refused)) process.exitCode = EXIT.failure;
    });
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new InvalidInputError('folder', `${folder} cannot be read`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (names.length === 0) throw new InvalidInputError('folder', `${folder} holds no model`);
  return names.sort();
}

async function check(folder: string, model: string, profile: RuntimeProfile): Promise<Check> {
  const named = { model, profile: profile.name };
  try {
    const directory = join(folder, model);
    const manifest = await loadManifest(directory);
    const pipeline = await loadPipeline(directory, profile);
    try {
      return { ...named, ...described(manifest), ...(await run(pipeline)) };
    } finally {
      await pipeline.release();
    }
  } catch (error) {
    // A refusal is what was asked for; only a defect of ours may end the command.
    if (!(error instanceof SemblanceError)) throw error;
    return { ...named, refused: { code: error.code, reason: error.message } };
  }
}

function described({ files, weightsRoot }: Manifest) {
  return {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    weightsRoot,
  };
}

async function run(pipeline: Pipeline) {
  const { defaults, suggestedPrompts } = pipeline.manifest;
  const prompt = suggestedPrompts[0] ?? '';
  const started = performance.now();
  const { image } = await pipeline.generate({ ...defaults, prompt, negativePrompt: '', seed: 7n });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, averageHash: toHex(averageHash(image)) };
}

function readable(checks: readonly Check[]): string {
  const heading = ['model', 'profile', 'files', 'MB', 'weights root', 'seconds', 'average hash'];
  const sound = checks.filter(({ refused }) => !refused);
  const rows = sound.map((one) => [
    safe(one.model),
    one.profile,
    String(one.files),
    ((one.bytes ?? 0) / 1e6).toFixed(1),
    short(one.weightsRoot ?? '', 8, 8),
    (one.seconds ?? 0).toFixed(2),
    one.averageHash ?? '',
  ]);
  const refusals = checks.flatMap(({ model, profile, refused }) =>
    refused
      ? [`${paint('red', 'refused')}  ${safe(model)} on ${profile}: ${safe(refused.reason)}`]
      : [],
  );
  const summary = `${counted(sound.length, 'check')} passed, ${refusals.length} refused`;
  return [table([heading, ...rows], ''), ...refusals, '', summary].join('\n');
}
