import { toUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { ModelFileError } from '../errors.ts';
import { JsonReader } from '../json-reader.ts';
import { type Manifest, readPinned } from '../manifest.ts';
import type { OnnxModel } from '../onnx/model.ts';
import type { RuntimeProfile } from '../profiles.ts';
import { loadModel } from '../runtimes/load-model.ts';
import type { Session } from '../runtimes/runtime.ts';
import { parseSchedulerConfig, type SchedulerConfig } from '../schedulers/config.ts';
import { clipTokenizer } from './clip-tokenizer.ts';
import { createTokenizer, type Tokenize } from './tokenizer.ts';

/** A Stable Diffusion model, opened: the folder layout of its ONNX export. */
export interface Components {
  readonly tokenize: Tokenize;
  readonly textEncoder: Session;
  readonly unet: Session;
  readonly vaeDecoder: Session;
  readonly schedulerConfig: SchedulerConfig;
  readonly latent: LatentSpace;
}

interface LatentSpace {
  readonly channels: number;
  /** Pixels a side of one latent cell. */
  readonly factor: number;
  /** Latents are divided by this before they are decoded. */
  readonly scaling: number;
}

/** Opens every component from the pinned files. @throws ModelFileError, InvalidInputError, RuntimeError */
export async function openComponents(
  dir: string,
  manifest: Manifest,
  profile: RuntimeProfile,
  signal: AbortSignal | undefined,
): Promise<Components> {
  const read = (path: string) => readPinned(dir, manifest, path);
  const readJson = async (path: string) => parseJson(path, await read(path));
  assertPipeline(await readJson('model_index.json'));
  const tokenizer = manifest.files.some(({ path }) => path === 'tokenizer/tokenizer.json')
    ? await readJson('tokenizer/tokenizer.json')
    : clipTokenizer(
        await readJson('tokenizer/vocab.json'),
        toUtf8(await read('tokenizer/merges.txt'), 'merges'),
      );
  const tokenize = createTokenizer(tokenizer, await readJson('tokenizer/tokenizer_config.json'));
  const schedulerConfig = parseSchedulerConfig(await readJson('scheduler/scheduler_config.json'));
  const latent = parseLatentSpace(await readJson('vae_decoder/config.json'));

  const opened: Session[] = [];
  const open = async (component: string) => {
    const session = await loadModel(await readModel(dir, manifest, component), profile, { signal });
    opened.push(session);
    return session;
  };
  try {
    // the largest first: WebAssembly memory never shrinks, and the rest fits in what it leaves
    const unet = await open('unet');
    const textEncoder = await open('text_encoder');
    const vaeDecoder = await open('vae_decoder');
    return { tokenize, textEncoder, unet, vaeDecoder, schedulerConfig, latent };
  } catch (error) {
    await Promise.all(opened.map((session) => session.release()));
    throw error;
  }
}

/** A component's graph, and the files beside it that hold weights too large for it. */
async function readModel(dir: string, manifest: Manifest, component: string): Promise<OnnxModel> {
  const external = new Map<string, Uint8Array>();
  for (const { path } of manifest.files) {
    const [folder, name] = path.split('/') as [string, string?];
    if (folder !== component || !/\.(onnx_data|pb)$/.test(name ?? '')) continue;
    external.set(name as string, await readPinned(dir, manifest, path));
  }
  return { graph: await readPinned(dir, manifest, `${component}/model.onnx`), external };
}

function parseJson(path: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ModelFileError(path, 'not JSON', { cause });
  }
}

/** Only a text-to-image pipeline of the parts this package knows. */
function assertPipeline(json: unknown): void {
  const index = new JsonReader('model_index', json);
  index.choice('_class_name', [
    'OnnxStableDiffusionPipeline',
    'ORTStableDiffusionPipeline',
    'StableDiffusionPipeline',
  ]);
  for (const part of ['scheduler', 'text_encoder', 'tokenizer', 'unet', 'vae_decoder']) {
    if (!index.has(part)) throw new InvalidInputError(`model_index.${part}`, 'missing');
  }
}

/** From the decoder's config; each of its levels but one doubles the side. */
function parseLatentSpace(json: unknown): LatentSpace {
  const config = new JsonReader('vae_decoder', json);
  const { block_out_channels: blocks } = json as { block_out_channels?: unknown };
  if (!Array.isArray(blocks) || blocks.length < 1 || blocks.length > 6) {
    throw new InvalidInputError('vae_decoder.block_out_channels', 'not a list of 1 to 6');
  }
  return {
    channels: config.integer('latent_channels', 1, 64),
    factor: 2 ** (blocks.length - 1),
    // absent in the configs of the first releases of v1.5
    scaling: config.has('scaling_factor') ? config.real('scaling_factor', 1e-6, 1e6) : 0.18215,
  };
}
