import { createHash } from 'node:crypto';
import { checkReceipt } from '@semblance/client/check-receipt';
import type { Receipt } from '@semblance/client/receipt';
import OpenAI, { toFile } from 'openai';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sequencer } from '../src/sequencer.ts';
import type { ImagesView, ImageView, JobView } from '../src/views.ts';
import { getJson, startGateway, type TestGateway, until } from './support/gateway.ts';
import { photo, seeThroughMask } from './support/pictures.ts';

/* Pictures that come with a request, from the client's file to the receipt. */

let gateway: TestGateway;
let sequencer: Sequencer;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway(3, 1, 'tiny-modes');
  sequencer = await gateway.start();
  openai = new OpenAI({ baseURL: `${sequencer.url}/v1`, apiKey: 'local', maxRetries: 0 });
});
afterAll(() => gateway.remove());

const hashOf = (file: Uint8Array) => createHash('sha256').update(file).digest('hex');
const ours = (image: unknown): ImageView => image as ImageView;
const jobOf = (id: string) => getJson<JobView>(`${sequencer.url}/v1/jobs/${id}`);
const upload = async (picture: Sharp, name = 'picture.png') =>
  toFile(await picture.png().toBuffer(), name, { type: 'image/png' });

async function artifact(url: string): Promise<Buffer> {
  const response = await fetch(new URL(url, sequencer.url));
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** Every check of the job's receipt passes, with all of its files given. */
async function expectReceipt(job: JobView): Promise<void> {
  const receipt = await getJson<Receipt>(`${sequencer.url}/v1/receipts/${job.id}`);
  const urls = [...job.request.inputs, ...job.committee].map(({ url }) => url ?? '');
  const files = await Promise.all(urls.map(artifact));
  const { checks } = checkReceipt(receipt, new Map(files.map((file) => [hashOf(file), file])));
  expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
}

describe('the unmodified openai client', () => {
  it('edits a picture, which keeps its size where the model takes it', async () => {
    const { data } = await openai.images.edit({
      image: await upload(photo({ width: 24, height: 16 })),
      prompt: 'a red cat',
      response_format: 'b64_json',
      ...{ strength: 0.5, seed: 7 },
    });
    const { job_id: id, seed, b64_json } = ours(data?.[0]);
    const { width, height } = await sharp(Buffer.from(b64_json ?? '', 'base64')).metadata();
    expect({ seed, width, height }).toEqual({ seed: '7', width: 24, height: 16 });
    const job = await jobOf(id);
    expect(job.request).toMatchObject({ mode: 'image_to_image', strength: 0.5, width: 24 });
    await expectReceipt(job);
  });

  it('paints where its mask is transparent and nowhere else', async () => {
    const size = { width: 16, height: 16 };
    const { data } = await openai.images.edit({
      image: [await upload(photo(size))],
      mask: await upload(seeThroughMask(size), 'mask.png'),
      prompt: 'a red cat',
      n: 2,
      size: '16x16' as '256x256',
    });
    expect(data).toHaveLength(2);
    const { job_id: id, url } = ours(data?.[0]);
    const job = await jobOf(id);
    expect(job.request.inputs.map(({ name }) => name)).toEqual(['image', 'mask']);
    const rawOf = async (from: string) =>
      sharp(await artifact(from))
        .raw()
        .toBuffer();
    const [before, after] = await Promise.all([
      rawOf(job.request.inputs[0]?.url ?? ''),
      rawOf(url ?? ''),
    ]);
    const changed = after.filter((sample, i) => sample !== before[i]);
    const outside = after.filter((s, i) => Math.floor(i / 3) % 16 >= 8 && s !== before[i]);
    expect(changed.length).toBeGreaterThan(0);
    expect(outside).toHaveLength(0);
    await expectReceipt(job);
  });

  it('follows a control picture, in JSON', async () => {
    const control = await photo({ width: 16, height: 16 }).png().toBuffer();
    const { data } = await openai.images.generate({
      prompt: 'a red cat',
      ...{ control_image: control.toString('base64'), conditioning_scale: 0.8 },
    });
    const job = await jobOf(ours(data?.[0]).job_id);
    expect(job.request).toMatchObject({ mode: 'control', conditioning_scale: 0.8 });
    await expectReceipt(job);
  });
});

describe('stages', () => {
  it('begin from the very file that the stage before delivered, by its hash', async () => {
    const post = async (path: string, body: object) => {
      const response = await fetch(`${sequencer.url}/v1/images/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
      return jobOf(((await response.json()) as ImagesView).data[0]?.job_id ?? '');
    };
    const first = await post('generations', { prompt: 'a red cat' });
    const image = `sha256:${first.result?.sha256}`;
    const second = await post('edits', { prompt: 'a red cat', image, strength: 0.5 });
    const third = await post('upscales', { image: `sha256:${second.result?.sha256}` });
    expect(second.request.inputs[0]?.sha256).toBe(first.result?.sha256);
    expect(third.request.inputs[0]?.sha256).toBe(second.result?.sha256);
    expect(third.request).toMatchObject({ mode: 'upscale', width: 16, prompt: '' });
    const { width } = await sharp(await artifact(third.result?.url ?? '')).metadata();
    expect(width).toBe(32);
    await expectReceipt(third);
  });
});

describe('a picture', () => {
  const edit = async (fields: Record<string, string | Blob>): Promise<Response> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return fetch(`${sequencer.url}/v1/jobs`, { method: 'POST', body: form });
  };
  const blob = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]);

  it('comes as the camera made it: turned, cut, in another format and without its metadata', async () => {
    const jpeg = await photo({ width: 40, height: 90 })
      .withExif({ IFD0: { Artist: 'somebody' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const response = await edit({ image: blob(jpeg), prompt: 'a red cat', size: '32x16' });
    expect(response.status).toBe(202);
    const job = (await response.json()) as JobView;
    expect(job.request).toMatchObject({ mode: 'image_to_image', width: 32, height: 16 });
    const input = await artifact(job.request.inputs[0]?.url ?? '');
    const { format, width, height, exif, hasAlpha } = await sharp(input).metadata();
    expect({ format, width, height, exif, hasAlpha }).toEqual({
      format: 'png',
      width: 32,
      height: 16,
      exif: undefined,
      hasAlpha: false,
    });
    await until(
      () => jobOf(job.id),
      ({ status }) => status === 'settled',
    );
  });

  it('that is not plain pixels is not passed on as it is', async () => {
    const tagged = await photo({ width: 16, height: 16 })
      .withExif({ IFD0: { Artist: 'somebody' } })
      .png()
      .toBuffer();
    expect(tagged.includes('eXIf')).toBe(true);
    const response = await edit({ image: blob(tagged), prompt: 'a red cat' });
    const { request } = (await response.json()) as JobView;
    expect((await artifact(request.inputs[0]?.url ?? '')).includes('eXIf')).toBe(false);
  });

  it('repeated under one idempotency key is one job, whatever the boundary', async () => {
    const image = blob(await photo({ width: 16, height: 16 }).png().toBuffer());
    const ask = async (prompt: string) => {
      const form = new FormData();
      form.append('image', image);
      form.append('prompt', prompt);
      const headers = { 'idempotency-key': 'once' };
      const answer = await fetch(`${sequencer.url}/v1/jobs`, {
        method: 'POST',
        headers,
        body: form,
      });
      return { status: answer.status, id: ((await answer.json()) as JobView).id };
    };
    const first = await ask('a red cat');
    expect(await ask('a red cat')).toEqual(first);
    expect((await ask('a blue cat')).status).toBe(422);
  });

  const fine = photo({ width: 16, height: 16 }).png().toBuffer();
  const wrong: [string, () => Promise<Record<string, string | Blob>>, string, string][] = [
    ['no picture', async () => ({ mode: 'image_to_image' }), 'image', 'missing_required_parameter'],
    [
      'a mask alone',
      async () => ({ mask: blob(await fine) }),
      'image',
      'missing_required_parameter',
    ],
    ['text', async () => ({ image: blob(Buffer.from('hello')) }), 'image', 'invalid_image'],
    [
      'a drawing that is a program',
      async () => ({ image: blob(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')) }),
      'image',
      'invalid_image',
    ],
    [
      'a picture cut short',
      async () => ({ image: blob((await fine).subarray(0, 60)) }),
      'image',
      'invalid_image',
    ],
    ['a bomb', async () => ({ image: blob(await bomb()) }), 'image', 'invalid_image'],
    [
      'a hash that nobody knows',
      async () => ({ image: `sha256:${'0'.repeat(64)}` }),
      'image',
      'artifact_not_found',
    ],
    ['an address', async () => ({ image: 'http://127.0.0.1/x.png' }), 'image', 'invalid_value'],
    [
      'a mask of another size',
      async () => ({
        image: blob(await fine),
        mask: blob(await seeThroughMask({ width: 8, height: 16 }).png().toBuffer()),
      }),
      'mask',
      'invalid_value',
    ],
    [
      'a mask that paints nothing',
      async () => ({
        image: blob(await fine),
        mask: blob(await photo({ width: 16, height: 16 }).ensureAlpha().png().toBuffer()),
      }),
      'mask',
      'invalid_value',
    ],
    ['an unknown mode', async () => ({ mode: 'video' }), 'mode', 'invalid_value'],
    [
      'a strength that leaves no step',
      async () => ({ image: blob(await fine), strength: '0.1', steps: '4' }),
      'strength',
      'invalid_value',
    ],
    [
      'a strength that is no number',
      async () => ({ image: blob(await fine), strength: 'much' }),
      'strength',
      'invalid_type',
    ],
    [
      'an enlargement of what the model does not take',
      async () => ({
        mode: 'upscale',
        image: blob(await photo({ width: 20, height: 20 }).png().toBuffer()),
      }),
      'image',
      'invalid_value',
    ],
    [
      'two enlargements',
      async () => ({ mode: 'upscale', image: blob(await fine), n: '2' }),
      'n',
      'invalid_value',
    ],
  ];
  it.each(wrong)('is refused: %s', async (_, fields, param, code) => {
    const response = await edit({ prompt: 'a red cat', ...(await fields()) });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ type: 'invalid_request_error', param, code });
  });

  it('is refused when the form is larger than the limit, broken, or has a field twice', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const post = (body: string | Uint8Array<ArrayBuffer>) =>
      fetch(`${sequencer.url}/v1/images/edits`, { method: 'POST', headers, body });
    expect((await post(new Uint8Array(17 * 1024 * 1024))).status).toBe(413);
    expect((await post('no form at all')).status).toBe(400);
    const twice = new FormData();
    for (const prompt of ['a', 'b']) twice.append('prompt', prompt);
    const answer = await fetch(`${sequencer.url}/v1/jobs`, { method: 'POST', body: twice });
    expect(answer.status).toBe(400);
  });

  it('of a page elsewhere is refused', async () => {
    const form = new FormData();
    form.append('prompt', 'a red cat');
    const headers = { origin: 'https://example.com' };
    const answer = await fetch(`${sequencer.url}/v1/jobs`, { method: 'POST', headers, body: form });
    expect(answer.status).toBe(403);
  });
});

/** A small file of more pixels than are taken. */
function bomb(): Promise<Buffer> {
  return sharp({ create: { width: 8000, height: 8000, channels: 3, background: 'black' } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
