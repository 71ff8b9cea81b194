import { beforeEach, describe, expect, test, vi } from 'vitest';
import { App } from '../src/state/app';
import { kDemo } from './make_payload';
import { openSynthetic } from './open_synthetic';

vi.stubGlobal('location', { hash: '' });
const kSmall = { ...kDemo, layers: 2, width: 64, heatmaps: 2, windowTokens: 64 };

describe('the page opens with', () => {
  test('the unit of the headline, whose layer the index view shows', async () => {
    const { report, synthetic } = await openSynthetic(kDemo);
    const app = new App(report), first = app.rows.value[0];
    expect(synthetic.lead).not.toBe(first);
    expect(app.selected.value).toBe(synthetic.lead);
    expect(app.indexGroup.value).toBe(report.units.groupOf[synthetic.lead!]);
  });
  test('the first unit of the table where no sentence names one', async () => {
    const { report } = await openSynthetic(kSmall);
    report.spec.story.found = [['No unit is significant.']];
    const app = new App(report);
    expect(app.selected.value).toBe(app.rows.value[0]);
  });
  test('the unit of a link', async () => {
    vi.stubGlobal('location', { hash: '#unit=L1.6' });
    expect(new App((await openSynthetic(kSmall)).report).selected.value).toBe(70);
    vi.stubGlobal('location', { hash: '' });
  });
});

describe('a brush', () => {
  let app: App;
  const brush = (view: 'index' | 'funnel' | 'manhattan') => (app.brush.value = { view, x0: -1, x1: 1, y0: -1, y1: 1 });
  beforeEach(async () => { app = new App((await openSynthetic(kSmall)).report); });

  test('of the index view ends with its layer', () => {
    app.select(3);
    brush('index');
    app.select(4);
    expect(app.brush.value).not.toBeNull();
    app.select(70);
    expect(app.brush.value).toBeNull();
    brush('funnel');
    app.select(3);
    expect(app.brush.value).not.toBeNull();
  });

  test.each([['index', false], ['funnel', false], ['manhattan', true]] as const)('of %s and another scale of β', (view, stays) => {
    brush(view);
    app.perUnit.value = true;
    expect(app.brush.value !== null).toBe(stays);
  });

  test('of a link stays with what comes with it', () => {
    app.select(3);
    brush('index');
    app.apply({ ...app.view(), unit: 'L1.6', perUnit: true, brush: { view: 'index', x0: 0, x1: 9, y0: -1, y1: 1 } });
    expect(app.brush.value).toMatchObject({ view: 'index', x1: 9 });
  });
});
