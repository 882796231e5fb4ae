import { createHash } from 'node:crypto';
import { checkReceipt } from '@semblance/client/check-receipt';
import type { Receipt } from '@semblance/client/receipt';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sequencer } from '../src/sequencer.ts';
import type { ImageView, JobPageView, JobView, ModelView } from '../src/views.ts';
import { getJson, startGateway, type TestGateway } from './support/gateway.ts';

let gateway: TestGateway;
let sequencer: Sequencer;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway(3);
  sequencer = await gateway.start();
  openai = new OpenAI({ baseURL: `${sequencer.url}/v1`, apiKey: 'local', maxRetries: 0 });
});
afterAll(() => gateway.remove());

const order = { model: 'test-tiny', prompt: 'a red cat' } as const;
const ours = (image: unknown): ImageView => image as ImageView;

/** The error that the unmodified client throws. */
async function failure(promise: Promise<unknown>): Promise<APIError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(APIError);
  return error as APIError;
}

describe('the unmodified openai client', () => {
  it('lists the models', async () => {
    const { data } = await openai.models.list();
    expect(data.map(({ id }) => id)).toEqual(['test-tiny']);
    const model = data[0] as unknown as ModelView;
    expect(model.object).toBe('model');
    expect(model.defaults).toMatchObject({ width: 16, height: 16, steps: 4, scheduler: 'unipc' });
    expect(model.suggested_prompts).toEqual(['a red cat']);
    expect((await openai.models.retrieve('test-tiny')).id).toBe('test-tiny');
  });

  it('gets a picture by address, with a seed, a job and a receipt that holds', async () => {
    const { data, created } = await openai.images.generate({ ...order, size: '16x16' });
    expect(created).toBeGreaterThan(1_600_000_000);
    const image = ours(data?.[0]);
    expect(image.seed).toMatch(/^\d+$/);
    const file = await fetch(image.url ?? '');
    expect(file.headers.get('content-type')).toBe('image/png');
    expect(file.headers.get('cache-control')).toContain('immutable');
    const bytes = Buffer.from(await file.arrayBuffer());
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(image.url).toContain(sha256);
    const receipt = await getJson<Receipt>(image.receipt_url);
    expect(receipt.job.result).toBe(sha256);
    expect(receipt.job.id).toBe(image.job_id);
    expect(checkReceipt(receipt, new Map([[sha256, bytes]])).valid).toBe(true);
  });

  it('gets a picture in base64 by a seed beyond 2^53, each time as a job of its own', async () => {
    const fields = { seed: '18446744073709551615', steps: 3, committee_size: 1, scheduler: 'ddim' };
    const ask = () => openai.images.generate({ ...order, response_format: 'b64_json', ...fields });
    const [first, second] = [await ask(), await ask()];
    expect(ours(first.data?.[0]).seed).toBe('18446744073709551615');
    expect(first.data?.[0]?.b64_json).toMatch(/^iVBORw0KGgo/);
    expect(ours(first.data?.[0]).job_id).not.toBe(ours(second.data?.[0]).job_id);
    const { job_id: id } = ours(first.data?.[0]);
    const job = await getJson<JobView>(`${sequencer.url}/v1/jobs/${id}`);
    expect(job.request).toMatchObject({ steps: 3, scheduler: 'ddim', width: 16 });
    expect(job.committee).toHaveLength(1);
  });

  it('gets four pictures of seeds that follow each other', async () => {
    const fields = { seed: 7, committee_size: 1 };
    const { data } = await openai.images.generate({ ...order, n: 4, ...fields });
    expect(data?.map((image) => ours(image).seed)).toEqual(['7', '8', '9', '10']);
    expect(new Set(data?.map((image) => ours(image).job_id)).size).toBe(4);
  });

  it('is told what is wrong as OpenAI tells it', async () => {
    const error = await failure(openai.images.generate({ ...order, prompt: '' }));
    expect(error).toMatchObject({
      status: 400,
      param: 'prompt',
      code: 'invalid_value',
      type: 'invalid_request_error',
    });
    expect(error.requestID).toMatch(/^[0-9a-f-]{36}$/);
    expect(await failure(openai.images.generate({ ...order, model: 'dall-e-3' }))).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    const stranger = new OpenAI({ baseURL: `${sequencer.url}/v1`, apiKey: 'sk-1', maxRetries: 0 });
    expect(await failure(stranger.images.generate(order))).toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });

  it('is told of a job without a verdict, and does not repeat it', async () => {
    const patient = new OpenAI({ baseURL: `${sequencer.url}/v1`, apiKey: 'local', maxRetries: 2 });
    const before = await getJson<JobPageView>(`${sequencer.url}/v1/jobs?limit=100`);
    const error = await failure(patient.images.generate({ ...order, ...{ committee_size: 5 } }));
    expect(error).toMatchObject({ status: 502, code: 'no_nodes', type: 'verdict_error' });
    const after = await getJson<JobPageView>(`${sequencer.url}/v1/jobs?limit=100`);
    expect(after.data.length).toBe(before.data.length + 1);
    expect(after.data[0]).toMatchObject({ status: 'settled', verdict: 'no_nodes', result: null });
    expect(after.data[0]?.payouts.refund).toBe(after.data[0]?.fee);
  });
});
