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
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };
const create = { route: '#/', shows: '.tile' };
const sections = {
  jobs: { route: '#/jobs', shows: '[data-testid="jobs-list"]' },
  nodes: { route: '#/nodes', shows: '[data-testid="nodes-table"]' },
  blocks: { route: '#/blocks', shows: '[data-testid="blocks-table"]' },
};
const readme = { width: 1280, height: 1180 };

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
      for (const [what, section] of Object.entries(sections)) {
        await open(page, section);
        await shoot(what);
      }
    });
  }
}
await onPage(readme, 'light', async (page) => {
  await open(page, create);
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

/** Waits until everything on the page has loaded. It never stops polling, so not for silence. */
async function settle(page: Page): Promise<void> {
  const loading = page.locator('.skeleton, .picture[data-state="loading"]');
  await loading.first().waitFor({ state: 'detached' });
}
