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
  /** Those of the optional networks that the model has. */
  readonly networks: { readonly [N in OptionalNetwork]?: Session };
  /** Whether the denoiser takes a mask and a masked picture beside its sample. */
  readonly takesMask: boolean;
  readonly schedulerConfig: SchedulerConfig;
  readonly latent: LatentSpace;
}

type OptionalNetwork = (typeof OPTIONAL_NETWORKS)[number];
const OPTIONAL_NETWORKS = ['controlnet', 'vae_encoder', 'upscaler'] as const;

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
  const has = (path: string) => manifest.files.some((file) => file.path === path);
  const readJson = async (path: string) => parseJson(path, await read(path));
  assertPipeline(await readJson('model_index.json'));
  const tokenizer = has('tokenizer/tokenizer.json')
    ? await readJson('tokenizer/tokenizer.json')
    : clipTokenizer(
        await readJson('tokenizer/vocab.json'),
        toUtf8(await read('tokenizer/merges.txt'), 'merges'),
      );
  const tokenize = createTokenizer(tokenizer, await readJson('tokenizer/tokenizer_config.json'));
  const schedulerConfig = parseSchedulerConfig(await readJson('scheduler/scheduler_config.json'));
  const latent = parseLatentSpace(await readJson('vae_decoder/config.json'));
  const takesMask = has('unet/config.json')
    ? parseTakesMask(await readJson('unet/config.json'), latent.channels)
    : false;

  const opened: Session[] = [];
  const load = async (model: OnnxModel) => {
    const session = await loadModel(model, profile, { signal });
    opened.push(session);
    return session;
  };
  const open = async (component: string) => load(await readModel(dir, manifest, component));
  try {
    // the largest first: WebAssembly memory never shrinks, and the rest fits in what it leaves
    const unet = await open('unet');
    const textEncoder = await open('text_encoder');
    const vaeDecoder = await open('vae_decoder');
    const networks: { [N in OptionalNetwork]?: Session } = {};
    for (const name of OPTIONAL_NETWORKS) {
      if (!has(`${name}/model.onnx`)) continue;
      const model = await readModel(dir, manifest, name);
      if (!drawsRandom(model.graph)) networks[name] = await load(model);
    }
    assertResiduals(unet, networks.controlnet);
    const parts = { tokenize, textEncoder, unet, vaeDecoder, networks };
    return { ...parts, takesMask, schedulerConfig, latent };
  } catch (error) {
    await Promise.all(opened.map((session) => session.release()));
    throw error;
  }
}

/** Frees every session. May be called again without effect. */
export async function closeComponents(components: Components): Promise<void> {
  const { textEncoder, unet, vaeDecoder, networks } = components;
  const sessions = [textEncoder, unet, vaeDecoder, ...Object.values(networks)];
  await Promise.all(sessions.map((session) => session.release()));
}

/**
 * Whether a graph may draw random numbers, by the names of ONNX's operators. The first exports of
 * v1.5 have such an encoder: it samples, and what it gives cannot be checked by anyone.
 */
function drawsRandom(graph: Uint8Array): boolean {
  const bytes = Buffer.from(graph.buffer, graph.byteOffset, graph.length);
  return ['RandomNormal', 'RandomUniform', 'Bernoulli', 'Multinomial'].some((operator) =>
    bytes.includes(operator),
  );
}

/** Throws {@link ModelFileError} unless the denoiser takes exactly what the control network gives. */
function assertResiduals(unet: Session, controlnet: Session | undefined): void {
  const plain = ['sample', 'timestep', 'encoder_hidden_states'];
  const taken = unet.inputs.map(({ name }) => name).filter((name) => !plain.includes(name));
  const given = controlnet?.outputs.map(({ name }) => name) ?? [];
  const unmet = taken.find((name) => !given.includes(name));
  if (unmet !== undefined) {
    throw new ModelFileError('unet/model.onnx', `takes ${unmet}, which no network gives`);
  }
  const unused = given.find((name) => !taken.includes(name));
  if (unused !== undefined) {
    throw new ModelFileError('unet/model.onnx', `does not take ${unused} of controlnet/model.onnx`);
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

/** Only a pipeline of the parts this package knows. */
function assertPipeline(json: unknown): void {
  const index = new JsonReader('model_index', json);
  index.choice('_class_name', [
    'OnnxStableDiffusionInpaintPipeline',
    'OnnxStableDiffusionPipeline',
    'ORTStableDiffusionInpaintPipeline',
    'ORTStableDiffusionPipeline',
    'StableDiffusionControlNetPipeline',
    'StableDiffusionInpaintPipeline',
    'StableDiffusionPipeline',
  ]);
  for (const part of ['scheduler', 'text_encoder', 'tokenizer', 'unet', 'vae_decoder']) {
    if (!index.has(part)) throw new InvalidInputError(`model_index.${part}`, 'missing');
  }
}

/** Whether the denoiser takes mask and masked picture too: channels of 1 and of a latent more. */
function parseTakesMask(json: unknown, channels: number): boolean {
  const allowed = [channels, 2 * channels + 1];
  return new JsonReader('unet', json).choice('in_channels', allowed) > channels;
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
