import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sequencer } from '../src/sequencer.ts';
import type { BlockView, JobPageView } from '../src/views.ts';
import { getJson, startGateway, type TestGateway } from './support/gateway.ts';

/* What a caller may get wrong. No node runs: nothing here may become a job. */

let gateway: TestGateway;
let sequencer: Sequencer;

beforeAll(async () => {
  gateway = await startGateway(0);
  sequencer = await gateway.start();
});
afterAll(() => gateway.remove());

const good = { model: 'test-tiny', prompt: 'a red cat' };

interface Answer {
  readonly status: number;
  readonly error: { message: string; type: string; param: string | null; code: string | null };
}

async function post(path: string, body: string | Uint8Array, headers = {}): Promise<Answer> {
  const response = await fetch(`${sequencer.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

/** A request with headers that fetch would not send. */
function raw(path: string, headers: Record<string, string>, method = 'GET', body?: string) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const asked = request(`${sequencer.url}${path}`, { method, headers }, (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode, headers: answer.headers });
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );
}

describe.each(['/v1/images/generations', '/v1/jobs'])('POST %s refuses', (path) => {
  const table: [string, unknown, string | null, number, string][] = [
    ['no prompt', { model: 'test-tiny' }, 'prompt', 400, 'missing_required_parameter'],
    ['an empty prompt', { ...good, prompt: '' }, 'prompt', 400, 'invalid_value'],
    ['a blank prompt', { ...good, prompt: ' \n\t' }, 'prompt', 400, 'invalid_value'],
    ['a prompt that is no text', { ...good, prompt: ['a'] }, 'prompt', 400, 'invalid_type'],
    [
      'a long prompt',
      { ...good, prompt: 'é'.repeat(600) },
      'prompt',
      400,
      'string_above_max_length',
    ],
    ['a lone surrogate', { ...good, prompt: '\ud800' }, 'prompt', 400, 'invalid_value'],
    ['a control character', { ...good, prompt: 'a\u0000b' }, 'prompt', 400, 'invalid_value'],
    [
      'a negative prompt that is no text',
      { ...good, negative_prompt: 1 },
      'negative_prompt',
      400,
      'invalid_type',
    ],
    ['an unknown model', { ...good, model: 'nothing' }, 'model', 404, 'model_not_found'],
    ['a model that is no text', { ...good, model: {} }, 'model', 400, 'invalid_type'],
    ['a negative seed', { ...good, seed: -1 }, 'seed', 400, 'invalid_value'],
    ['a negative seed as text', { ...good, seed: '-1' }, 'seed', 400, 'invalid_value'],
    ['a fraction as seed', { ...good, seed: 1.5 }, 'seed', 400, 'invalid_value'],
    ['a seed of 2^53', { ...good, seed: 2 ** 53 }, 'seed', 400, 'invalid_value'],
    ['a seed of 2^64', { ...good, seed: '18446744073709551616' }, 'seed', 400, 'invalid_value'],
    ['a hexadecimal seed', { ...good, seed: '0x7' }, 'seed', 400, 'invalid_value'],
    ['an endless seed', { ...good, seed: '9'.repeat(1000) }, 'seed', 400, 'invalid_value'],
    ['a boolean seed', { ...good, seed: true }, 'seed', 400, 'invalid_type'],
    ['a malformed size', { ...good, size: '64' }, 'size', 400, 'invalid_value'],
    ['a size with a sign', { ...good, size: '-16x16' }, 'size', 400, 'invalid_value'],
    ['a size with a fraction', { ...good, size: '16.5x16' }, 'size', 400, 'invalid_value'],
    ['a size off the multiple', { ...good, size: '17x16' }, 'size', 400, 'invalid_value'],
    ['a size too small', { ...good, size: '8x16' }, 'size', 400, 'invalid_value'],
    ['a size too large', { ...good, size: '16x72' }, 'size', 400, 'invalid_value'],
    ['a huge size', { ...good, size: '4294967296x16' }, 'size', 400, 'invalid_value'],
    ['a size that is no text', { ...good, size: 64 }, 'size', 400, 'invalid_type'],
    ['no steps', { ...good, steps: 0 }, 'steps', 400, 'invalid_value'],
    ['too many steps', { ...good, steps: 51 }, 'steps', 400, 'invalid_value'],
    ['ten thousand steps', { ...good, steps: 10_000 }, 'steps', 400, 'invalid_value'],
    ['half a step', { ...good, steps: 1.5 }, 'steps', 400, 'invalid_value'],
    ['steps as text', { ...good, steps: '4' }, 'steps', 400, 'invalid_type'],
    ['guidance below', { ...good, guidance_scale: -0.1 }, 'guidance_scale', 400, 'invalid_value'],
    ['guidance above', { ...good, guidance_scale: 31 }, 'guidance_scale', 400, 'invalid_value'],
    ['an unknown scheduler', { ...good, scheduler: 'magic' }, 'scheduler', 400, 'invalid_value'],
    ['a committee of two', { ...good, committee_size: 2 }, 'committee_size', 400, 'invalid_value'],
    [
      'a committee of seven',
      { ...good, committee_size: 7 },
      'committee_size',
      400,
      'invalid_value',
    ],
    ['no pictures', { ...good, n: 0 }, 'n', 400, 'invalid_value'],
    ['five pictures', { ...good, n: 5 }, 'n', 400, 'invalid_value'],
    [
      'an unknown format',
      { ...good, response_format: 'gif' },
      'response_format',
      400,
      'invalid_value',
    ],
    ['a stream', { ...good, stream: true }, 'stream', 400, 'invalid_value'],
    ['a list', [good], null, 400, 'invalid_json'],
    ['null', null, null, 400, 'invalid_json'],
  ];

  it.each(table)('%s', async (_, body, param, status, code) => {
    const answer = await post(path, JSON.stringify(body));
    expect(answer).toMatchObject({ status, error: { param, code } });
    expect(answer.error.type).toBe('invalid_request_error');
    if (param !== null && status === 400) expect(answer.error.message).toMatch(`${param}: `);
  });

  it('a seed that JSON has already rounded, telling the way out', async () => {
    const answer = await post(path, '{"prompt":"a","seed":18446744073709551615}');
    expect(answer.error.message).toContain('decimal string');
  });

  it('what is not JSON, not UTF-8 or not said to be JSON', async () => {
    expect(await post(path, '{"prompt":')).toMatchObject({
      status: 400,
      error: { code: 'invalid_json' },
    });
    const notUtf8 = Buffer.concat([
      Buffer.from('{"prompt":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]);
    expect(await post(path, notUtf8)).toMatchObject({
      status: 400,
      error: { code: 'invalid_utf8' },
    });
    const form = { 'content-type': 'text/plain' };
    expect(await post(path, JSON.stringify(good), form)).toMatchObject({ status: 415 });
  });

  it('ten megabytes, without reading them', async () => {
    const body = JSON.stringify({ ...good, prompt: 'a'.repeat(10_000_000) });
    expect(await post(path, body)).toMatchObject({
      status: 413,
      error: { code: 'request_too_large' },
    });
    // The same without a length told ahead.
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(97)),
    });
    const init = { method: 'POST', body: endless, duplex: 'half' };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${sequencer.url}${path}`, { ...init, headers } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it('a malformed Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'a b' };
    expect(await post(path, JSON.stringify(good), headers)).toMatchObject({
      status: 400,
      error: { param: 'Idempotency-Key' },
    });
  });

  it('pages of other origins', async () => {
    const headers = { origin: 'http://evil.example' };
    expect(await post(path, JSON.stringify(good), headers)).toMatchObject({ status: 403 });
  });
});

describe('the server', () => {
  it('made no job of any of this', async () => {
    const { data } = await getJson<JobPageView>(`${sequencer.url}/v1/jobs`);
    expect(data).toEqual([]);
  });

  it('answers unknown addresses, methods and names in the same shape', async () => {
    const ask = async (path: string, method = 'GET'): Promise<Answer> => {
      const response = await fetch(`${sequencer.url}${path}`, { method });
      return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
    };
    const none = '0'.repeat(64);
    expect(await ask('/v1/chat/completions', 'POST')).toMatchObject({
      status: 404,
      error: { code: 'unknown_url' },
    });
    expect(await ask('/v1/images/generations')).toMatchObject({ status: 405 });
    expect(await ask(`/v1/jobs/${none}`)).toMatchObject({
      status: 404,
      error: { code: 'job_not_found' },
    });
    expect(await ask('/v1/jobs/..%2f..')).toMatchObject({ status: 404 });
    expect(await ask(`/v1/jobs/${none}/events`)).toMatchObject({ status: 404 });
    expect(await ask(`/v1/artifacts/${none}`)).toMatchObject({ status: 404 });
    expect(await ask('/v1/artifacts/x')).toMatchObject({ status: 404 });
    expect(await ask(`/v1/receipts/${none}`)).toMatchObject({ status: 404 });
    expect(await ask('/v1/jobs?limit=0')).toMatchObject({ status: 400, error: { param: 'limit' } });
    expect(await ask('/v1/jobs?limit=101')).toMatchObject({ status: 400 });
    expect(await ask('/v1/jobs?before=x')).toMatchObject({
      status: 400,
      error: { param: 'before' },
    });
    expect(await ask('/v1/blocks?limit=1e3')).toMatchObject({ status: 400 });
  });

  it('answers to its own names only', async () => {
    const { port } = new URL(sequencer.url);
    const status = async (host: string) => (await raw('/v1/status', { host })).status;
    expect(await status(`127.0.0.1:${port}`)).toBe(200);
    expect(await status(`localhost:${port}`)).toBe(200);
    expect(await status(`[::1]:${port}`)).toBe(200);
    expect(await status(`evil.example:${port}`)).toBe(421);
    expect(await status('127.0.0.1.evil.example')).toBe(421);
    // Not even an address.
    expect(await status('localhost@evil.example')).toBe(400);
  });

  it('lets pages of this machine in, and no others', async () => {
    const preflight = { 'access-control-request-method': 'POST' };
    const allowed = async (origin: string) =>
      (await raw('/v1/jobs', { origin, ...preflight }, 'OPTIONS')).headers[
        'access-control-allow-origin'
      ];
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('http://127.0.0.1:3000')).toBe('http://127.0.0.1:3000');
    expect(await allowed('http://evil.example')).toBeUndefined();
    expect(await allowed('http://localhost.evil.example')).toBeUndefined();
    expect(await allowed('null')).toBeUndefined();
  });

  it('sends what browsers need to be strict', async () => {
    const { headers } = await fetch(`${sequencer.url}/v1/models`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    const failed = await fetch(`${sequencer.url}/v1/nothing`);
    expect(failed.headers.get('x-content-type-options')).toBe('nosniff');
    expect(failed.headers.get('x-should-retry')).toBe('false');
  });

  it('tells its state', async () => {
    const get = <T>(path: string) => getJson<T>(`${sequencer.url}${path}`);
    expect(await get('/health')).toEqual({ status: 'ok' });
    expect(await get('/v1/status')).toMatchObject({
      chain_id: 'semblance-test-1',
      nodes: 0,
      jobs: { queued: 0, running: 0, settled: 0 },
      version: '0.1.0',
    });
    const { data } = await get<{ data: BlockView[] }>('/v1/blocks?limit=2');
    expect(data).toHaveLength(2);
    expect(data[0]?.height).toBe((data[1]?.height ?? 0) + 1);
    expect(data[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await get('/v1/nodes')).toEqual({ data: [] });
    const metrics = await (await fetch(`${sequencer.url}/metrics`)).text();
    expect(metrics).toMatch(/semblance_sequencer_jobs_waiting 0/);
    expect(metrics).toMatch(/semblance_sequencer_chain_height [1-9]/);
  });
});
