// npm run measure [report.html …]: what opening a report costs; without a file, reports of made-up results of the size of the
// demo and of GPT-2 Medium. The figures stand in bench/README.md.
import { readFileSync, statSync } from 'node:fs';
import { Chromium, reportOf } from './browser/chromium';
import { heapBytes, hoverMilliseconds, secondsOfWork } from './browser/work';
import { kDemo, kMedium } from './make_payload';

const named = process.argv.slice(2).map((path) => ({ name: path, html: readFileSync(path, 'utf8'), bytes: statSync(path).size }));
const madeUp = () => ([['3,072 units', kDemo], ['98,304 units', kMedium]] as const).map(([name, shape]) => {
  const { html } = reportOf(shape);
  return { name, html, bytes: Buffer.byteLength(html) };
});

for (const { name, html, bytes } of named.length > 0 ? named : madeUp()) {
  const browser = await Chromium.start();
  const { page, requests, complaints } = await browser.watch();
  let first = NaN;
  const work = await secondsOfWork(page, async () => {
    const begin = performance.now();
    await page.goto(browser.file(html));
    await page.waitForSelector('html[data-ready]');
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    first = (performance.now() - begin) / 1000;
  });
  await page.waitForTimeout(800);
  const hover = await hoverMilliseconds(page);
  const heap = await heapBytes(page);
  console.log(`${name}: ${(bytes / 1e6).toFixed(2)} MB, ${requests.length} request, ${complaints.length} console messages, ` +
    `first view ${first.toFixed(2)} s (${work.toFixed(2)} s of work), hover ${hover[hover.length >> 1].toFixed(0)} ms (worst ${hover[hover.length - 1].toFixed(0)}), ` +
    `heap ${(heap / 1e6).toFixed(0)} MB`);
  await browser.stop();
}
