import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvents, type ServerSentEvent } from '../src/nodes/event-reader.ts';
import type { Sequencer } from '../src/sequencer.ts';
import type { JobView, NodeView } from '../src/views.ts';
import { startGateway, type TestGateway, until } from './support/gateway.ts';

let gateway: TestGateway;
let sequencer: Sequencer;

beforeAll(async () => {
  gateway = await startGateway(3);
  const pageDir = join(gateway.committee.home, 'page');
  await mkdir(join(pageDir, 'assets'), { recursive: true });
  await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(pageDir, 'assets', 'index-1a2b.js'), 'export {};');
  await writeFile(join(gateway.committee.home, 'secret.txt'), 'secret');
  sequencer = await gateway.start({ pageDir });
});
afterAll(() => gateway.remove());

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${sequencer.url}${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function submit(fields = {}, headers = {}): Promise<{ status: number; job: JobView }> {
  const response = await fetch(`${sequencer.url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ prompt: 'a red cat', ...fields }),
  });
  return { status: response.status, job: (await response.json()) as JobView };
}

const settled = (id: string): Promise<JobView> =>
  until(
    () => get<JobView>(`/v1/jobs/${id}`),
    ({ status }) => status === 'settled',
  );

async function eventsOf(id: string): Promise<ServerSentEvent[]> {
  const response = await fetch(`${sequencer.url}/v1/jobs/${id}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events: ServerSentEvent[] = [];
  if (response.body) for await (const event of readEvents(response.body)) events.push(event);
  return events;
}

describe('a job', () => {
  it('is accepted at once and followed by its events to the verdict', async () => {
    const { status, job } = await submit({ steps: 20, seed: 3 });
    expect(status).toBe(202);
    expect(job).toMatchObject({ status: 'queued', verdict: null, committee: [], result: null });
    expect(job.request).toMatchObject({ seed: '3', steps: 20, guidance: 4, negative_prompt: '' });

    const events = await eventsOf(job.id);
    const views = events
      .filter(({ event }) => event === 'job')
      .map(({ data }) => JSON.parse(data) as JobView);
    expect(views.at(-1)).toMatchObject({ id: job.id, status: 'settled', verdict: 'agreed' });
    expect(views.some(({ status: one }) => one === 'running')).toBe(true);
    const progress = events.filter(({ event }) => event === 'progress');
    expect(progress.length).toBeGreaterThan(0);
    for (const { data } of progress) {
      expect(JSON.parse(data)).toMatchObject({ node: expect.stringMatching(/^sem1/) });
    }
    // A stream of a job that is over shows it and ends.
    expect((await eventsOf(job.id)).map(({ event }) => event)).toEqual(['job']);
  });

  it('shows committee, distances, payouts and files', async () => {
    const job = await settled((await submit()).job.id);
    expect(job.committee.map(({ role }) => role)).toEqual(['executor', 'verifier', 'verifier']);
    expect(job).toMatchObject({ hash: 'average', threshold_bits: 6, committee_size: 3 });
    for (const [i, member] of job.committee.entries()) {
      expect(member).toMatchObject({ state: 'revealed', standing: 'majority', fault: '' });
      expect(member.runtime).not.toBe('');
      expect(member.distance).toBe(job.distances[0]?.[i]);
      expect(job.distances[i]?.[i]).toBe(0);
      const file = await fetch(`${sequencer.url}${member.url}`);
      const bytes = Buffer.from(await file.arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(member.sha256);
      expect(bytes.length).toBe(member.bytes);
    }
    const { producer, nodes, refund } = job.payouts;
    const paid = Object.values(nodes).reduce((sum, part) => sum + BigInt(part), BigInt(producer));
    expect(paid + BigInt(refund)).toBe(BigInt(job.fee));

    const { data } = await get<{ data: NodeView[] }>('/v1/nodes');
    expect(data).toHaveLength(3);
    const executor = data.find(({ address }) => address === job.committee[0]?.node);
    expect(executor).toMatchObject({ status: 'active', online: true });
    await until(
      async () => (await get<{ data: NodeView[] }>('/v1/nodes')).data,
      (nodes) => nodes.every(({ earned }) => BigInt(earned) > 0n),
    );
    await until(
      () => get<{ jobs: { running: number; settled: number } }>('/v1/status'),
      ({ jobs }) => jobs.running === 0 && jobs.settled >= 2,
    );
  });

  it('that came by the chain itself is shown like any other', async () => {
    const id = Buffer.from(await gateway.committee.submit(3)).toString('hex');
    const events = await eventsOf(id);
    expect(events.some(({ event }) => event === 'progress')).toBe(true);
    const job = await settled(id);
    expect(job).toMatchObject({ verdict: 'agreed', request: { prompt: 'a red cat' } });
    const { data } = await get<{ data: JobView[] }>('/v1/jobs?limit=1');
    expect(data[0]?.id).toBe(id);
  });

  it('is one job however often its request is repeated under one name', async () => {
    const key = { 'idempotency-key': 'order-7' };
    const [first, second] = await Promise.all([submit({ seed: 1 }, key), submit({ seed: 1 }, key)]);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.job.id).toBe(first.job.id);
    const third = await submit({ seed: 1 }, key);
    expect(third.job.id).toBe(first.job.id);
    expect((await submit({ seed: 2 }, key)).status).toBe(422);
    await settled(first.job.id);
  });

  it('comes in pages, newest first, each once', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: { data: JobView[]; next: string | null } = await get(
        `/v1/jobs?limit=2${next && `&before=${next}`}`,
      );
      seen.push(...page.data.map(({ id }) => id));
      next = page.next;
    }
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('many jobs at once', () => {
  it('go onto the chain in batches, and all settle', async () => {
    const ids = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, seed) => (await submit({ seed, committee_size: 1 })).job.id,
      ),
    );
    const jobs = await Promise.all(ids.map(settled));
    expect(jobs.every(({ verdict }) => verdict === 'agreed')).toBe(true);
    const heights = new Set(jobs.map(({ submitted_height }) => submitted_height));
    expect(heights.size).toBeLessThan(jobs.length);
    const metrics = await (await fetch(`${sequencer.url}/metrics`)).text();
    const batches = Number(/batch_jobs_count (\d+)/.exec(metrics)?.[1]);
    const inBatches = Number(/batch_jobs_sum (\d+)/.exec(metrics)?.[1]);
    expect(inBatches).toBeGreaterThan(batches);
  });
});

describe('the page', () => {
  it('is served with its files, and for addresses that only it knows', async () => {
    const page = await fetch(`${sequencer.url}/`);
    expect(await page.text()).toContain('<title>page</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const again = await fetch(`${sequencer.url}/some/place`);
    expect(await again.text()).toContain('<title>page</title>');
    const etag = page.headers.get('etag') ?? '';
    const unchanged = await fetch(`${sequencer.url}/`, { headers: { 'if-none-match': etag } });
    expect(unchanged.status).toBe(304);
    const script = await fetch(`${sequencer.url}/assets/index-1a2b.js`);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${sequencer.url}/assets/missing.js`)).status).toBe(404);
  });

  it('is all that is served', async () => {
    for (const path of [
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/..%5csecret.txt',
      '/.env',
      '/%00',
    ]) {
      const answer = await fetch(`${sequencer.url}${path}`);
      expect(await answer.text()).not.toContain('secret\n');
      expect([404, 400]).toContain(answer.status);
    }
  });
});
