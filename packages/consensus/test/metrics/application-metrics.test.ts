import { createApplication } from '@semblance/chain/app';
import { CountedStore } from '@semblance/chain/census';
import { expect, onTestFinished, test } from 'vitest';
import { createMemoryStore } from '../../../chain/src/store/memory-store.ts';
import { startChain } from '../../../chain/test/support/chain.ts';
import {
  FUNDED,
  mlGenesis,
  REQUESTER,
  request,
  submitMessage,
} from '../../../chain/test/support/ml.ts';
import { createApplicationMetrics } from '../../src/metrics/application-metrics.ts';
import { serveMetrics } from '../../src/metrics/serve-metrics.ts';

/** A job that nobody does anything about, and a transaction that fails. */
function eventfulChain() {
  const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  const job = submitMessage(request());
  expect(chain.deliver(REQUESTER, [job]).code).toBe(0);
  expect(chain.deliver(REQUESTER, [job]).code).not.toBe(0);
  for (let i = 0; i < 4; i++) chain.block([], 61_000n);
  return chain;
}

test('a watched application does what it did, and tells of it over HTTP', async () => {
  const { blocks, genesis, app } = eventfulChain();
  const store = new CountedStore(createMemoryStore());
  const metrics = createApplicationMetrics({
    stateBytes: () => 4096,
    census: () => store.census,
  });
  const watched = metrics.watch(createApplication({ store }));
  watched.initChain(genesis);
  for (const block of blocks) {
    for (const tx of block.txs) watched.checkTx(tx);
    watched.finalizeBlock(block);
    watched.commit();
  }
  expect(watched.info()).toEqual(app.info());
  const server = await serveMetrics(metrics.registry, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  const response = await fetch(server.url);
  const lines = (await response.text()).split('\n');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(lines).toEqual(
    expect.arrayContaining([
      `semblance_chain_height ${blocks.length}`,
      'semblance_chain_state_bytes 4096',
      'semblance_chain_txs_total{outcome="ok"} 1',
      'semblance_chain_txs_total{outcome="failed"} 1',
      'semblance_chain_checked_txs_total{outcome="ok"} 2',
      'semblance_chain_jobs_total{outcome="submitted"} 1',
      'semblance_chain_jobs_by_phase{phase="commit"} 0',
      'semblance_chain_jobs_by_phase{phase="reveal"} 0',
      'semblance_chain_jobs_by_phase{phase="settled"} 1',
      'semblance_chain_nodes_by_status{status="active"} 3',
      'semblance_chain_nodes_by_status{status="jailed"} 3',
      'semblance_chain_nodes_by_status{status="leaving"} 0',
      `semblance_chain_finalize_block_seconds_count ${blocks.length}`,
      `semblance_chain_commit_seconds_count ${blocks.length}`,
    ]),
  );
  const count = (name: string) =>
    lines
      .filter((line) => line.startsWith(name))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  // The committee is jailed, and the job has its end.
  expect(count('semblance_chain_jailed_nodes_total{')).toBeGreaterThanOrEqual(3);
  expect(count('semblance_chain_jobs_total{')).toBe(2);
});

test('nothing else is served there', async () => {
  const { census } = new CountedStore(createMemoryStore());
  const { registry } = createApplicationMetrics({ stateBytes: () => 0, census: () => census });
  const server = await serveMetrics(registry, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  const root = new URL('/', server.url);
  expect((await fetch(root)).status).toBe(404);
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(404);
});
