import { fromHex, toHex } from '@semblance/core/bytes';
import { type Context, Hono } from 'hono';
import { invalidField, notFound } from '../errors.ts';
import { parseJobOrder } from '../jobs/order.ts';
import { prepareOrder } from '../pictures/prepare.ts';
import type { JobPageView, JobView } from '../views.ts';
import { callerOf, optionalCallerOf } from './caller.ts';
import { idempotencyOf } from './idempotency.ts';
import { readLimit } from './query.ts';
import { readRequestBody } from './request-body.ts';
import type { Services } from './services.ts';

/** A failed submission stays in its sender's list for so long. */
const SHOW_FAILED_MS = 10 * 60_000;
const MAX_JOBS = 100;
const USUAL_JOBS = 30;

export function jobRoutes(services: Services): Hono {
  const { artifacts, board, catalog, intake, limits, streams } = services;
  const app = new Hono();

  app.post('/', async (c) => {
    const caller = callerOf(c, services);
    const body = await readRequestBody(c, limits);
    const [models, params] = await Promise.all([catalog.models(), catalog.params()]);
    const order = await prepareOrder(parseJobOrder(body.fields, models, params), artifacts, params);
    const [job] = await intake(caller, order, idempotencyOf(c, caller, body));
    const id = job?.id ?? '';
    c.header('location', `/v1/jobs/${id}`);
    return c.json(await existing(board.view(id)), 202);
  });

  app.get('/', async (c) => c.json(await listJobs(c, services)));

  app.get('/:id', async (c) => {
    const id = jobIdParam(c);
    return c.json(await existing(board.view(id)));
  });

  app.get('/:id/events', async (c) => {
    const id = jobIdParam(c);
    await existing(board.view(id));
    return streams.open((sink) => {
      const stop = board.watch(id, {
        onJob: (view) => {
          sink.send('job', 'job', view);
          if (isOver(view)) sink.end();
        },
        onProgress: (node, progress) => sink.send(node, 'progress', { node, ...progress }),
      });
      stop.catch(() => sink.end());
      return () => void stop.then((end) => end?.()).catch(() => {});
    });
  });
  return app;
}

async function listJobs(c: Context, services: Services): Promise<JobPageView> {
  const { board, catalog, chain, store } = services;
  const limit = readLimit(c, USUAL_JOBS, MAX_JOBS);
  const before = readCursor(c);
  const caller = optionalCallerOf(c, services);
  const [page] = await Promise.all([
    chain.query.jobs({ limit, ...(before && { before }) }),
    catalog.models(),
  ]);
  const failedSince = Date.now() - SHOW_FAILED_MS;
  // What is not public yet is shown to its sender only, before everything else.
  const own = caller && !before ? store.offChain(caller.keyId, failedSince, limit) : [];
  const onChain = new Set(page.items.map(({ id }) => toHex(id)));
  const offChain = own.filter(({ id }) => !onChain.has(id)).map((job) => board.viewOfStored(job));
  return {
    data: [...offChain, ...page.items.map((job) => board.viewOf(job))],
    next: page.next.length > 0 ? toHex(page.next) : null,
  };
}

function readCursor(c: Context): Uint8Array | undefined {
  const text = c.req.query('before');
  if (text === undefined || text === '') return undefined;
  if (!/^[0-9a-f]{16}$/.test(text)) throw invalidField('before', 'not a cursor of an earlier page');
  return fromHex(text);
}

export function jobIdParam(c: Context): string {
  const id = c.req.param('id')?.toLowerCase() ?? '';
  if (!/^[0-9a-f]{64}$/.test(id)) throw noSuchJob();
  return id;
}

export function noSuchJob() {
  return notFound('job_not_found', 'there is no such job', 'id');
}

async function existing(view: Promise<JobView | undefined>): Promise<JobView> {
  const found = await view;
  if (!found) throw noSuchJob();
  return found;
}

export function isOver({ status }: JobView): boolean {
  return status === 'settled' || status === 'failed';
}
