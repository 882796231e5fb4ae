import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobView, NodeView } from '@semblance/sequencer/views';
import chromium from '@sparticuz/chromium';
import OpenAI from 'openai';
import { chromium as playwright } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, semblance, start } from './semblance.ts';

/* The network as `npm start` brings it up, used by everybody who would use it. */

/** The fastest model of all modes: what is tested here is the network. */
const MODEL = 'emoji-64';
/** Pixels a side of what it draws. */
const SIDE = 64;

const home = mkdtempSync(join(tmpdir(), 'semblance-e2e-'));
let network: Running;
let url: string;

async function up(): Promise<void> {
  const ports = ['--port', '0', '--rpc-port', '0'];
  network = start('up', '--home', home, '--model', MODEL, ...ports);
  const [, address] = await network.printed(/Open (http:\S+)/);
  url = address as string;
}

/** A white disc on black. */
async function shapeFile(): Promise<string> {
  const file = join(home, 'shape.png');
  const circle = '<circle cx="32" cy="32" r="20" fill="white"/>';
  const disc = `<svg width="${SIDE}" height="${SIDE}" viewBox="0 0 64 64">${circle}</svg>`;
  await sharp(Buffer.from(disc)).flatten({ background: 'black' }).png().toFile(file);
  return file;
}

beforeAll(up, 240_000);

afterAll(async () => {
  await network.end('SIGTERM');
  rmSync(home, { recursive: true });
}, 60_000);

describe('npm start', () => {
  test('ends with a verified picture and where to look', async () => {
    const out = network.stdout();
    expect(out).toMatch(/nodes {6}6 of 6 ready/);
    expect(out).toMatch(/verdict {3}agreed: [23] of 3 alike within 2 bits, [123] different files?/);
    expect(out).toMatch(/paid {6}0\.9 SEM to the nodes, 0\.1 SEM to the validators/);
    const [, file] = /picture {3}(\S+\.png)/.exec(out) ?? [];
    const { width, height, format } = await sharp(readFileSync(file as string)).metadata();
    expect({ width, height, format }).toEqual({ width: SIDE, height: SIDE, format: 'png' });
  });
});

describe('the command line', () => {
  test('generate writes the picture that the nodes agreed on', async () => {
    const out = join(home, 'apple.png');
    const args = ['--url', url, '--seed', '11', '--out', out, '--json'];
    const { code, stdout } = await semblance('generate', 'a photo of an apple', ...args);
    const job = JSON.parse(stdout) as JobView & { file: string };
    if (code === 3) return; // no majority: rare, honest, and refunded
    expect(code).toBe(0);
    expect(job.file).toBe(out);
    const { stdout: hashes } = await semblance('hash', out, '--json');
    const delivered = job.committee.find((member) => member.sha256 === job.result?.sha256);
    expect(JSON.parse(hashes)[0].average).toBe(delivered?.hashes?.average);
  });

  test('a picture goes through stages, each begun from the file of the one before', {
    timeout: 120_000,
  }, async () => {
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await semblance(...args, '--url', url, '--json');
      expect(stderr).toBe('');
      expect(code).toBe(0);
      return JSON.parse(stdout) as JobView & { file: string };
    };
    const file = (name: string) => join(home, `stage-${name}.png`);
    const first = await run(
      ...[
        'generate',
        'a photo of a panda',
        '--seed',
        '3',
        '--control',
        await shapeFile(),
        '-o',
        file('1'),
      ],
    );
    const second = await run(
      ...['edit', file('1'), 'a photo of a panda', '--strength', '0.3', '--seed', '4'],
      ...['-o', file('2')],
    );
    const mask = join(home, 'mask.png');
    await sharp({ create: { width: SIDE, height: SIDE / 2, channels: 3, background: 'white' } })
      .extend({ top: SIDE / 2, background: 'black' })
      .png()
      .toFile(mask);
    const third = await run(
      ...['edit', file('2'), 'a photo of a strawberry', '--mask', mask, '--seed', '3'],
      ...['-o', file('3')],
    );
    const last = await run('upscale', file('3'), '-o', file('4'));
    const jobs = [first, second, third, last];
    expect(jobs.map(({ request }) => request.mode)).toEqual([
      'control',
      'image_to_image',
      'inpaint',
      'upscale',
    ]);
    for (const [i, { request }] of jobs.slice(1).entries()) {
      expect(request.inputs[0]?.sha256).toBe(jobs[i]?.result?.sha256);
    }
    expect(jobs.map(({ verdict }) => verdict)).toEqual(Array(4).fill('agreed'));
    expect((await sharp(file('4')).metadata()).width).toBe(2 * SIDE);

    // What was not to be painted is there to the last bit.
    const top = (name: string) =>
      sharp(file(name))
        .extract({ left: 0, top: 0, width: SIDE, height: SIDE / 2 })
        .raw()
        .toBuffer();
    expect(await top('3')).toEqual(await top('2'));
  });

  test('nodes and jobs answer as tables and as JSON', async () => {
    const nodes = JSON.parse((await semblance('nodes', '--url', url, '--json')).stdout);
    expect((nodes as NodeView[]).map((node) => node.status)).toEqual(Array(6).fill('active'));
    expect(new Set((nodes as NodeView[]).map((node) => node.runtime)).size).toBe(6);
    const { stdout } = await semblance('jobs', '--url', url);
    expect(stdout).toMatch(/agreed .* a photo of a hamburger/);
  });

  test.each([
    [['--seed', '-1'], /^semblance: seed: /],
    [['--seed', '1.5'], /^semblance: seed: /],
    [['--seed', '18446744073709551616'], /^semblance: seed: /],
    [['--size', '63x64'], /^semblance: size: /],
    [['--size', '99999x99999'], /^semblance: size: /],
    [['--steps', '0'], /^semblance: steps: /],
    [['--steps', '10000'], /^semblance: steps: /],
    [['--model', 'nothing'], /^semblance: model: /],
    [['--committee', '2'], /^semblance: committee_size: /],
    [['--scheduler', 'magic'], /^semblance: scheduler: /],
  ])('%j is refused in one line that names the field', async (args, message) => {
    const { code, stderr } = await semblance('generate', 'x', '--url', url, ...args);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  test('an empty prompt is refused', async () => {
    const { code, stderr } = await semblance('generate', '', '--url', url);
    expect(stderr).toMatch(/^semblance: prompt: /);
    expect(code).toBe(2);
  });
});

test('the unmodified openai client gets a picture', { timeout: 120_000 }, async () => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'local', maxRetries: 0 });
  const models = await client.models.list();
  const { data } = await client.images.generate({
    model: models.data[0]?.id as string,
    prompt: 'a photo of a rocket',
    size: `${SIDE}x${SIDE}` as '256x256',
    response_format: 'b64_json',
  });
  const file = Buffer.from(data?.[0]?.b64_json as string, 'base64');
  expect((await sharp(file).metadata()).width).toBe(SIDE);
});

describe('the page', () => {
  test.each([
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1280, height: 900 }],
  ])('shows a job from prompt to verdict on a %s', { timeout: 120_000 }, async (_, viewport) => {
    // The packaged Chromium is one process, which ends with its page.
    const browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
    });
    try {
      const page = await browser.newPage({ viewport });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(url);
      await page.getByTestId('prompt').fill('a photo of a cat');
      await page.getByTestId('prompt').press('Enter');
      const job = page.getByTestId('job');
      await job.getByTestId('node-card').nth(2).waitFor();
      await job.getByTestId('verdict').waitFor({ timeout: 90_000 });
      await job.getByTestId('hash-grid').nth(2).waitFor();
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBe(0);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

test('a finished picture is painted over and refined by hand in the page', {
  timeout: 240_000,
}, async () => {
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    await page.getByTestId('control').locator('summary').click();
    await page.getByRole('radio', { name: 'Silhouette' }).check();
    await page.getByTestId('control-file').setInputFiles(await shapeFile());
    await page.getByLabel('The shape that the picture will follow').waitFor();
    await page.getByTestId('prompt').fill('a photo of a pumpkin');
    await page.getByTestId('prompt').press('Enter');
    await page.getByTestId('verdict').waitFor({ timeout: 90_000 });
    expect(await page.getByTestId('stages').textContent()).toContain('The shape');

    await page.getByTestId('paint-over').click();
    const board = page.getByRole('application');
    await board.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByLabel('What to paint there').fill('a photo of a rocket');
    await page.getByRole('button', { name: 'Paint it over' }).click();
    await page.getByText('Where to paint').waitFor({ timeout: 30_000 });
    await page.getByTestId('verdict').waitFor({ timeout: 90_000 });
    await page.getByRole('button', { name: 'Check it here' }).click();
    await page.locator('.findings[data-valid="true"]').waitFor();
    expect(await page.locator('.findings').textContent()).toContain('image and mask');

    await page.getByTestId('refine').click();
    await page.locator('.job-mode', { hasText: 'Enlarged' }).waitFor({ timeout: 90_000 });
    await page
      .getByAltText(`After: Enlarged 2×, ${2 * SIDE} × ${2 * SIDE}`)
      .waitFor({ timeout: 90_000 });
    await page.getByAltText(`Before: Painted over, ${SIDE} × ${SIDE}`).waitFor();
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('a second network is not started on the same state', async () => {
  const { code, stderr } = await semblance('up', '--home', home);
  expect(stderr).toBe(`semblance: --home: a network is running from ${home} already\n`);
  expect(code).toBe(2);
});

test('a start can be interrupted', async () => {
  const early = start('up', '--home', join(home, 'early'), '--port', '0', '--rpc-port', '0');
  await early.printed(/Semblance/);
  expect(await early.end('SIGINT')).toBe(0);
  expect(early.stdout()).toMatch(/stopped/);
  expect(early.stderr()).toBe('');
});

test('the next start goes on from the same state', { timeout: 240_000 }, async () => {
  const before = JSON.parse((await semblance('jobs', '--url', url, '--json')).stdout) as JobView[];
  expect(await network.end('SIGINT')).toBe(0);
  expect(network.stdout()).toMatch(/stopped; the next start goes on from here/);
  await up();
  const after = JSON.parse((await semblance('jobs', '--url', url, '--json')).stdout) as JobView[];
  const settled = (jobs: JobView[]) => jobs.filter((job) => job.status === 'settled');
  expect(settled(after).map((job) => job.id)).toEqual(
    expect.arrayContaining(settled(before).map((job) => job.id)),
  );
  expect(network.stdout()).toMatch(/Going on from where it was: \d+ settled jobs?\./);
});
