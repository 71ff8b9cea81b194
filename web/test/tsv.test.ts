import { expect, test, vi } from 'vitest';
import { shownColumns, tsvOf } from '../src/page/table_columns';
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
