import { resolve } from 'node:path';
import type { JobView } from '@semblance/sequencer/views';
import { EXIT } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import { type Gateway, gateway, type JobOrder } from './gateway.ts';
import { jobReport, progressLines, verdictText } from './job-report.ts';
import { makeFolderOf, writeOutput } from './output-file.ts';
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
  await writeOutput(out, await network.artifact(job.result.sha256));
}

/** "a photo of a shark" and 7 give a-photo-of-a-shark-7.png. */
export function fileNameOf(prompt: string, seed: string): string {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['picture'];
  return `${words.join('-').slice(0, 60)}-${seed}.png`;
}
