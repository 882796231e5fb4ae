import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updateNode } from '@semblance/client/messages';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keyAt } from '../../client/test/support/solo.ts';
import { openDiskCache } from '../src/artifacts/disk-cache.ts';
import { fetchFile } from '../src/artifacts/fetch-file.ts';
import type { JobView } from '../src/views.ts';
import { startGateway, type TestGateway, until } from './support/gateway.ts';

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const servers: Server[] = [];

async function serve(answer: RequestListener): Promise<URL> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/file`);
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe('a file from a node', () => {
  const bytes = randomBytes(1_000);
  const fetchFrom = (url: URL, signal = new AbortController().signal) =>
    fetchFile(url, sha256Of(bytes), 2_000, signal);

  it('is taken when it has the hash', async () => {
    const url = await serve((_, answer) => answer.end(bytes));
    expect(sha256Of(await fetchFrom(url))).toBe(sha256Of(bytes));
  });

  it.each<[string, RequestListener, string]>([
    ['other bytes', (_, answer) => answer.end('x'), 'another hash'],
    ['too many bytes', (_, answer) => answer.end(Buffer.alloc(1_000_000)), 'more than 2000 bytes'],
    ['an error', (_, answer) => answer.writeHead(500).end(), 'HTTP 500'],
    ['a redirect', (_, answer) => answer.writeHead(302, { location: '/' }).end(), 'fetch failed'],
    ['half an answer', (_, answer) => answer.write('x', () => answer.destroy()), 'terminated'],
  ])('is refused when it is %s', async (_, listener, reason) => {
    await expect(fetchFrom(await serve(listener))).rejects.toThrow(reason);
  });

  it('that never ends is given up with its caller', async () => {
    const url = await serve((_, answer) => void answer.write('x'));
    const abort = new AbortController();
    const fetched = fetchFrom(url, abort.signal);
    abort.abort(new Error('enough'));
    await expect(fetched).rejects.toThrow('enough');
  });
});

describe('the cache', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'semblance-cache-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('keeps files over a restart, drops the oldest, and trusts no disk', async () => {
    const files = Array.from({ length: 3 }, () => randomBytes(100));
    const names = files.map(sha256Of) as [string, string, string];
    const cache = await openDiskCache(dir, 250);
    for (const [i, file] of files.entries()) await cache.put(names[i] as string, file);
    expect(await cache.get(names[0])).toBeUndefined();
    expect(await cache.get(names[2])).toEqual(files[2]);

    await writeFile(join(dir, 'ab.half-written'), 'x');
    const again = await openDiskCache(dir, 250);
    expect(await again.get(names[1])).toEqual(files[1]);
    expect(await readdir(dir)).not.toContain('ab.half-written');

    await writeFile(join(dir, names[1].slice(0, 2), names[1]), 'rot');
    expect(await again.get(names[1])).toBeUndefined();
  });
});

describe('a result', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway(1);
  });
  afterAll(() => gateway.remove());

  it('is read from the chain when its node lies about it', async () => {
    const asked: string[] = [];
    const liar = await serve((request, answer) => {
      asked.push(request.url ?? '');
      answer.end('another picture');
    });
    const { chain, model, network } = gateway.committee;
    const signer = keyAt(network, 1).signer('sem');
    const endpoint = liar.origin;
    const [operator, node, runtime] = [signer.address, signer.address, 'liar'];
    await chain.broadcast(signer, [
      updateNode({ operator, node, addStake: '0', models: [model], endpoint, runtime }),
    ]);

    const { url } = await gateway.start();
    const submitted = await fetch(`${url}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a red cat', committee_size: 1 }),
    });
    const { id } = (await submitted.json()) as JobView;
    const job = await until(
      async () => (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as JobView,
      ({ status }) => status === 'settled',
    );
    expect(job.committee[0]?.runtime).toBe('liar');
    const file = await fetch(`${url}${job.result?.url}`);
    expect(sha256Of(Buffer.from(await file.arrayBuffer()))).toBe(job.result?.sha256);
    expect(asked).toContain(`/artifacts/${job.result?.sha256}`);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/artifacts_total\{source="chain"\} 1/);
  });
});
