import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { JobView } from '@semblance/sequencer/views';
import { EXIT } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import { type Gateway, gateway, type JobOrder } from './gateway.ts';
import { jobReport, progressLines, verdictText } from './job-report.ts';
import { pictureLines } from './picture.ts';
import type { PictureOptions } from './picture-options.ts';
import { liveLines } from './progress.ts';
import { print, printJson } from './terminal.ts';

/** Has a picture made, writes it, and tells who answered what and who was paid. */
export async function makePicture(
  order: JobOrder,
  options: PictureOptions,
  nameOf: (job: JobView) => string,
): Promise<void> {
  const network = gateway(options.url, options.apiKey);
  if (options.out !== undefined) await makeFolderOf(resolve(options.out));
  const job = await runJob(network, order);
  const out = resolve(options.out ?? nameOf(job));
  await writePicture(network, job, out);
  if (options.json) return printJson({ file: out, ...job });
  for (const line of await pictureLines(out)) print(`  ${line}`);
  print(`\n${jobReport(job)}\n  picture   ${out}`);
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
  await makeFolderOf(out);
  await writeFile(out, file).catch((cause) => {
    throw cannotWrite(out, cause);
  });
}

/** Finds out whether a file can be written there, before a fee is spent on it. */
async function makeFolderOf(out: string): Promise<void> {
  if (existsSync(out) && statSync(out).isDirectory()) throw cannotWrite(out, { code: 'EISDIR' });
  try {
    await mkdir(dirname(out), { recursive: true });
    await access(dirname(out), constants.W_OK);
  } catch (cause) {
    throw cannotWrite(out, cause);
  }
}

function cannotWrite(out: string, cause: unknown): CommandError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  const message = `--out: cannot write ${out} (${reason})`;
  return new CommandError('CANNOT_WRITE', message, EXIT.usage, { cause });
}

/** "a photo of a shark" and 7 give a-photo-of-a-shark-7.png. */
export function fileNameOf(prompt: string, seed: string): string {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['picture'];
  return `${words.join('-').slice(0, 60)}-${seed}.png`;
}
