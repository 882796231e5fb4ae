import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp, type HttpServer, startHttp } from '../src/http.ts';
import { createMetrics } from '../src/metrics.ts';
import { createProgressHub, type ProgressHub } from '../src/progress.ts';
import { openRunStore } from '../src/run-store.ts';

let home: string;
let progress: ProgressHub;
let server: HttpServer;
let url: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'semblance-http-'));
  const runs = await openRunStore(home, 1);
  progress = createProgressHub();
  const metrics = createMetrics({ queue: () => 2, storedBytes: () => 3 });
  const app = createApp({ runs, progress, metrics, health: () => ({ status: 'ok' }) });
  server = await startHttp(app, '127.0.0.1', 0);
  url = `http://127.0.0.1:${server.port}`;
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

describe('the node over HTTP', () => {
  it('tells its health and its metrics', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('semblance_node_queued_runs 2');
    expect(metrics).toMatch(/semblance_node_resident_memory_bytes \d{7,}/);
  });

  it('knows nothing by hostile names', async () => {
    const names = ['x', '..%2f..%2fkey.json', '0'.repeat(63), '0'.repeat(64), '%00'];
    for (const name of names) {
      for (const route of ['artifacts', 'trajectories']) {
        expect((await fetch(`${url}/${route}/${name}`)).status).toBe(404);
      }
    }
  });

  it('streams progress as it happens', async () => {
    const abort = new AbortController();
    const response = await fetch(`${url}/events`, { signal: abort.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    progress.publish({ job: 'a', stage: 'step', step: 1, steps: 4 });
    progress.publish({ job: 'a', stage: 'committed', step: 4, steps: 4 });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('committed')) text += (await reader?.read())?.value ?? '';
    abort.abort();
    const [first] = text.split('\n\n');
    expect(first).toBe('event: progress\ndata: {"job":"a","stage":"step","step":1,"steps":4}');
  });

  it('turns listeners away above a hundred', async () => {
    const abort = new AbortController();
    const open = await Promise.all(
      Array.from({ length: 100 }, () => fetch(`${url}/events`, { signal: abort.signal })),
    );
    expect(open.every(({ status }) => status === 200)).toBe(true);
    expect((await fetch(`${url}/events`)).status).toBe(503);
    abort.abort();
    await expect
      .poll(
        async () => {
          const again = await fetch(`${url}/events`);
          await again.body?.cancel();
          return again.status;
        },
        { timeout: 5_000 },
      )
      .toBe(200);
  });
});
