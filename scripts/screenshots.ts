import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';
import sharp from 'sharp';

/*
 * Every page of the playground at both widths and in both themes, into tmp/screenshots, and the
 * README's picture. Asks a running network (npm start) for one picture each:
 *
 *   npm run screenshots [-- URL]
 */

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const url = process.argv[2] ?? 'http://127.0.0.1:8080';
const folder = join(root, 'tmp', 'screenshots');
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const create = { route: '#/', shows: '.tile' };
const sections = {
  jobs: { route: '#/jobs', shows: '[data-testid="jobs-list"]' },
  nodes: { route: '#/nodes', shows: '[data-testid="nodes-table"]' },
  blocks: { route: '#/blocks', shows: '[data-testid="blocks-table"]' },
};
const readme = { width: 1280, height: 1330 };

mkdirSync(folder, { recursive: true });
for (const [name, viewport] of Object.entries(sizes)) {
  for (const theme of ['light', 'dark'] as const) {
    await onPage(viewport, theme, async (page) => {
      const shoot = (what: string) =>
        page.screenshot({ path: join(folder, `${what}-${name}-${theme}.png`), fullPage: true });
      await open(page, create);
      await shoot('create');
      await ask(page, 'a photo of a rocket');
      await shoot('running');
      await verdict(page);
      await shoot('verdict');
      await page.getByTestId('paint-over').click();
      await paint(page, '.change .brush-canvas');
      await page.getByLabel('What to paint there').fill('a photo of a strawberry');
      await shoot('paint-over');
      await page.getByRole('button', { name: 'Paint it over' }).click();
      await stages(page, 2);
      await shoot('painted-over');
      await page.getByTestId('refine').click();
      await stages(page, 4);
      await shoot('refined');
      await open(page, create);
      await page.getByTestId('control').locator('summary').click();
      await paint(page, '.control .brush-canvas');
      await page.getByText('Follow no shape').waitFor();
      await shoot('control');
      for (const [what, section] of Object.entries(sections)) {
        await open(page, section);
        await shoot(what);
      }
    });
  }
}
await onPage(readme, 'light', async (page) => {
  await open(page, create);
  await page.getByLabel('Seed', { exact: true }).fill('1');
  await ask(page, 'a photo of a rocket');
  await verdict(page);
  await page.getByTestId('prompt').blur();
  const picture = sharp(await page.screenshot());
  await picture.png({ palette: true, effort: 10 }).toFile(join(root, 'docs', 'playground.png'));
});

type Viewport = (typeof sizes)['phone'];

async function onPage(
  viewport: Viewport,
  colorScheme: 'light' | 'dark',
  act: (page: Page) => Promise<unknown>,
): Promise<void> {
  // The packaged Chromium is one process, which ends with its page.
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
  });
  try {
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
    await act(page);
  } finally {
    await browser.close();
  }
}

async function open(page: Page, { route, shows }: { route: string; shows: string }): Promise<void> {
  await page.goto(new URL(route, url).href);
  await page.locator(shows).first().waitFor();
  await settle(page);
}

async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByTestId('prompt').fill(prompt);
  await page.getByTestId('prompt').press('Enter');
  await page.getByTestId('job').getByTestId('node-card').first().waitFor();
}

async function verdict(page: Page): Promise<void> {
  await page.getByTestId('verdict').waitFor({ timeout: 120_000 });
  await settle(page);
}

/** Draws a round shape with the mouse on the lower half of a canvas. */
async function paint(page: Page, canvas: string): Promise<void> {
  const board = page.locator(canvas);
  await board.scrollIntoViewIfNeeded();
  const box = await board.boundingBox();
  if (box === null) throw new RangeError(`${canvas} is not to be seen`);
  const at = (turn: number): [number, number] => [
    box.x + box.width * (0.5 + 0.22 * Math.cos(turn)),
    box.y + box.height * (0.65 + 0.18 * Math.sin(turn)),
  ];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let turn = 0; turn < 2 * Math.PI + 0.2; turn += 0.3) await page.mouse.move(...at(turn));
  for (const turn of [Math.PI, 0]) await page.mouse.move(...at(turn));
  await page.mouse.up();
}

/** Waits for the verdict on the job that is the last of so many stages. */
async function stages(page: Page, count: number): Promise<void> {
  await page
    .locator('.stages li')
    .nth(count - 1)
    .waitFor({ timeout: 120_000 });
  await page.locator('.stages li[data-here="true"]:last-child img').waitFor({ timeout: 120_000 });
  await settle(page);
}

/** Waits until everything on the page has loaded. It never stops polling, so not for silence. */
async function settle(page: Page): Promise<void> {
  const loading = page.locator('.skeleton, .picture[data-state="loading"]');
  await loading.first().waitFor({ state: 'detached' });
}
