// One selection for all views, by pointer and by keyboard alone, and the same view again from its address.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { kDemo, type Synthetic } from '../make_payload';
import { Chromium, reportOf } from './chromium';

let browser: Chromium, synthetic: Synthetic, html: string;
beforeAll(async () => {
  ({ synthetic, html } = reportOf(kDemo));
  browser = await Chromium.start();
});
afterAll(() => browser.stop());

const title = (page: Page) => page.locator('#card-title').innerText();
const figure = (page: Page, view: string) => page.locator(`figure.${view} .canvas-host`);

async function opened(hash = '') {
  const watched = await browser.open(html, hash);
  await watched.page.waitForTimeout(500);
  return watched;
}

test('the page opens with the unit of the headline: card, text, row of the table and rings', async () => {
  const { page } = await opened();
  const lead = synthetic.lead!, name = `L${Math.floor(lead / kDemo.width)}.${lead % kDemo.width}`;
  expect(await page.locator('.found .unit-link').first().innerText()).toBe(name);
  expect(await title(page)).toContain(name);
  expect(await page.locator('#heat-title').innerText()).toContain(name);
  const row = page.locator('.rows [aria-selected=true]');
  expect(await row.innerText()).toContain(name);
  const inSight = await row.evaluate((e) => {
    const own = e.getBoundingClientRect(), all = e.closest('.rows')!.getBoundingClientRect();
    return own.top >= all.top - 1 && own.bottom <= all.bottom + 1;
  });
  expect(inSight).toBe(true);
  const rings = (one: Page) => one.locator('figure:not(.layers) canvas:nth-child(2)').evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  const shown = await rings(page);
  expect(shown).toHaveLength(6);
  expect(shown).toEqual(await rings((await opened(`#unit=${name}`)).page));
  const other = await rings((await opened('#unit=L2.37')).page);
  other.forEach((ring, i) => expect(ring).not.toBe(shown[i]));
});

test('hover shows a tip, a click selects everywhere', async () => {
  const { page } = await opened();
  const host = figure(page, 'funnel');
  await host.scrollIntoViewIfNeeded();
  const box = (await host.boundingBox())!;
  const before = await title(page);
  let found = false;
  for (let x = box.width * 0.6; x < box.width && !found; x += 6) {
    for (let y = box.height * 0.3; y < box.height * 0.8 && !found; y += 12) {
      await page.mouse.move(box.x + x, box.y + y);
      if (await page.locator('.tip').count() === 0) continue;
      const name = await page.locator('.tip strong').innerText();
      await page.mouse.click(box.x + x, box.y + y);
      await page.waitForFunction((wanted) => document.querySelector('#card-title')!.textContent!.includes(wanted), name);
      found = true;
    }
  }
  expect(found).toBe(true);
  const name = (await title(page)).replace(/^\W+/, '').trim();
  expect(name).not.toBe(before);
  expect(await page.locator('#heat-title').innerText()).toContain(name);
  expect(await page.locator('.rows [aria-selected=true]').innerText()).toContain(name);
  await page.waitForFunction((wanted) => location.hash.includes(`unit=${wanted}`), name);
});

test('a brush lists its units; Escape clears it', async () => {
  const { page } = await opened();
  const host = figure(page, 'replication');
  await host.scrollIntoViewIfNeeded();
  const box = (await host.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.65, box.y + box.height * 0.05);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.3, { steps: 4 });
  await page.mouse.move(box.x + box.width * 0.97, box.y + box.height * 0.5, { steps: 4 });
  await page.mouse.up();
  const brushed = page.locator('.brushed');
  await brushed.waitFor();
  const n = Number(/^([\d,]+)/.exec(await brushed.innerText())![1].replace(',', ''));
  expect(n).toBeGreaterThan(3);
  expect(n).toBeLessThan(3000);
  expect(await page.locator('.filters .count').innerText()).toContain(String(n));
  await page.waitForFunction(() => location.hash.includes('brush=replication'));
  await page.keyboard.press('Escape');
  await brushed.waitFor({ state: 'detached' });
});

test('a bar of the layers zooms to its layer', async () => {
  const { page } = await opened();
  const host = figure(page, 'layers');
  await host.scrollIntoViewIfNeeded();
  const box = (await host.boundingBox())!;
  await page.mouse.click(box.x + box.width - 30, box.y + box.height / 2);
  await page.waitForFunction(() => location.hash.includes('layer=L5'));
  expect(await page.locator('.filters .count').innerText()).toBe('512 units');
  expect(await page.locator('#layer').inputValue()).toBe('5');
});

test('everything by keyboard', async () => {
  const { page, complaints } = await opened();
  const first = await title(page);
  await page.keyboard.press('j');
  expect(await title(page)).not.toBe(first);
  await page.keyboard.press('k');
  expect(await title(page)).toBe(first);
  await page.keyboard.press(']');
  expect(await page.locator('#layer').inputValue()).toBe('0');
  await page.keyboard.press('[');
  expect(await page.locator('#layer').inputValue()).toBe('all');
  await page.keyboard.press('t');
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await page.keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await page.keyboard.type('L2.37');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#card-title')!.textContent!.includes('L2.37'));
  await page.keyboard.press('Escape');

  await figure(page, 'funnel').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.tip').waitFor();
  const name = await page.locator('.tip strong').innerText();
  await page.waitForFunction((wanted) => document.querySelector('[role=status]')!.textContent!.startsWith(wanted), name);
  await page.keyboard.press('Enter');
  expect(await title(page)).toContain(name);
  await page.keyboard.press('Shift+ArrowRight');
  await page.locator('.brushed').waitFor();
  await page.keyboard.press('Escape');

  await page.evaluate(() => { location.hash = ''; });
  await page.waitForFunction((wanted) => document.querySelector('#card-title')!.textContent === wanted, await page.locator('#card-title').textContent());
  await page.locator('.heat-text').first().focus();
  const spoken = () => page.locator('.heat-bar .pointed').innerText();
  const one = await spoken();
  await page.keyboard.press('ArrowRight');
  const two = await spoken();
  expect(two).not.toBe(one);
  await page.keyboard.press('ArrowDown');
  expect(await spoken()).not.toBe(two);
  await page.keyboard.press('Home');
  expect(await spoken()).toBe(one);

  await page.locator('#units-table').focus();
  const selected = await title(page);
  await page.keyboard.press('End');
  expect(await title(page)).not.toBe(selected);
  expect(await page.locator('.rows [aria-selected=true]').getAttribute('aria-rowindex')).toBe('3073');
  expect(complaints).toEqual([]);
});

test('Tab reaches every control and shows where it is', async () => {
  const { page } = await opened();
  const seen = new Set<string>();
  for (let i = 0; i < 80; ++i) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement | null;
      if (!e || e === document.body) return null;
      const style = getComputedStyle(e), around = e.closest('.segments label');
      const outline = style.outlineStyle !== 'none' || (around !== null && getComputedStyle(around).outlineStyle !== 'none');
      return { name: e.id || e.getAttribute('aria-label')?.slice(0, 24) || e.textContent?.slice(0, 24) || e.tagName, outline };
    });
    if (!at) break;
    seen.add(at.name);
    expect(at.outline, at.name).toBe(true);
  }
  for (const name of ['search', 'layer', 'units-table']) expect([...seen]).toContain(name);
  expect([...seen].some((name) => name.startsWith('Where in the model'))).toBe(true);
});

test('a link shows the same view', async () => {
  const { page } = await opened('#unit=L4.77&layer=L4&scale=quantile&errors=1&sort=auc&sign=more&theme=dark');
  expect(await title(page)).toContain('L4.77');
  expect(await page.locator('#layer').inputValue()).toBe('4');
  expect(await page.getByLabel('quantile').isChecked().catch(() => null)).not.toBe(false);
  expect(await page.locator('[role=columnheader][aria-sort=ascending]').innerText()).toContain('AUC');
  const shown = await page.locator('.rows [role=row] .sign').first().getAttribute('class');
  expect(shown).toBeTruthy();
});

test('a token of the text finds the units that respond to it', async () => {
  const { page } = await opened();
  await page.locator('#search').fill('London');
  expect(await page.locator('#search-result').innerText()).toMatch(/^“London” is \d+ times in the text/);
  expect(await page.locator('.filters .count').innerText()).toBe('20 units');
  await page.locator('#search').fill('no such thing');
  expect(await page.locator('#search-result').innerText()).toContain('No unit and no token');
});

test('after a change of layer no ring stays where a unit of another layer was', async () => {
  const { page } = await opened('#unit=L2.37');
  const ink = (view: string) => page.locator(`figure.${view} canvas`).nth(1).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let n = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ++n;
    return n;
  });
  for (const view of ['funnel', 'replication', 'manhattan', 'qq']) expect(await ink(view), view).toBeGreaterThan(20);
  await page.locator('#layer').selectOption('4');
  await page.waitForTimeout(300);
  for (const view of ['funnel', 'replication', 'manhattan', 'qq']) expect(await ink(view), view).toBe(0);
  await page.locator('#layer').selectOption('2');
  await page.waitForTimeout(300);
  for (const view of ['funnel', 'replication', 'manhattan', 'qq']) expect(await ink(view), view).toBeGreaterThan(20);
});

test('Enter in the search closes its answer, so that it covers nothing', async () => {
  const { page } = await opened();
  await page.locator('#search').fill('L2.37');
  expect(await page.locator('#search-result').evaluate((e) => e.className)).toBe('result');
  await page.keyboard.press('Enter');
  expect(await page.locator('#search-result').evaluate((e) => e.className)).toBe('unseen');
  await page.locator('#search').fill('London');
  expect(await page.locator('#search-result').evaluate((e) => e.className)).toBe('result');
});

test('heads of the table stand above their numbers, and none is cut', async () => {
  const { page } = await opened();
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const off = await page.evaluate(() => {
      const edge = (e: Element) => e.getBoundingClientRect().right;
      const heads = [...document.querySelectorAll('[role=columnheader]')], cells = [...document.querySelectorAll('.rows [role=row]:first-child [role=gridcell]')];
      return heads.map((head, i) => ({ name: head.textContent, away: edge(head) - edge(cells[i]), cut: head.scrollWidth - head.clientWidth }));
    });
    for (const { name, away, cut } of off) {
      expect(Math.abs(away), `${name} at ${width}`).toBeLessThan(1);
      expect(cut, `${name} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});

test('only what the threshold calls keeps its colour', async () => {
  const { page } = await opened();
  const coloured = () => page.locator('.heat-text .tok:not(.hp0)').count();
  const all = await coloured();
  await page.getByLabel(/only (above|below) the threshold/).check();
  const called = await coloured();
  expect(called).toBeGreaterThan(5);
  expect(called).toBeLessThan(all / 2);
  await page.waitForFunction(() => location.hash.includes('only=called'));
  await page.locator('.segments').getByText('after GELU').click();
  await page.waitForFunction(() => location.hash.includes('scale=activated'));
});
