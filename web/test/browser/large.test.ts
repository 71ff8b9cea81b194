// 98,304 units: size and memory. Times are measured by test/measure.ts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kMedium } from '../make_payload';
import { Chromium, reportOf, type Watched } from './chromium';
import { heapBytes } from './work';

let browser: Chromium, html: string, watched: Watched;
beforeAll(async () => {
  ({ html } = reportOf(kMedium));
  browser = await Chromium.start();
});
afterAll(() => browser.stop());

describe('a report of 98,304 units', () => {
  test('is at most 5 MB', () => expect(Buffer.byteLength(html)).toBeLessThanOrEqual(5_000_000));

  test('opens with one request and no complaint', async () => {
    watched = await browser.open(html);
    expect(await watched.page.locator('h1').innerText()).toContain('98,304');
    expect(watched.requests).toHaveLength(1);
    expect(watched.complaints).toEqual([]);
  });

  test('keeps within 200 MB after use', async () => {
    const { page } = watched;
    for (const key of ['j', 'j', ']', ']', '[', '[', 't']) await page.keyboard.press(key);
    await page.locator('figure.funnel .canvas-host').hover();
    const used = await heapBytes(page);
    expect(used).toBeGreaterThan(5e6);
    expect(used).toBeLessThan(200e6);
    expect(watched.complaints).toEqual([]);
  });
});
