// The sentences of the card, which the page makes from the payload, are those that the program prints. No browser: the page's
// own modules read the payload.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReport, type Report } from '../../src/data/report';
import { bytesOfBase64, decodeColumns, inflate } from '../../src/payload/blocks';
import { checkSpec } from '../../src/payload/read';
import { cardText } from '../../src/words/card';
import { kProgram, scanWith, type Written } from './program';

const element = (html: string, id: string): string =>
  new RegExp(`<script type="[a-z/]+" id="${id}">([^<]*)</script>`).exec(html)![1];

async function openHtml(html: string): Promise<Report> {
  return openReport({
    spec: checkSpec(JSON.parse(element(html, 'penfield-payload'))),
    open: async (table) => decodeColumns(table, await inflate(bytesOfBase64(element(html, `penfield-block-${table.block}`)))),
  });
}

// The program wraps its lines and indents them, and the page has no-break spaces; words are compared.
const words = (text: string): string => text.replace(/[ \n\u00a0]+/g, ' ').trim();

function cardOf(report: Report, row: number): string {
  const { title, tally, headline, discovery, heldOut } = cardText(report, row);
  const lines = (all: typeof discovery) => all.map(({ label, sentence }) => `${label} ${sentence}`);
  return words([title, tally, headline, 'Discovery', ...lines(discovery), 'Held out', ...lines(heldOut)].join(' '));
}

let written: Written, report: Report;
beforeAll(async () => {
  written = scanWith('An ordinary line.');
  report = await openHtml(written.html);
}, 120_000);
afterAll(() => written.remove());

test('of several hundred units', () => {
  const { units } = report;
  const chosen = new Set<number>();
  for (const row of report.heat!.rows) chosen.add(row);
  expect([...chosen].every((row) => /^Of its 100 (strong|weak)est tokens, /.test(cardText(report, row).tally))).toBe(true);
  for (let row = 0; row < units.n; row += 17) chosen.add(row);
  units.status.forEach((status, row) => status !== 0 && chosen.size < 400 && chosen.add(row));
  const names = [...chosen].map((row) => units.name(row));
  const printed = execFileSync(kProgram, ['show', written.folder, ...names], {
    encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' }, maxBuffer: 1 << 26,
  });
  const cards = printed.split(/\n\n(?=L\d+\.\d+\n)/).map(words);
  expect(cards).toHaveLength(names.length);
  [...chosen].forEach((row, i) => expect(cardOf(report, row)).toBe(cards[i]));
});
