import { InvalidInputError } from '@semblance/core/errors';
import type { JobView, ModeName, RequestView } from '@semblance/sequencer/views';
import type { Command } from 'commander';
import { type Gateway, gateway } from '../gateway.ts';
import { jobReport } from '../job-report.ts';
import { addGatewayOptions, type GatewayOptions } from '../options.ts';
import { paint, print, printJson, safe, sem, short, table } from '../terminal.ts';

/** Recent jobs, or one job whole. */
export function addJobsCommand(program: Command): void {
  const command = program
    .command('jobs')
    .description('list recent jobs, or show one whole')
    .argument('[id]', 'job id in hex, or how one of the last 100 begins')
    .option('--limit <n>', 'how many', '20');
  addGatewayOptions(command).action(
    async (id: string | undefined, options: GatewayOptions & { limit: string }) => {
      const network = gateway(options.url, options.apiKey);
      if (id !== undefined) {
        const job = await network.job(await wholeId(network, id));
        if (options.json) return printJson(job);
        return print(`\n${requestLines(job)}\n\n${jobReport(job)}\n`);
      }
      const jobs = await network.jobs(limitOf(options.limit));
      if (options.json) return printJson(jobs);
      const rows = jobs.map((job) => [
        job.id.slice(0, 12),
        (job.verdict ?? job.status).replace('_', ' '),
        String(new Set(job.committee.map((member) => member.sha256).filter(Boolean)).size),
        sem(job.fee),
        short(titleOf(job.request), 36, 0),
      ]);
      print(table([['job', 'verdict', 'files', 'fee', 'prompt'], ...rows], ''));
    },
  );
}

function requestLines({ id, request }: JobView): string {
  const { model, mode, seed, steps, width, height, scheduler, inputs } = request;
  const walk = mode === 'upscale' ? '' : `, seed ${seed}, ${steps} steps of ${scheduler}`;
  const lines = [
    titleOf(request),
    paint('dim', `${model}${walk}, ${width}x${height}`),
    ...inputs.map(({ name, sha256 }) => paint('dim', `${name} ${sha256}`)),
    paint('dim', id),
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}

const MODES: Readonly<Record<ModeName, string>> = {
  text_to_image: '',
  image_to_image: ', varied',
  inpaint: ', painted over',
  control: ', along the lines of a picture',
  upscale: 'enlarged twice',
};

function titleOf({ mode, prompt }: RequestView): string {
  return mode === 'upscale' ? MODES[mode] : `${safe(prompt)}${MODES[mode]}`;
}

async function wholeId(network: Gateway, start: string): Promise<string> {
  if (start.length === 64) return start;
  const matches = (await network.jobs(100)).filter((job) => job.id.startsWith(start.toLowerCase()));
  if (matches.length === 1 && matches[0]) return matches[0].id;
  const reason = matches.length === 0 ? 'no recent job begins so' : 'several jobs begin so';
  throw new InvalidInputError('id', reason);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new InvalidInputError('--limit', 'from 1 to 100');
  }
  return limit;
}
