import { expect, test, vi } from 'vitest';
import { shownColumns, tsvOf } from '../src/page/table_columns';
import { verdictOf } from '../src/data/verdict';
import { App } from '../src/state/app';
import { kDemo, kMedium, type Shape } from './make_payload';
import { openSynthetic } from './open_synthetic';

vi.stubGlobal('location', { hash: '' });
const kSmall = { layers: 2, width: 64, heatmaps: 2, windowTokens: 64, exactRows: 5 };

async function opened(shape: Shape): Promise<App> {
  return new App((await openSynthetic(shape)).report);
}
const table = (app: App, rows: number[]) => tsvOf(app, rows).trimEnd().split('\n').map((line) => line.split('\t'));

test('the file has every column of the payload, in its order', async () => {
  const app = await opened({ ...kDemo, ...kSmall });
  const names = app.report.spec.units.columns.map(({ name }) => name).filter((name) => name !== 'status');
  const [head, first] = table(app, [65, 3]);
  expect(head).toEqual(['unit', 'site', 'layer', 'neuron', 'status', ...names]);
  expect(first.slice(0, 5)).toEqual(['L1.1', 'mlp.pre', '1', '1', 'ok']);
  expect(first[head.indexOf('auc')]).toBe(String(app.report.units.value('auc', 65)));
});

test('bytes that stand for words are saved and shown as words', async () => {
  const app = await opened({ ...kDemo, heatmaps: 2, windowTokens: 64 });
  const { units } = app.report;
  const [head, ...lines] = table(app, [...Array(units.n).keys()]);
  const words = (name: string) => [...new Set(lines.map((line) => line[head.indexOf(name)]))].sort();
  expect(words('effect')).toEqual(['NA', 'moderate', 'none', 'strong']);
  expect(words('specific')).toEqual(['NA', 'carrier', 'specific', 'undecided']);
  expect(words('replicated_words')).toEqual(['0', '1', 'NA']); // as in units.tsv
  const shown = (name: string) => shownColumns(app).find((column) => column.name === name)!.text;
  const strong = [...Array(units.n).keys()].filter((row) => units.value('effect', row) === 3);
  expect(strong.length).toBeGreaterThan(0);
  for (const row of strong) expect(shown('effect')(app, row)).toBe('strong');
});

test('effect and near miss are filters of the table', async () => {
  const app = await opened({ ...kDemo, ...kSmall });
  const { units } = app.report;
  app.effect.value = 'moderate';
  app.specific.value = 'specific';
  const kept = [...Array(units.n).keys()].filter((row) => verdictOf(units, row) === 'specific');
  expect(kept.length).toBeGreaterThan(0);
  expect([...app.rows.value].sort((a, b) => a - b)).toEqual(kept);
});

test('a column that only some rows have is left out, unless those are saved', async () => {
  const app = await opened({ ...kMedium, ...kSmall });
  const { units } = app.report;
  const all = [...Array(units.n).keys()], exact = all.filter((row) => units.isExact(row));
  expect(table(app, all)[0]).not.toContain('lrt_chi2');
  expect(table(app, all)[0]).toContain('held_out_auc');
  const [head, first] = table(app, exact);
  expect(head).toContain('lrt_chi2');
  expect(head.indexOf('z')).toBe(head.indexOf('se') + 1);
  expect(first[head.indexOf('lrt_chi2')]).toBe(String(units.value('lrt_chi2', exact[0])));
});

test('the table shows nothing of held-out text where there is none', async () => {
  const app = await opened({ ...kDemo, ...kSmall });
  const names = () => shownColumns(app).map(({ name }) => name);
  expect(names()).toContain('replicated');
  app.report.hasHeldOut = false;
  expect(names()).toEqual(['unit', 'neglog10_p', 'beta_sd', 'auc', 'cohen_d', 'significant', 'status']);
});
