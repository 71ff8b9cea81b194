// The explorer against a server that is played here: what it asks for, what it shows, and what it says when it gets no answer.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page, Route } from 'playwright-core';
import { kDemo, type Synthetic } from '../make_payload';
import { axe, Chromium, kLooks, reportOf, servedPage } from './chromium';

const kHome = 'http://penfield.test/';
let browser: Chromium, synthetic: Synthetic, html: string;
beforeAll(async () => {
  ({ synthetic, html } = reportOf({ ...kDemo, mode: 'explorer', heatmaps: 4 }));
  browser = await Chromium.start();
});
afterAll(() => browser.stop());

interface Asked {
  method: string;
  path: string;
  token: string | undefined;
  body: unknown;
}

const tokenise = (text: string): string[] => text.match(/ ?\S+/g)!.map((piece) => piece.replace(/^ /, '·'));

function answer(path: string, body: { text: string; units: string[]; responders?: number; folder: string }): [number, unknown] {
  if (path === 'live') {
    const tokens = tokenise(body.text);
    return [200, {
      tokens, token_ids: tokens.map((_, t) => t), labels: tokens.map((token) => (/^·?[A-Z]/.test(token) ? 1 : 0)),
      values: Object.fromEntries(body.units.map((unit, u) => [unit, tokens.map((_, t) => (u + 1) * (t - 2))])), responders: body.responders ? [{ unit: 'L1.17', token: 1, z: -4.26 }, { unit: 'L77.1', token: 1, z: 3 }] : [], truncated: false, milliseconds: 12.3,
    }];
  }
  if (path === 'folders') return [200, { folder: 'results/demo', folders: ['results/other'] }];
  if (path === 'open') return body.folder === 'results/other' ? [200, {}] : [404, { error: `no result folder ${body.folder}` }];
  const unit = decodeURIComponent(path.replace('units/', ''));
  const [layer, index] = unit.slice(1).split('.').map(Number);
  const row = layer * kDemo.width + index;
  const statistics = Object.fromEntries(['beta', 'auc', 'neglog10_p'].map((name) => [name, synthetic.rows[name][row]]));
  return [200, { unit, row: { unit, site: 'mlp.pre', layer, neuron: index, direction: '+', ...statistics }, values: Array.from({ length: 2 * kDemo.windowTokens }, (_, t) => Math.sin(t)), tally: `Of the 100 strongest tokens of ${unit}, 7 are numbers.` }];
}

async function opened(serve: (path: string) => [number, unknown] | null = () => null) {
  const watched = await browser.watch();
  const asked: Asked[] = [];
  await watched.page.route(`${kHome}**`, async (route: Route) => {
    const request = route.request(), path = new URL(request.url()).pathname;
    if (!path.startsWith('/api/v1/')) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: servedPage(html) });
    const body = request.postData() === null ? null : JSON.parse(request.postData()!);
    asked.push({ method: request.method(), path: path.slice(8), token: request.headers()['x-penfield-token'], body });
    const [status, json] = serve(path.slice(8)) ?? answer(path.slice(8), body);
    return route.fulfill({ status, json });
  });
  await watched.page.goto(kHome);
  await watched.page.waitForSelector('html[data-ready]');
  return { ...watched, asked };
}

const live = (page: Page) => page.locator('.live .heat-text');

test('a text that is typed is coloured; the request carries the run’s token', async () => {
  const { page, asked, complaints } = await opened();
  await page.locator('#live-text').fill('We met Ada in Turin');
  await page.waitForFunction(() => document.querySelectorAll('.live .heat-text .tok').length === 5);
  expect(await live(page).innerText()).toBe('We met Ada in Turin');
  const last = asked.filter(({ path }) => path === 'live').pop()!;
  expect(last).toMatchObject({ method: 'POST', token: 'a'.repeat(32) });
  expect(await live(page).locator('.target').allInnerTexts()).toEqual(['We', 'Ada', 'Turin']);
  await live(page).locator('.tok').nth(4).hover();
  expect(await page.locator('.live .pointed').innerText()).toMatch(/·Turin: 2\.000, standardised −?[\d.]+, target/);
  expect(complaints).toEqual([]);
});

test('the coloured text is in sight at once on a screen of 900 pixels', async () => {
  const { page } = await opened();
  await live(page).waitFor();
  const box = (await live(page).boundingBox())!;
  expect(box.y + box.height).toBeLessThan(900);
});

test('two units stand beside each other', async () => {
  const { page } = await opened();
  await page.locator('#compare').fill('L1.17');
  await page.waitForFunction(() => document.querySelectorAll('.live .heat-text').length === 2);
  expect(await page.locator('.compare thead').innerText()).toContain('L1.17');
  await page.locator('#compare').fill('L99.1');
  await page.waitForFunction(() => document.querySelectorAll('.live .heat-text').length === 1);
  await page.keyboard.press('Enter');
  expect(await page.getByRole('alert').innerText()).toBe('No unit is called “L99.1”.');
});

test('the units that respond most to a text are listed when the typing pauses', async () => {
  const { page, asked } = await opened();
  await page.locator('#live-text').fill('We met Ada');
  await page.locator('.responders').waitFor();
  expect(await page.locator('.responders li').allInnerTexts()).toEqual(['L1.17 −4.3 SD at met']);
  const about = asked.map(({ body }) => body as { text?: string; responders?: number } | null).filter((body) => body?.text === 'We met Ada');
  expect(about.filter((body) => body?.responders)).toHaveLength(1);
  await page.locator('.responders .unit-link').click();
  await page.waitForFunction(() => document.querySelector('#card-title')!.textContent!.includes('L1.17'));
});

test('any unit has its heatmap: it is asked for when it is selected', async () => {
  const { page, asked } = await opened();
  await page.evaluate(() => { location.hash = 'unit=L5.200'; });
  await page.locator('.heat-text[aria-label^="Discovery"]').waitFor();
  expect(asked.map(({ path }) => path)).toContain('units/L5.200');
  expect(await page.locator('.card .headline').first().innerText()).toBe('Of the 100 strongest tokens of L5.200, 7 are numbers.');
  const values = await page.locator('.sheets .tok').nth(3).getAttribute('class');
  expect(values).toContain('h');
});

test('a unit that the server does not give says why, in place of its heatmap', async () => {
  const { page } = await opened((path) => (path.startsWith('units/') ? [500, { error: 'units.tsv cannot be read' }] : null));
  await page.evaluate(() => { location.hash = 'unit=L5.200'; });
  await page.locator('.heatmap .problem').waitFor();
  expect(await page.locator('.heatmap .problem').innerText()).toBe('L5.200: units.tsv cannot be read');
});

test('another result folder is opened by the server', async () => {
  const { page, asked } = await opened();
  const select = page.locator('.open-folder select');
  await select.waitFor();
  await select.focus();
  await page.keyboard.press('ArrowDown');
  expect(asked.map(({ path }) => path)).not.toContain('open');
  await select.selectOption('results/other');
  await Promise.all([page.waitForEvent('load'), page.locator('.open-folder button').click()]);
  expect(asked.find(({ path }) => path === 'open')).toMatchObject({ method: 'POST', body: { folder: 'results/other' }, token: 'a'.repeat(32) });
});

test('an error of the server is shown in its words', async () => {
  const { page } = await opened((path) => (path === 'live' ? [413, { error: 'the text has 30000 bytes; at most 20000 are taken' }] : null));
  expect(await page.getByRole('alert').first().innerText()).toBe('the text has 30000 bytes; at most 20000 are taken');
  const { page: other } = await opened((path) => (path === 'live' ? [200, { tokens: ['a'], labels: [] }] : null));
  expect(await other.getByRole('alert').first().innerText()).toContain('not in a known format');
});

test.each(kLooks)('axe finds nothing at $width pixels, $theme', async (look) => {
  const { page } = await opened();
  await page.setViewportSize({ width: look.width, height: 900 });
  await page.emulateMedia({ colorScheme: look.theme });
  await live(page).waitFor();
  expect(await axe(page)).toEqual([]);
});
