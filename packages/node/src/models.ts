import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { encodeImage } from '@semblance/inference/encode';
import { loadManifest, type Manifest } from '@semblance/inference/manifest';
import { modesOf } from '@semblance/inference/modes';
import type { RuntimeProfile } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline, type RgbImage } from '@semblance/inference/text-to-image';
import type { Model } from '@semblance/proto/ml';
import { MODES, type Task } from '@semblance/proto/task';
import { NodeSetupError } from './errors.ts';
import type { Generated, RunOptions } from './generated.ts';
import type { Log } from './log.ts';
import { runTask } from './run-task.ts';

/** The models that this node runs, loaded when first needed and unloaded when idle. */
export interface ModelHost {
  /** Ascending. */
  readonly ids: readonly string[];
  /** @param pictures what the task begins from, in the order in which it names them */
  run(
    model: string,
    task: Task,
    pictures: readonly RgbImage[],
    options: RunOptions,
  ): Promise<Generated>;
  close(): Promise<void>;
}

export interface ModelHostOptions {
  /** Holds one folder a model, each with a manifest.json. */
  readonly modelsDir: string;
  /** Which of them to serve; all that the chain knows when not given. */
  readonly wanted?: readonly string[] | undefined;
  readonly profile: RuntimeProfile;
  /** The chain's registry. */
  readonly registered: readonly Model[];
  /** A model that was not used for so long gives its memory back. */
  readonly idleUnloadMs: number;
  readonly log: Log;
}

/**
 * Checks every file of every model against its manifest, and the manifest's root against the one
 * registered on chain.
 *
 * Throws ModelFileError naming the file, NodeSetupError naming the model.
 */
export async function openModels(options: ModelHostOptions): Promise<ModelHost> {
  const { modelsDir, profile, idleUnloadMs } = options;
  const directories = await findModels(options);
  const loaded = new Map<string, Promise<Pipeline>>();
  let idle: ReturnType<typeof setTimeout> | undefined;
  let running = 0;

  const unload = async (): Promise<void> => {
    const pipelines = [...loaded.values()];
    loaded.clear();
    await Promise.allSettled(pipelines.map(async (pipeline) => (await pipeline).release()));
  };

  const pipelineOf = (model: string): Promise<Pipeline> => {
    const directory = directories.get(model);
    if (directory === undefined) throw new InvalidInputError('model', `${model} is not served`);
    const pipeline = loaded.get(model) ?? loadPipeline(directory, profile);
    loaded.set(model, pipeline);
    // A load that failed is tried again by the next run.
    pipeline.catch(() => loaded.delete(model));
    return pipeline;
  };

  if (directories.size === 0) {
    throw new NodeSetupError('MODEL_UNKNOWN', `${modelsDir} holds no model that the chain knows`, {
      modelsDir,
    });
  }
  return {
    ids: [...directories.keys()].sort(),
    run: async (model, task, pictures, { signal, onProgress }) => {
      clearTimeout(idle);
      running++;
      try {
        const pipeline = await pipelineOf(model);
        const { encoded, latents, image } = await runTask(pipeline, task, pictures, {
          signal,
          onProgress: ({ stage, step, steps }) => onProgress(stage, step, steps),
        });
        return {
          encoded: encoded.map(({ latent }) => littleEndian(latent)),
          latents: latents.map(littleEndian),
          pixels: image.data,
          width: image.width,
          height: image.height,
          file: await encodeImage(image),
        };
      } finally {
        running--;
        // Of runs that overlap the last one sets the clock, or another would find its model gone.
        if (running === 0) idle = setTimeout(() => void unload(), idleUnloadMs).unref();
      }
    },
    close: async () => {
      clearTimeout(idle);
      await unload();
    },
  };
}

async function findModels(options: ModelHostOptions): Promise<Map<string, string>> {
  const { modelsDir, wanted, registered, log } = options;
  const directories = new Map<string, string>();
  for (const name of wanted ?? (await foldersOf(modelsDir))) {
    const onChain = registered.find(({ id }) => id === name);
    if (onChain) {
      const directory = join(modelsDir, name);
      assertRegistered(await loadManifest(directory), onChain);
      directories.set(name, directory);
    } else if (wanted) {
      throw new NodeSetupError('MODEL_UNKNOWN', `model ${name} is not registered on the chain`, {
        model: name,
      });
    } else {
      log('warn', 'model_skipped', { model: name, reason: 'not registered on the chain' });
    }
  }
  return directories;
}

async function foldersOf(modelsDir: string): Promise<string[]> {
  const entries = await readdir(modelsDir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new InvalidInputError('modelsDir', `${modelsDir} cannot be read`, { cause });
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function assertRegistered(manifest: Manifest, model: Model): void {
  const onChain = toHex(model.weightsRoot);
  if (manifest.id === model.id && manifest.weightsRoot === onChain) {
    assertModes(manifest, model);
    return;
  }
  throw new NodeSetupError(
    'MODEL_MISMATCH',
    `model ${model.id}: weights root ${manifest.weightsRoot} of ${manifest.id} is not the chain's ${onChain}`,
    { model: model.id, local: manifest.weightsRoot, onChain },
  );
}

/** A node that is drawn for what its model cannot do would be late through no fault. */
function assertModes(manifest: Manifest, { id, limits }: Model): void {
  const modes: readonly string[] = modesOf(manifest).map((mode) => MODES[mode]);
  const missing = limits?.modes.find((mode) => !modes.includes(mode));
  if (missing === undefined) return;
  throw new NodeSetupError(
    'MODEL_MISMATCH',
    `model ${id} is registered for ${missing}, without the network for it`,
    {
      model: id,
      mode: missing,
    },
  );
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of values.entries()) view.setFloat32(4 * n, value, true);
  return bytes;
}
