// The report as a reader opens it: from a file, without network.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kHostileTokens } from '../synthetic_text';
import { pageWith } from '../encode_payload';
import { kDemo, makePayload, randomFrom, type Synthetic } from '../make_payload';
import { visible } from '../../src/words/visible';
import { fixedText, significantText } from '../../src/words/numbers';
import { axe, builtPage, Chromium, kBuilt, kLooks, reportOf } from './chromium';

let synthetic: Synthetic, html: string;
beforeAll(() => { ({ synthetic, html } = reportOf(kDemo)); });

test('in a notebook\'s cell it opens and is used without a word on the console', async () => {
  const browser = await Chromium.start();
  const { page, complaints } = await browser.watch();
  const escaped = html.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  await page.goto(browser.file(`<!doctype html><meta charset="utf-8"><title>cell</title>
    <iframe style="width:100%;height:80vh" sandbox="allow-scripts allow-downloads" srcdoc="${escaped}"></iframe>`));
  const cell = page.frameLocator('iframe');
  await cell.locator('html[data-ready]').waitFor();
  await cell.locator('#units-table [role=row]').nth(2).click();
  await page.waitForTimeout(500);  // the address would follow
  expect(await cell.locator('h1').innerText()).toContain('Which of the 3,072 units');
  expect(complaints).toEqual([]);
  await browser.stop();
});

describe.each(kLooks)('at $width pixels, $theme', (look) => {
  let browser: Chromium;
  beforeAll(async () => { browser = await Chromium.start(look); });
  afterAll(() => browser.stop());

  test('opens with one request and no word on the console; axe finds nothing', async () => {
    const { page, requests, complaints } = await browser.open(html);
    await page.waitForTimeout(400);
    expect(await page.locator('html').getAttribute('data-theme')).toBe(look.theme);
    expect(await page.locator('h1').innerText()).toContain('Which of the 3,072 units');
    expect(await axe(page)).toEqual([]);
    await page.locator('input[type=checkbox]').last().scrollIntoViewIfNeeded();
    await page.getByLabel('false positives and misses').check();
    await page.keyboard.press('Escape');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    expect(await axe(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  test('the first figure has ink of each verdict, the others of both signs', async () => {
    const { page } = await browser.open(html);
    await page.waitForTimeout(600);
    const inked = await page.evaluate(() => [...document.querySelectorAll<HTMLCanvasElement>('.canvas-host canvas:first-child')].map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let orange = 0, blue = 0, green = 0, purple = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] - data[at + 2] > 90) ++orange;
        if (data[at + 2] - data[at] > 60) ++blue;
        if (data[at + 1] - data[at] > 60) ++green;
        if (Math.min(data[at], data[at + 2]) - data[at + 1] > 35) ++purple;
      }
      return { orange, blue, green, purple };
    }));
    expect(inked).toHaveLength(7);
    expect(inked[0].green).toBeGreaterThan(20);
    expect(inked[0].purple).toBeGreaterThan(20);
    for (const { orange, blue } of inked.slice(1)) {
      expect(orange).toBeGreaterThan(20);
      expect(blue).toBeGreaterThan(20);
    }
  });
});

describe('what it shows', () => {
  let browser: Chromium;
  beforeAll(async () => { browser = await Chromium.start(); });
  afterAll(() => browser.stop());

  test('numbers of random units are those of the results', async () => {
    const { page } = await browser.open(html);
    const random = randomFrom(77);
    for (let i = 0; i < 12; ++i) {
      const row = i === 0 ? synthetic.heat.rows[0] : Math.floor(random() * 3072);
      const name = `L${Math.floor(row / 512)}.${row % 512}`;
      if (synthetic.rows.status[row] !== 0) continue;
      await page.evaluate((hash) => { location.hash = hash; }, `unit=${name}`);
      await page.waitForFunction((wanted) => document.querySelector('#card-title')?.textContent?.includes(wanted), name);
      const text = (await page.locator('.card').innerText()).replace(/\u00a0/g, ' ');
      const at = (column: string) => synthetic.rows[column][row];
      expect(text).toContain(`AUC ${fixedText(at('auc'), 3)} [${fixedText(at('auc_lo'), 3)}, ${fixedText(at('auc_hi'), 3)}]`);
      expect(text).toContain(`β = ${significantText(at('beta'), 4)}, 95% interval`);
      expect(text).toContain(`χ² = ${fixedText(at('lrt_chi2'), 1)}`);
      if (i > 1) continue;
      expect(await page.locator('.rows [aria-selected=true]').innerText()).toContain(fixedText(at('neglog10_p'), 3));
    }
  });

  test('values of the text are those of the activations, and colours end alike on both texts', async () => {
    const { page } = await browser.open(html);
    const sheets = page.locator('.heat-text'), lead = synthetic.heat.rows.indexOf(synthetic.lead!);
    expect(await sheets.count()).toBe(2);
    for (const [sheet, token] of [[0, 5], [1, 9], [1, 30]]) {
      const shown = sheets.nth(sheet).locator('.tok').nth(token);
      await shown.scrollIntoViewIfNeeded();
      await shown.hover();
      const said = await page.locator('.heat-bar .pointed').innerText();
      const value = synthetic.heat.values[(2 * lead + sheet) * 512 + token];
      expect(said).toContain(significantText(value, 4));
    }
    expect(await page.locator('.heat-legend').count()).toBe(1);
    expect(await page.locator('.heat-legend .hp0').evaluate((e) => getComputedStyle(e).backgroundColor)).toBe('rgb(255, 255, 255)');
  });

  test('the card of a gated neuron shows the signs of its products, that of another unit does not', async () => {
    const gated = makePayload(kDemo);
    const [first, second] = gated.spec.heatmaps!.units;
    gated.spec.run.gate_quadrants = [{
      unit: first, n_target: { both: 6, gate_only: 2, up_only: 1, neither: 3 }, n_comparison: { both: 1, gate_only: 0, up_only: 0, neither: 999 },
    }];
    const { page, complaints } = await browser.open(pageWith(gated.spec, gated.blocks, kBuilt), `#unit=${first}`);
    await page.waitForSelector('.quadrants');
    const cells = await page.locator('.quadrants tr').evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(cells).toEqual([
      ['', '12 targets', '1,000 comparison tokens'],
      ['', 'gate +', 'gate −', 'gate +', 'gate −'],
      ['up +', '50%', '8%', '0.1%', '0%'],
      ['up −', '17%', '25%', '0%', '99.9%'],
    ]);
    expect(await axe(page)).toEqual([]);
    await page.evaluate((hash) => { location.hash = hash; }, `unit=${second}`);
    await page.waitForFunction((wanted) => document.querySelector('#card-title')?.textContent?.includes(wanted), second);
    expect(await page.locator('.quadrants').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('tokens that try to be more than text are text', async () => {
    const { page, complaints } = await browser.open(html);
    const text = await page.locator('.heat-text').first().innerText();
    for (const token of kHostileTokens) {
      if (token === '') continue;
      expect(text).toContain(visible(token).replace(/^·/, ''));
    }
    const raw = await page.locator('.heat-text').first().evaluate((e) => e.textContent!);
    expect(raw).not.toMatch(/[\u0000\u202e\u200b\u2028]/);
    expect(await page.locator('.heat-text script, .heat-text style').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('figures and table are saved', async () => {
    const { page } = await browser.open(html);
    await page.waitForTimeout(500);
    for (const [button, file, start] of [
      ['Save “Size and certainty of every unit” as SVG', 'penfield-funnel.svg', '<svg xmlns="http://www.w3.org/2000/svg"'],
      ['Save “Tuned units by layer” as PNG', 'penfield-layers.png', '\u0089PNG'.replace('\u0089', '')],
      ['Save as TSV', 'penfield-units.tsv', 'unit\tsite\tlayer\tneuron\tstatus\t'],
    ]) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
      expect(download.suggestedFilename()).toBe(file);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      const content = Buffer.concat(chunks);
      expect(content.toString('latin1').slice(0, 60)).toContain(start);
      if (file.endsWith('.tsv')) {
        const lines = content.toString('utf8').trimEnd().split('\n');
        expect(lines).toHaveLength(3073);
        const best = lines[1].split('\t'), names = lines[0].split('\t');
        const row = Number(best[2]) * 512 + Number(best[3]);
        for (const name of ['beta', 'auc', 'held_out_auc', 'neglog10_p_lrt']) {
          expect(Number(best[names.indexOf(name)])).toBe(synthetic.rows[name][row]);
        }
      }
    }
  });

  test('prints without controls, nothing cut off', async () => {
    const { page } = await browser.open(html);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.masthead').isVisible()).toBe(false);
    expect(await page.locator('.heat-text').first().evaluate((e) => e.scrollHeight - e.clientHeight)).toBeLessThanOrEqual(1);
  });

  test('prints in light colours where the page is dark, figures too', async () => {
    const { page } = await browser.open(html);
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    const picture = (event: string) => page.evaluate((name) => {
      if (name) dispatchEvent(new Event(name));
      return document.querySelector<HTMLCanvasElement>('.view.funnel canvas')!.toDataURL();
    }, event);
    const changedFrom = (before: string) =>
      page.waitForFunction((old) => document.querySelector<HTMLCanvasElement>('.view.funnel canvas')!.toDataURL() !== old, before);
    await page.waitForTimeout(300);
    const light = await picture('beforeprint');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture('afterprint');
    await changedFrom(light);
    const dark = await picture('');
    expect(await picture('beforeprint')).toBe(light);
    expect(await theme()).toBe('light');
    await picture('afterprint');
    await changedFrom(light);
    expect(await theme()).toBe('dark');
    expect(await picture('')).toBe(dark);
  });

  test('a click on the text puts its cursor there and scrolls nothing away', async () => {
    const { page } = await browser.open(html);
    const text = page.locator('.heat-text').first();
    await text.evaluate((e) => { e.scrollTop = e.scrollHeight; });
    const before = await text.evaluate((e) => e.scrollTop);
    const last = text.locator('.tok').nth(-3);
    await last.click();
    expect(await last.getAttribute('class')).toContain('cursor');
    expect(await text.locator('.cursor').count()).toBe(1);
    expect(Math.abs((await text.evaluate((e) => e.scrollTop)) - before)).toBeLessThan(40);
  });

  test('without results, and with damaged ones, it says so', async () => {
    const bare = await browser.watch();
    await bare.page.goto(browser.file(builtPage()));
    await bare.page.getByText('This page holds no results').waitFor();
    const damaged = await browser.watch();
    await damaged.page.goto(browser.file(html.replace(/(id="penfield-block-units">.{100}).{40}/, '$1')));
    await damaged.page.getByText('This report cannot be opened').waitFor();
    expect([...bare.complaints, ...damaged.complaints]).toEqual([]);
  });
});
