import { describe, expect, test } from 'vitest';
import { kDefaultView, readHash, writeHash, type View } from '../src/state/hash';

describe('the view in the address', () => {
  const full: View = {
    unit: 'L3.101', compare: 'L18.attn.q.77', layer: 'L3', brush: { view: 'funnel', x0: -1.5, x1: 0.25, y0: 3, y1: 12.5 },
    sign: '-', significant: true, replicated: true, sort: 'auc', descending: false, query: 'L3 & <b> ·%', scale: 'quantile',
    errors: true, onlyCalled: true, perUnit: true, effect: 'strong', specific: 'carrier',
  };
  test('is read as it was written', () => {
    expect(readHash(`#${writeHash(full)}`)).toEqual(full);
    expect(readHash(`#${writeHash({ ...full, sign: '+', sort: 'unit', descending: true })}`)).toEqual({ ...full, sign: '+', sort: 'unit', descending: true });
    expect(readHash(writeHash(kDefaultView))).toEqual(kDefaultView);
    expect(writeHash(kDefaultView)).toBe('');
  });
  test.each(['#%', '#brush=funnel,1,2,3', '#brush=nowhere,1,2,3,4', '#brush=funnel,1,2,3,NaN', '#scale=loud&sign=x&sort=', '#=&&=', '#unit=%ff'])(
    'of anybody’s making (%s) is harmless', (hash) => {
      const view = readHash(hash);
      expect(view.brush).toBeNull();
      expect(view.scale).toBe('standardised');
      expect(view.sign).toBe('any');
    });
  test('a query has an end', () => {
    expect(readHash(`q=${'x'.repeat(100000)}`).query).toHaveLength(200);
  });
});
