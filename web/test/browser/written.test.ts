// Reports that the program made, as a reader opens them: values, text, and what the page forbids itself.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedText, significantText } from '../../src/words/numbers';
import { visible } from '../../src/words/visible';
import { pageWith } from '../encode_payload';
import { kDemo, makePayload, randomFrom } from '../make_payload';
import { axe, Chromium, kBuilt, kLooks } from './chromium';
import { scanWith, vocabulary, type Row, type Written } from './program';

const kMischief = 'Alarm <script>alert(1)</script> Milan "></style><img src=x onerror=alert(2)> <!-- Rome --> &lt;b&gt; \u202eLondon\u202c ' +
  'Paris\u200b 😀👩‍🔬 שלום Ærø ]]> Berlin';
const nameOf = (row: Row) => row.unit;

let written: Written, browser: Chromium;
beforeAll(async () => {
  written = scanWith(kMischief);
  browser = await Chromium.start();
});
afterAll(async () => {
  await browser?.stop();
  written?.remove();
});

// What the page shows of some tokens: a space before a word is a space.
const sheetText = (tokens: string[]) => tokens.map((token) => visible(token).replace(/^·(?=[^·])/, ' ')).join('');

describe.each(kLooks)('at $width pixels, $theme', (look) => {
  test('opens with one request and no word on the console; axe finds nothing', async () => {
    const other = await Chromium.start(look);
    const { page, requests, complaints } = await other.open(written.html);
    await page.waitForTimeout(400);
    expect(await page.locator('h1').innerText()).toContain('Which of the 3,072 units');
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    await other.stop();
  });
});

test('the numbers of random units are those of units.tsv', async () => {
  const { page } = await browser.open(written.html);
  const random = randomFrom(11);
  let compared = 0;
  while (compared < 12) {
    const row = written.units[Math.floor(random() * written.units.length)];
    if (row.status !== 'ok' || row.held_out_auc === 'NA') continue;
    await page.evaluate((hash) => { location.hash = hash; }, `unit=${nameOf(row)}`);
    await page.waitForFunction((wanted) => document.querySelector('#card-title')?.textContent?.endsWith(wanted), nameOf(row));
    const card = (await page.locator('.card').innerText()).replace(/\u00a0/g, ' ');
    const at = (column: string) => Number(row[column]);
    for (const prefix of ['', 'held_out_']) {
      const [auc, lo, hi] = ['auc', 'auc_lo', 'auc_hi'].map((name) => fixedText(at(prefix + name), 3));
      expect(card).toContain(`AUC ${auc} [${lo}, ${hi}]`);
    }
    expect(card).toContain(`β = ${significantText(at('beta'), 4)}, 95% interval`);
    expect(card).toContain(`χ² = ${fixedText(at('lrt_chi2'), 1)}`);
    const shown = await page.locator('.rows [aria-selected=true]').innerText();
    expect(shown).toContain(fixedText(at('neglog10_p'), 3));
    ++compared;
  }
});

test('the values of the text are those of heatmaps.npy', async () => {
  const unit = 3, n = written.windows.length;
  const { page } = await browser.open(written.html, `#unit=${written.heatUnits[unit]}`);
  const firsts = written.windows.flatMap((row, t) => (t === 0 || row.window !== written.windows[t - 1].window || row.split !== written.windows[t - 1].split ? [t] : []));
  for (const [w, place] of [[0, 4], [1, 60], [firsts.length - 1, 9]]) {
    // Places are pieces: tokens that carry no character of their own stand in the piece before them.
    const own = written.windows.map((_, t) => t).filter((t) => t >= firsts[w] && written.windows[t].token !== '');
    const token = page.locator('.heat-text').nth(w).locator('.tok').nth(place);
    await token.scrollIntoViewIfNeeded();
    await token.hover();
    const said = await page.locator('.heat-bar .pointed').innerText();
    const values = [own[place], ...(own[place + 1] > own[place] + 1 ? [own[place] + 1] : [])].map((t) => significantText(written.heat[unit * n + t], 4));
    expect(values.some((value) => said.includes(value)), `${said} against ${values}`).toBe(true);
  }
});

test('text that tries to be more than text is text, and its characters are whole', async () => {
  const { page, complaints, requests } = await browser.open(written.html);
  const sheets = await page.locator('.heat-text').evaluateAll((all) => all.map((sheet) => ({ text: sheet.textContent!, tags: [...new Set([...sheet.querySelectorAll('*')].map((e) => e.tagName))].sort().join() })));
  const expected: string[][] = [];
  written.windows.forEach((row, t) => {
    const before = written.windows[t - 1];
    if (!before || before.window !== row.window || before.split !== row.split) expected.push([]);
    expected[expected.length - 1].push(row.token);
  });
  // Windows are cut out of the articles, and only a line break at the end shows that nothing is missing there.
  expect(sheets.map(({ text }) => text)).toEqual(expected.map(sheetText).map((text) => (text.endsWith('↵') ? text : `${text}…`)));
  for (const { tags } of sheets) expect(tags).toBe('BR,SPAN');
  const all = sheets.map(({ text }) => text).join('');
  for (const part of ['<script>alert(1)</script>', '"></style><img src=x onerror=alert(2)>', '<!-- Rome -->', '&lt;b&gt;', '\\u202E', '😀', 'שלום', 'Ærø', ']]>']) {
    expect(all).toContain(part);
  }
  expect(all).not.toMatch(/[\u202e\u202c\u200b\ufffd]/);
  expect(requests).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test('every token of the vocabulary is shown and inert', async () => {
  const tokens = vocabulary(process.env.PENFIELD_VOCABULARY)
    .map((token) => token.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '⇥'));
  const { spec, blocks } = makePayload({ ...kDemo, heatmaps: 1, windowTokens: tokens.length });
  spec.heatmaps!.windows[0].tokens = tokens;
  const { page, complaints, requests } = await browser.open(pageWith(spec, blocks, kBuilt), `#unit=${spec.heatmaps!.units[0]}`);
  const shown = await page.locator('.heat-text').first().locator('.tok').evaluateAll((all) => all.map((e) => e.textContent));
  expect(shown).toEqual(tokens.filter((token) => token !== '').map((token) => visible(token).replace(/^·(?=[^·])/, '')));
  expect(requests).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test('the page forbids scripts, markup and connections that are not its own', async () => {
  const { page } = await browser.open(written.html);
  const tried = await page.evaluate(async () => {
    const out: Record<string, string> = {};
    const attempt = async (name: string, act: () => unknown) => {
      try {
        await act();
        out[name] = 'allowed';
      } catch {
        out[name] = 'refused';
      }
    };
    await attempt('markup', () => { document.body.innerHTML += '<b>x</b>'; });
    await attempt('connection', () => fetch('https://example.org/'));
    await attempt('script', () => new Promise((done, refuse) => {
      const script = document.createElement('script');
      script.onload = done;
      script.onerror = refuse;
      script.src = 'data:text/javascript,1';
      document.body.append(script);
    }));
    return out;
  });
  expect(tried).toEqual({ markup: 'refused', connection: 'refused', script: 'refused' });
});
