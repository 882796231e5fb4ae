import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKey } from '@semblance/client/keys';
import { InvalidInputError } from '@semblance/core/errors';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyAt } from '../../client/test/support/solo.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../src/accounts/api-keys.ts';
import type { Sequencer } from '../src/sequencer.ts';
import type { JobView, StatusView } from '../src/views.ts';
import { getJson, startGateway, type TestGateway, until } from './support/gateway.ts';

let gateway: TestGateway;
let sequencer: Sequencer;

beforeAll(async () => {
  gateway = await startGateway(1, 2);
  sequencer = await gateway.start({
    limits: { jobsAtOnce: 6, jobsPerSecond: 0.001, queuedJobsPerKey: 3 },
  });
});
afterAll(() => gateway.remove());

async function post(key: string | undefined, fields = {}, url = sequencer.url) {
  const response = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ prompt: 'a red cat', committee_size: 1, ...fields }),
  });
  const body = (await response.json()) as JobView & { error: { code: string } };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

describe('an API key', () => {
  it('spends from its own account, and its secret is nowhere on disk', async () => {
    const key = keyAt(gateway.committee.network, 2);
    const created = await createApiKey(gateway.home, { account: 'alice', key });
    expect(created.secret).toMatch(/^sem-[\w-]{43}$/);
    const { status, body } = await post(created.secret);
    expect(status).toBe(202);
    expect(body.requester).toBe(key.address('sem'));

    for (const name of ['api-keys.db', 'api-keys.db-wal', 'jobs.db-wal']) {
      const content = await readFile(join(gateway.home, name)).catch(() => Buffer.alloc(0));
      expect(content.includes(created.secret)).toBe(false);
    }
    expect(statSync(join(gateway.home, 'accounts', 'alice.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(gateway.home, 'api-keys.db')).mode & 0o777).toBe(0o600);
    expect(statSync(gateway.home).mode & 0o777).toBe(0o700);
  });

  it('is listed without its secret, and opens nothing once revoked', async () => {
    const { secret, ...created } = await createApiKey(gateway.home, { account: 'alice' });
    expect(listApiKeys(gateway.home)).toContainEqual(created);
    expect(JSON.stringify(listApiKeys(gateway.home))).not.toContain(secret);
    expect((await post(secret)).status).toBe(202);
    revokeApiKey(gateway.home, created.id);
    expect(await post(secret)).toMatchObject({
      status: 401,
      body: { error: { code: 'invalid_api_key' } },
    });
    expect(() => revokeApiKey(gateway.home, created.id)).toThrow(InvalidInputError);
  });

  it('is bound to an account that exists, under one key', async () => {
    const { home } = gateway;
    await expect(createApiKey(home, { account: 'nobody' })).rejects.toThrow(InvalidInputError);
    await expect(createApiKey(home, { account: '../alice' })).rejects.toThrow(InvalidInputError);
    await expect(createApiKey(home, { account: 'local' })).rejects.toThrow(InvalidInputError);
    const other = await createKey();
    await expect(createApiKey(home, { account: 'alice', key: other })).rejects.toThrow(
      'another key',
    );
  });

  it('of an account without coins is told so, as OpenAI clients understand', async () => {
    const { secret } = await createApiKey(gateway.home, {
      account: 'poor',
      key: await createKey(),
    });
    const poor = new OpenAI({ baseURL: `${sequencer.url}/v1`, apiKey: secret, maxRetries: 2 });
    await expect(poor.images.generate({ prompt: 'a red cat' })).rejects.toMatchObject({
      status: 402,
      code: 'insufficient_funds',
      type: 'insufficient_funds',
    });
  });
});

describe('limits', () => {
  it('slow one key down, and no other', async () => {
    const { secret } = await createApiKey(gateway.home, { account: 'alice' });
    const { secret: other } = await createApiKey(gateway.home, { account: 'alice' });
    const answers = [];
    for (let i = 0; i < 7; i++) answers.push(await post(secret));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.at(-1)?.body.error.code).toBe('rate_limit_exceeded');
    expect(Number(refused.at(-1)?.retryAfter)).toBeGreaterThan(0);
    expect((await post(other)).status).toBe(202);
  });

  it('keep the queue short, counting every picture of a request', async () => {
    const { secret } = await createApiKey(gateway.home, { account: 'alice' });
    const client = new OpenAI({ baseURL: `${sequencer.url}/v1`, apiKey: secret, maxRetries: 0 });
    await expect(client.images.generate({ prompt: 'a red cat', n: 4 })).rejects.toMatchObject({
      status: 429,
      code: 'queue_full',
      type: 'rate_limit_error',
    });
  });
});

describe('on an address that others reach', () => {
  it('nobody spends without a key, and any name is answered', async () => {
    const open = await gateway.start({
      home: join(gateway.committee.home, 'open'),
      host: '0.0.0.0',
    });
    const url = `http://127.0.0.1:${new URL(open.url).port}`;
    expect((await post(undefined, {}, url)).body.error.code).toBe('missing_api_key');
    expect((await post('local', {}, url)).body.error.code).toBe('invalid_api_key');
    expect((await fetch(`${url}/v1/status`)).status).toBe(200);
    const page = { authorization: 'Bearer x', origin: 'http://evil.example' };
    const answer = await fetch(`${url}/v1/jobs`, { method: 'POST', headers: page });
    expect(answer.status).toBe(403);
  });

  it('the queue is its own', async () => {
    const left = await until(
      () => getJson<StatusView>(`${sequencer.url}/v1/status`),
      ({ jobs }) => jobs.queued === 0,
    );
    expect(left.jobs.queued).toBe(0);
  });
});
