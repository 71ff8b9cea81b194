// The explorer against the program: what is typed, picked and opened comes back from `penfield serve` with the bundled model.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { kRoot } from '../../build/root';
import { Chromium } from './chromium';

const kProgram = process.env.PENFIELD_PROGRAM ?? join(kRoot, '../build/penfield');
const kModel = join(kRoot, '../models/demo');
const kArticles = join(kRoot, '../data/demo/articles.txt');
const kSentence = 'The surgeon Wilder Penfield worked in Montreal.';

let browser: Chromium, folder: string, server: ChildProcess, url: string;

function scan(name: string, layers: string): void {
  const args = ['scan', '-m', kModel, '-t', kArticles, '--rows', '60', '--discovery', '6', '--held-out', '6', '--layers', layers];
  execFileSync(kProgram, [...args, '-o', join(folder, name)], { stdio: ['ignore', 'pipe', 'pipe'] });
}

const firstLine = (program: ChildProcess) => new Promise<string>((resolve, reject) => {
  let text = '';
  program.stdout!.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
  });
  program.on('exit', (code) => reject(new Error(`penfield serve ended with ${code}`)));
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'penfield-served-'));
  scan('result', 'all');
  scan('other', '2');
  server = spawn(kProgram, ['serve', join(folder, 'result'), '-m', kModel, '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] });
  url = await firstLine(server);
  browser = await Chromium.start();
}, 240_000);

afterAll(async () => {
  await browser.stop();
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  expect(await ended).toBe(130);
  rmSync(folder, { recursive: true, force: true });
});

async function opened(hash = '') {
  const watched = await browser.watch();
  await watched.page.goto(url + hash);
  await watched.page.waitForSelector('html[data-ready]');
  return watched;
}

const pieces = (page: Page) => page.locator('.live .heat-text .tok');

// The units of units.tsv that come without a heatmap, the first of each layer.
function unreported(): string {
  const reported = new Set(JSON.parse(readFileSync(join(folder, 'result/run.json'), 'utf8')).tables.heatmap_units);
  const index = Array.from({ length: 512 }, (_, i) => i).find((i) => !reported.has(`L4.${i}`));
  return `L4.${index}`;
}

test('the page comes from the program without a complaint, and asks it alone', async () => {
  const { page, requests, complaints } = await opened();
  await pieces(page).first().waitFor();
  expect(complaints).toEqual([]);
  expect(requests.filter((request) => !request.startsWith(url) && !request.startsWith('data:') && !request.startsWith('blob:'))).toEqual([]);
});

test('a text that is typed lights up, and its targets are marked', async () => {
  const { page, complaints } = await opened('#unit=L2.435');
  await page.locator('#live-text').fill(kSentence);
  await page.waitForFunction((text) => document.querySelector('.live .heat-text')?.textContent === text, kSentence);
  expect(await page.locator('.live .heat-text .target').count()).toBeGreaterThanOrEqual(3);
  expect(complaints).toEqual([]);
});

test('a unit that the page does not hold is fetched when it is picked', async () => {
  const name = unreported();
  const { page, requests, complaints } = await opened();
  await page.evaluate((unit) => { location.hash = `unit=${unit}`; }, name);
  await page.locator('.heat-text[aria-label^="Discovery"]').first().waitFor();
  expect(requests).toContain(`${url}api/v1/units/${name}`);
  expect(complaints).toEqual([]);
});

test('two units respond beside each other', async () => {
  const { page, complaints } = await opened('#unit=L2.435');
  await page.locator('#compare').fill('L5.134');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.live .heat-text').length === 2);
  expect(await page.locator('.compare thead').innerText()).toContain('L5.134');
  expect(complaints).toEqual([]);
});

test('another result is opened, and a page that shows the first one is told to load again', async () => {
  const first = await opened('#unit=L2.435');
  await pieces(first.page).first().waitFor();
  const { page, complaints } = await opened();
  const select = page.locator('.open-folder select');
  await select.waitFor();
  await select.selectOption(join(folder, 'other'));
  await Promise.all([page.waitForEvent('load'), page.locator('.open-folder button').click()]);
  await page.waitForSelector('html[data-ready]');
  expect(await page.locator('.open-folder').innerText()).toContain(join(folder, 'other'));
  expect(complaints).toEqual([]);
  await first.page.locator('#live-text').fill('Another text');
  expect(await first.page.getByRole('alert').first().innerText()).toContain('load it again');
});
