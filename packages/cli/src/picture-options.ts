import { type Command, InvalidArgumentError } from 'commander';
import { readBounded } from './bounded-file.ts';
import type { JobOrder } from './gateway.ts';
import { addGatewayOptions, type GatewayOptions } from './options.ts';

/** Options of every command that has a picture made from words. */
export interface PictureOptions extends GatewayOptions {
  model?: string;
  negative?: string;
  seed?: string;
  steps?: number;
  size?: string;
  guidance?: number;
  scheduler?: string;
  committee?: number;
  out?: string;
}

export function addPictureOptions(command: Command): Command {
  command
    .option('--model <id>', "the model (default: the network's first)")
    .option('--negative <prompt>', 'what to keep out of the picture')
    .option('--seed <n>', 'from 0 to 2^64-1 (default: random)')
    .option('--steps <n>', 'denoising steps', number)
    .option('--size <WxH>', 'in pixels, e.g. 64x64')
    .option('--guidance <scale>', 'how closely to follow the prompt', number)
    .option('--scheduler <name>', 'unipc, ddim or euler')
    .option('--committee <k>', 'how many nodes run it: 1, 3 or 5', number)
    .option('-o, --out <file>', 'where to write the PNG (default: named after the prompt)');
  return addGatewayOptions(command);
}

/** The order's fields that were given, but for prompt and pictures. */
export function orderOf(options: PictureOptions): JobOrder {
  return given({
    model: options.model,
    negative_prompt: options.negative,
    seed: options.seed,
    steps: options.steps,
    size: options.size,
    guidance_scale: options.guidance,
    scheduler: options.scheduler,
    committee_size: options.committee,
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that are not undefined. */
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}

/** Reads the pictures that were given. Throws CommandError naming the file that cannot be read. */
export async function filesOf<Name extends 'image' | 'mask' | 'control_image'>(
  paths: Readonly<Record<Name, string | undefined>>,
): Promise<{ [N in Name]?: Uint8Array }> {
  const files: { [N in Name]?: Uint8Array } = {};
  for (const [name, path] of Object.entries(paths) as [Name, string | undefined][]) {
    if (path !== undefined) files[name] = await readBounded(path);
  }
  return files;
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('not a number');
  return value;
}
