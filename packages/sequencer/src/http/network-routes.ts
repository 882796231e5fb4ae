import { Hono } from 'hono';
import { notFound } from '../errors.ts';
import { nodeView } from '../nodes/node-view.ts';
import type { NodeView, StatusView } from '../views.ts';
import { readLimit } from './query.ts';
import type { Services } from './services.ts';
import { VERSION } from './version.ts';

const USUAL_BLOCKS = 20;
const MAX_BLOCKS = 100;
/** Asking for the nodes costs the chain a query a node. */
const NODES_FRESH_MS = 1_000;

export function networkRoutes(services: Services): Hono {
  const { catalog, recentBlocks } = services;
  const app = new Hono();
  const nodes = freshFor(NODES_FRESH_MS, () => nodeViews(services));
  app.get('/models', async (c) => c.json({ object: 'list', data: await catalog.models() }));
  app.get('/models/:id', async (c) => {
    const id = c.req.param('id');
    const model = (await catalog.models()).find((one) => one.id === id);
    if (!model) {
      const message = `the model '${id.slice(0, 64)}' does not exist`;
      throw notFound('model_not_found', message, 'model');
    }
    return c.json(model);
  });
  app.get('/nodes', async (c) => c.json({ data: await nodes() }));
  app.get('/blocks', async (c) =>
    c.json({ data: await recentBlocks(readLimit(c, USUAL_BLOCKS, MAX_BLOCKS)) }),
  );
  app.get('/status', async (c) => c.json(await statusView(services)));
  return app;
}

async function nodeViews({ chain, directory, feed, ledger }: Services): Promise<NodeView[]> {
  await directory.refresh();
  return Promise.all(
    directory.all().map(async (node) =>
      nodeView(node, {
        isOnline: feed.isOnline(node.address),
        earned: ledger.earned(node.address),
        balance: await chain.query.balance(node.address, chain.denom),
      }),
    ),
  );
}

async function statusView(services: Services): Promise<StatusView> {
  const { chain, directory, ledger, waitingJobs } = services;
  const { chainId, height, appHash } = await chain.query.status();
  return {
    chain_id: chainId,
    height: Number(height),
    app_hash: appHash.toLowerCase(),
    nodes: directory.active().length,
    jobs: {
      queued: waitingJobs(),
      running: ledger.openJobs(),
      settled: ledger.settledJobs(),
    },
    version: VERSION,
  };
}

/** The same answer for everybody who asks within `ms`. */
function freshFor<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let readAt = 0;
  return () => {
    if (!answer || Date.now() - readAt > ms) {
      const reading = read();
      answer = reading;
      readAt = Date.now();
      reading.catch(() => {
        if (answer === reading) answer = undefined;
      });
    }
    return answer;
  };
}
