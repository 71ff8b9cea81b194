// Debian's Chromium with a profile of its own, and pages that record everything they ask for and complain of.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { kNoConnection } from '../../build/content_security_policy';
import { kRoot } from '../../build/root';
import { pageWith } from '../encode_payload';
import { makePayload, type Shape, type Synthetic } from '../make_payload';

export const kBuilt = join(kRoot, 'dist/index.html');
const kPlaces = [process.env.PENFIELD_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface Look {
  width: number;
  theme: 'light' | 'dark';
}
export const kLooks: Look[] = [
  { width: 1280, theme: 'light' }, { width: 1280, theme: 'dark' }, { width: 400, theme: 'light' }, { width: 400, theme: 'dark' },
];

export interface Watched {
  page: Page;
  requests: string[];
  complaints: string[]; // console messages and uncaught errors
}

export class Chromium {
  private constructor(private readonly context: BrowserContext, private readonly folder: string) {}

  static async start(look: Look = kLooks[0]): Promise<Chromium> {
    const folder = mkdtempSync(join(tmpdir(), 'penfield-browser-'));
    const executablePath = kPlaces.find((place) => place && existsSync(place));
    if (!executablePath) throw new Error('no Chromium: install the package chromium, or name one in PENFIELD_CHROMIUM');
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath, headless: true, viewport: { width: look.width, height: 900 }, colorScheme: look.theme, acceptDownloads: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--enable-precise-memory-info'],
    });
    return new Chromium(context, folder);
  }

  file(html: string): string {
    const path = join(this.folder, 'report.html');
    writeFileSync(path, html);
    return pathToFileURL(path).href;
  }

  async watch(): Promise<Watched> {
    const page = await this.context.newPage();
    const requests: string[] = [], complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    return { page, requests, complaints };
  }

  async open(html: string, hash = ''): Promise<Watched> {
    const watched = await this.watch();
    await watched.page.goto(this.file(html) + hash);
    await watched.page.waitForSelector('html[data-ready]');
    return watched;
  }

  async stop(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function reportOf(shape: Shape): { synthetic: Synthetic; html: string } {
  const synthetic = makePayload(shape);
  return { synthetic, html: pageWith(synthetic.spec, synthetic.blocks, kBuilt) };
}

export const builtPage = (): string => readFileSync(kBuilt, 'utf8');
// As the server sends it.
export const servedPage = (html: string): string => html.replace(kNoConnection, "connect-src 'self'");

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What axe finds, one line each; evaluated by the debugger, so that the page's own policy stays in force.
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(kAxe);
  return page.evaluate(async () => {
    const runner = (window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe;
    const { violations } = await runner.run();
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
  });
}
