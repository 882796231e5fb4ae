import type { Mode } from '@semblance/proto/task';
import { type Context, Hono } from 'hono';
import { ApiError } from '../errors.ts';
import type { Board } from '../jobs/board.ts';
import { type ImagesOrder, parseImagesOrder } from '../jobs/order.ts';
import { prepareOrder } from '../pictures/prepare.ts';
import type { ImagesView, ImageView, JobView } from '../views.ts';
import { callerOf } from './caller.ts';
import { idempotencyOf } from './idempotency.ts';
import { isOver, noSuchJob } from './job-routes.ts';
import { readRequestBody } from './request-body.ts';
import type { Services } from './services.ts';

export function imageRoutes(services: Services): Hono {
  const app = new Hono();
  app.post('/generations', (c) => makeImages(c, services, ['text_to_image', 'control']));
  app.post('/edits', (c) => makeImages(c, services, ['image_to_image', 'inpaint']));
  app.post('/upscales', (c) => makeImages(c, services, ['upscale']));
  return app;
}

/** Answers when the network has a verdict on every image. */
async function makeImages(c: Context, services: Services, modes: readonly Mode[]) {
  const { artifacts, board, catalog, intake, limits } = services;
  const caller = callerOf(c, services);
  const body = await readRequestBody(c, limits);
  const [models, params] = await Promise.all([catalog.models(), catalog.params()]);
  const asked = parseImagesOrder(body.fields, models, params, modes);
  const order = await prepareOrder(asked, artifacts, params);
  const jobs = await intake(caller, order, idempotencyOf(c, caller, body));
  const patience = AbortSignal.timeout(limits.waitMs);
  const signal = AbortSignal.any([c.req.raw.signal, patience]);
  const over = await Promise.all(jobs.map(({ id }) => whenOver(board, id, signal)));
  return c.json(await imagesView(c, services, asked, over));
}

/** The job once it is settled or failed. Throws ApiError when the signal comes first. */
function whenOver(board: Board, id: string, signal: AbortSignal): Promise<JobView> {
  return new Promise((resolve, reject) => {
    const watching = board.watch(id, {
      onJob: (view) => {
        if (isOver(view)) finish(() => resolve(view));
      },
      onProgress: () => {},
    });
    const onAbort = (): void => finish(() => reject(stillRunning(id)));
    const finish = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      settle();
      void watching.then((stop) => stop?.()).catch(() => {});
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    watching.then(
      (stop) => stop ?? finish(() => reject(noSuchJob())),
      (error: unknown) => finish(() => reject(error)),
    );
  });
}

function stillRunning(id: string): ApiError {
  return new ApiError({
    status: 504,
    type: 'server_error',
    code: 'timeout',
    message: `no verdict yet; the job goes on: GET /v1/jobs/${id}`,
  });
}

/** Images that the network agreed on. Throws ApiError when there is none. */
async function imagesView(
  c: Context,
  services: Services,
  order: ImagesOrder,
  jobs: readonly JobView[],
): Promise<ImagesView> {
  const agreed = jobs.filter(({ result }) => result !== null);
  const [first] = jobs;
  if (agreed.length === 0 && first) throw withoutResult(first);
  const { origin } = new URL(c.req.url);
  return {
    created: Math.floor((first?.created_at ?? 0) / 1000),
    data: await Promise.all(agreed.map((job) => imageView(services, order, origin, job))),
  };
}

async function imageView(
  { artifacts }: Services,
  { responseFormat }: ImagesOrder,
  origin: string,
  { id, request, result }: JobView,
): Promise<ImageView> {
  const facts = { seed: request.seed, job_id: id, receipt_url: `${origin}/v1/receipts/${id}` };
  if (responseFormat === 'url') return { url: `${origin}${result?.url}`, ...facts };
  const file = await artifacts(result?.sha256 ?? '');
  if (!file) {
    throw new ApiError({
      status: 502,
      type: 'server_error',
      code: 'artifact_unavailable',
      message: `the network agreed on job ${id}, but nobody serves its file`,
    });
  }
  return { b64_json: Buffer.from(file).toString('base64'), ...facts };
}

const WHY: Record<string, string> = {
  no_majority: 'the nodes returned results that are not alike',
  late: 'too few nodes committed in time',
  withheld: 'too few nodes revealed in time',
  no_nodes: 'too few nodes offer this model',
};

function withoutResult({ id, verdict, error }: JobView): ApiError {
  if (error) {
    const isPoor = error.code === 'insufficient_funds';
    return new ApiError({
      status: isPoor ? 402 : 502,
      type: isPoor ? 'insufficient_funds' : 'server_error',
      code: error.code,
      message: `job ${id}: ${error.message}`,
    });
  }
  return new ApiError({
    status: 502,
    type: 'verdict_error',
    code: verdict ?? 'no_majority',
    message: `${WHY[verdict ?? ''] ?? 'no verdict'}; the fee was refunded (job ${id})`,
  });
}
