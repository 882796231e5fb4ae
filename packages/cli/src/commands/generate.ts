import { resolve } from 'node:path';
import type { JobView } from '@semblance/sequencer/views';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { type Gateway, gateway, type JobOrder } from '../gateway.ts';
import { jobReport, progressLines, verdictText } from '../job-report.ts';
import { addGatewayOptions, type GatewayOptions } from '../options.ts';
import { makeFolderOf, writeOutput } from '../output-file.ts';
import { pictureLines } from '../picture.ts';
import { liveLines } from '../progress.ts';
import { print, printJson } from '../terminal.ts';

interface GenerateOptions extends GatewayOptions {
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

/** Has the network make a picture, and writes it when the nodes agree. */
export function addGenerateCommand(program: Command): void {
  const command = program
    .command('generate')
    .description('have the network make a picture, and write it when the nodes agree')
    .argument('<prompt>', 'what to show, e.g. "a photo of a shark"')
    .option('--model <id>', "the model (default: the network's first)")
    .option('--negative <prompt>', 'what to keep out of the picture')
    .option('--seed <n>', 'from 0 to 2^64-1 (default: random)')
    .option('--steps <n>', 'denoising steps', number)
    .option('--size <WxH>', 'in pixels, e.g. 64x64')
    .option('--guidance <scale>', 'how closely to follow the prompt', number)
    .option('--scheduler <name>', 'unipc, ddim or euler')
    .option('--committee <k>', 'how many nodes run it: 1, 3 or 5', number)
    .option('-o, --out <file>', 'where to write the PNG (default: named after the prompt)');
  addGatewayOptions(command).action(async (prompt: string, options: GenerateOptions) => {
    const network = gateway(options.url, options.apiKey);
    if (options.out !== undefined) await makeFolderOf(resolve(options.out));
    const job = await runJob(network, orderOf(prompt, options));
    const out = resolve(options.out ?? fileNameOf(prompt, job.request.seed));
    await writePicture(network, job, out);
    if (options.json) return printJson({ file: out, ...job });
    for (const line of await pictureLines(out)) print(`  ${line}`);
    print(`\n${jobReport(job)}\n  picture   ${out}`);
  });
}

/** Submits a job and follows it to its verdict. Throws when there is none to pay for. */
export async function runJob(
  network: Gateway,
  order: JobOrder,
  signal?: AbortSignal,
): Promise<JobView> {
  const live = liveLines();
  try {
    let job = await network.submit(order);
    for await (const view of network.follow(job.id, signal)) {
      job = view;
      live.draw(progressLines(job));
    }
    if (job.status === 'settled' && job.verdict === 'agreed') return job;
    if (job.status === 'settled') {
      throw new CommandError(`VERDICT_${job.verdict}`, verdictText(job), EXIT.noVerdict);
    }
    const { code, message } = job.error ?? { code: 'INTERRUPTED', message: 'the answer broke off' };
    throw new CommandError(code, message, EXIT.failure);
  } finally {
    live.clear();
  }
}

export async function writePicture(network: Gateway, job: JobView, out: string): Promise<void> {
  if (job.result === null) {
    throw new CommandError('NO_RESULT', 'the job has no picture', EXIT.failure);
  }
  const file = await network.artifact(job.result.sha256);
  await writeOutput(out, file);
}

/** "a photo of a shark" and 7 give a-photo-of-a-shark-7.png. */
export function fileNameOf(prompt: string, seed: string): string {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['picture'];
  return `${words.join('-').slice(0, 60)}-${seed}.png`;
}

function orderOf(prompt: string, options: GenerateOptions): JobOrder {
  const fields = {
    model: options.model,
    negative_prompt: options.negative,
    seed: options.seed,
    steps: options.steps,
    size: options.size,
    guidance_scale: options.guidance,
    scheduler: options.scheduler,
    committee_size: options.committee,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { prompt, ...Object.fromEntries(given) };
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('not a number');
  return value;
}
