import { beforeAll, describe, expect, test } from 'vitest';
import { correlatedUnits } from '../src/data/correlated';
import { detectorOf, detects, fitDetector, rates } from '../src/data/detector';
import { activate, activationOf } from '../src/data/activation';
import { histograms } from '../src/data/distributions';
import type { ActivationName } from '../src/payload/types';
import { strongest } from '../src/data/examples';
import { HeatData, heatStep, scaleHeat, scaleLike, symmetricLimit } from '../src/data/heat';
import { countFlag, filterRows, kNoFilters, sortedRows, topRows } from '../src/data/order';
import { quadrantShares } from '../src/data/quadrants';
import { betaQuantile, chi2Of, inflation } from '../src/data/quantiles';
import type { Report } from '../src/data/report';
import { search } from '../src/data/search';
import { shownPieces } from '../src/page/heat_text';
import { kDemo } from './make_payload';
import { openSynthetic } from './open_synthetic';

let report: Report;
beforeAll(async () => { ({ report } = await openSynthetic(kDemo)); });

describe('units', () => {
  test('names and rows are each other’s inverse', () => {
    for (const row of [0, 511, 512, 3071]) expect(report.units.rowOf(report.units.name(row))).toBe(row);
    expect(report.units.name(512)).toBe('L1.0');
    for (const wrong of ['L6.0', 'L0.512', 'L0.-1', 'L0', '', 'L0.1.5', 'constructor.1']) expect(report.units.rowOf(wrong)).toBeNull();
  });

  test('ranking puts units without a p last and keeps ties in order', () => {
    const values = [2, NaN, 3, 3, NaN, 1];
    expect([...sortedRows(values, true)]).toEqual([2, 3, 0, 5, 1, 4]);
    expect([...sortedRows(values, false)]).toEqual([5, 0, 3, 2, 1, 4]);
    const p = report.units.values('neglog10_p')!;
    const all = [...p.keys()].filter((row) => p[row] === p[row]).sort((a, b) => p[b] - p[a] || a - b);
    expect(topRows(report.units, 25)).toEqual(all.slice(0, 25));
  });

  test('filters hold together', () => {
    const order = Uint32Array.from({ length: 3072 }, (_, row) => row);
    const rows = filterRows(report.units, order, { ...kNoFilters, sign: '-', replicated: true, group: 2 }, null, null);
    expect(rows.length).toBe(countFlag(report.units, report.units.replicated, 2).negative);
    for (const row of rows) expect(report.units.groupOf[row]).toBe(2);
    expect(filterRows(report.units, order, kNoFilters, null, null).length).toBe(3072);
    expect(filterRows(report.units, order, kNoFilters, new Uint8Array(3072), null).length).toBe(0);
  });
});

describe('search', () => {
  test('finds a unit, a layer, a prefix, a token, and says when it finds nothing', () => {
    expect(search(report.units, report.heat, ' l3.101 ')).toEqual({ kind: 'unit', row: 3 * 512 + 101 });
    const layer = search(report.units, report.heat, 'L2');
    expect(layer?.kind).toBe('units');
    expect('member' in layer! && layer.member.reduce((a, b) => a + b, 0)).toBe(512);
    const token = search(report.units, report.heat, 'London');
    expect(token?.kind).toBe('token');
    expect(token?.kind === 'token' && token.rows.length).toBe(20);
    expect(search(report.units, report.heat, 'zzz')?.kind).toBe('none');
    expect(search(report.units, report.heat, '  ')).toBeNull();
    expect(search(report.units, report.heat, '<script>')?.kind).toBe('token');
  });
});

describe('heat', () => {
  const windows = [
    { split: 'discovery' as const, window: 0, document: 0, tokens: ['The', '·cat', '·😀', '', '↵', '·'], targets: [1] },
    { split: 'held_out' as const, window: 1, document: 1, tokens: ['A', '·dog'], targets: [1] },
  ];
  const data = new HeatData(windows);
  data.add(0, Float64Array.from([90, 1, -2, -3, 0.5, 0, 50, 2]));
  const heat = data.of(0)!;

  test('one limit for both texts, without the first token of a window', () => {
    expect(symmetricLimit(data.tokens, heat.values)).toBe(3);
    const scaled = scaleHeat(data.tokens, heat, 'raw');
    expect([scaled.limit, scaled.nBeyond]).toEqual([3, 2]);
    expect(symmetricLimit(data.tokens, Float64Array.from([5, 0, 0, 0, 0, 0, 5, 0]))).toBe(0);
  });

  test('standardised has mean 0 and SD 1; quantile runs evenly from −1 to 1 and shares ties', () => {
    const z = scaleHeat(data.tokens, heat, 'standardised').shown.filter((_, t) => data.tokens[t].position !== 0);
    const mean = z.reduce((a, b) => a + b) / z.length;
    expect(mean).toBeCloseTo(0, 12);
    expect(z.reduce((a, b) => a + (b - mean) ** 2, 0) / (z.length - 1)).toBeCloseTo(1, 12);
    const tied = { ...heat, values: Float64Array.from([1, 2, 2, 3, NaN, 4, 5, 6]) };
    expect([...scaleHeat(data.tokens, tied, 'quantile').shown].map((v) => Math.round(7 * v))).toEqual([-6, -3, -3, 0, NaN, 2, 4, 6]);
  });

  test('another text takes the scale of the unit’s own', () => {
    for (const scale of ['raw', 'standardised'] as const) {
      const own = scaleHeat(data.tokens, heat, scale), other = scaleLike(data.tokens, heat, heat.values.slice(1, 3), scale);
      expect(other).toMatchObject({ scale, limit: own.limit });
      expect([...other.shown]).toEqual([...own.shown.slice(1, 3)]);
    }
    expect(scaleLike(data.tokens, heat, Float64Array.of(1e6), 'quantile')).toMatchObject({ scale: 'standardised', nBeyond: 1 });
  });

  test('steps are symmetric, end at the limit and are 0 at zero, NaN and no limit', () => {
    expect([0, 0.04, 0.05, 1, 7, -0.05, -1, -7, NaN].map((v) => heatStep(v, 1))).toEqual([0, 0, 1, 12, 12, -1, -12, -12, 0]);
    expect(heatStep(3, 0)).toBe(0);
    for (let v = -2; v <= 2; v += 0.01) expect(heatStep(-v, 1)).toBe(-heatStep(v, 1) + 0);
  });

  test('a split character is one piece with its farthest value; a space before a word is no part of it', () => {
    const pieces = shownPieces(data, 0, heat.values, scaleHeat(data.tokens, heat, 'raw'), null);
    expect(pieces.map(({ text, hasGap, raw, endsLine }) => [text, hasGap, raw, endsLine])).toEqual([
      ['The', false, 90, false], ['cat', true, 1, false], ['😀', true, -3, false], ['↵', false, 0.5, true], ['·', false, 0, false],
    ]);
  });

  test('as a detector: threshold between the groups, errors counted at natural prevalence', () => {
    const detector = fitDetector(data.tokens, heat, 1)!;
    expect(detector.threshold).toBe(0.75);
    expect(rates(data.tokens, heat, detector, 'held_out')).toMatchObject({ truePositive: 1, falsePositive: 0, missed: 0 });
    expect(fitDetector(data.tokens.map((t) => ({ ...t, isTarget: false })), heat, 1)).toBeNull();
  });

  test('the detector has the threshold of the scan where the payload has it', async () => {
    const { report: own } = await openSynthetic({ ...kDemo, layers: 1, width: 64, heatmaps: 2, windowTokens: 64 });
    const row = own.heat!.rows[0], at = { name: 'threshold', values: Float64Array.of(-1.25) };
    expect(detectorOf(own, row)).toEqual({ ...fitDetector(own.heat!.tokens, own.heat!.of(row)!, own.units.direction[row]), isOfTextShown: true });
    own.units.addExact([row], new Map([['threshold', at]]));
    const detector = detectorOf(own, row)!;
    expect(detector).toEqual({ threshold: -1.25, direction: own.units.direction[row], isOfTextShown: false });
    expect(detects(detector, -1.25)).toBe(true);
    expect(detectorOf(own, own.heat!.rows[1])!.isOfTextShown).toBe(true);
  });

  test('strongest tokens keep their context inside the window', () => {
    const [first] = strongest(data, heat, -1, false, 3);
    expect(first).toMatchObject({ token: '·😀', before: ['The', '·cat'], value: -2, isTarget: false });
    expect(strongest(data, heat, 1, true, 9).map(({ token }) => token)).toEqual(['·dog', '·cat']);
  });
});

test('histograms hold every sampled token once', () => {
  const row = report.heat!.rows[0];
  const shown = histograms(report.heat!.tokens, report.heat!.of(row)!, 'gelu_new');
  expect(shown.map(({ stage, split }) => `${stage} ${split}`)).toEqual(['pre discovery', 'pre held_out', 'post discovery', 'post held_out']);
  const sampled = report.heat!.tokens.filter((t) => t.isSampled && t.split === 'discovery');
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  for (const h of shown.filter(({ split }) => split === 'discovery')) {
    expect(sum(h.target)).toBe(sampled.filter((t) => t.isTarget).length);
    expect(sum(h.comparison)).toBe(sampled.filter((t) => !t.isTarget).length);
  }
});

test('activation functions', () => {
  expect(activate('gelu_new', 1)).toBeCloseTo(0.8411919906, 9);
  expect(activate('gelu', 1)).toBeCloseTo(0.8413447461, 6);
  expect(activate('gelu', -1)).toBeCloseTo(-0.1586552539, 6);
  expect(activate('relu', -1)).toBe(0);
  // torch 2.15, float64: nn.functional.silu, relu6; torch.tanh, sigmoid; x·sigmoid(1.702 x), relu(x)²
  const torch: [ActivationName, number][] = [['silu', 1.0215854780], ['relu6', 1.3], ['tanh', 0.8617231593], ['sigmoid', 0.7858349830], ['quick_gelu', 1.1717878934], ['relu2', 1.69]];
  for (const [name, expected] of torch) expect(activate(name, 1.3)).toBeCloseTo(expected, 9);
  expect([activationOf('silu'), activationOf('linear'), activationOf('toString'), activationOf(undefined)]).toEqual(['silu', null, null, null]);
});

test('correlated units: symmetric, not with itself, strongest first', () => {
  const heat = report.heat!;
  const [a] = heat.rows;
  const found = correlatedUnits(heat, a, 5);
  expect(found.map(({ row }) => row)).not.toContain(a);
  expect(correlatedUnits(heat, found[0].row, Infinity).find(({ row }) => row === a)!.r).toBeCloseTo(found[0].r, 12);
  expect(Math.abs(found[0].r)).toBeGreaterThanOrEqual(Math.abs(found[4].r));
  expect(Math.abs(found[0].r)).toBeLessThanOrEqual(1);
});

describe('quantiles', () => {
  // scipy 1.10: stats.beta.ppf(q, i, n - i + 1), stats.chi2.isf(10**-x, 1)
  test.each([
    [1, 98304, 0.025, 2.575460278731211e-7], [1, 98304, 0.975, 3.7524518249195086e-5], [300, 98304, 0.975, 0.0034059999112746138],
    [5, 9, 0.5, 0.5],
  ])('of the %d-th of %d', (i, n, q, expected) => {
    expect(betaQuantile(i, n - i + 1, q) / expected).toBeCloseTo(1, 6);
  });
  test('of χ²', () => {
    expect(chi2Of(-Math.log10(0.05))).toBeCloseTo(3.841458820694124, 9);
    expect(chi2Of(10)).toBeCloseTo(41.82145636476129, 8);
    expect(chi2Of(-Math.log10(0.5))).toBeCloseTo(0.454936423119572, 9);
    expect(chi2Of(100000)).toBeGreaterThan(460000);
    expect(chi2Of(0)).toBe(0);
  });
  test('λ of uniform p-values is 1', () => {
    const sorted = Float64Array.from({ length: 9999 }, (_, i) => -Math.log10((i + 0.5) / 9999));
    expect(inflation(sorted)).toBeCloseTo(1, 2);
  });
});

test('quadrants are shares of their group, by the sign of up and then of the gate', () => {
  const shares = quadrantShares({ both: 6, gate_only: 2, up_only: 1, neither: 3 });
  expect(shares.n).toBe(12);
  expect(shares.rows).toEqual([[0.5, 1 / 12], [2 / 12, 0.25]]);
  expect(shares.largest).toBe(0.5);
  expect(quadrantShares({ both: 0, gate_only: 0, up_only: 0, neither: 0 })).toEqual({ n: 0, rows: [[0, 0], [0, 0]], largest: 0 });
});
