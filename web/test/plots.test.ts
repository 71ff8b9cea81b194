import { beforeAll, describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { heatStepsCss } from '../build/heat_css';
import { kHeatSteps } from '../src/data/heat';
import type { Report } from '../src/data/report';
import type { Units } from '../src/data/units';
import { hasNearMiss } from '../src/data/verdict';
import { buildScene } from '../src/plots/build_scene';
import { escapeXml, svgOf } from '../src/plots/draw_svg';
import { pieces } from '../src/plots/draw_canvas';
import { headingOf } from '../src/plots/heading';
import { nameMarks } from '../src/plots/labels';
import { contrast, heatColour, hexOf, kDark, kDarkHeat, kLight, kLightHeat } from '../src/plots/palette';
import { Picker } from '../src/plots/picking';
import { inBrush, placeUnits } from '../src/plots/placement';
import { stampMarks } from '../src/plots/raster';
import { along, back, roundTicks, withMargin } from '../src/plots/scale';
import { countMarks, Mark } from '../src/plots/scene';
import { kViewNames, type ViewName } from '../src/state/hash';
import { kDemo } from './make_payload';
import { openSynthetic } from './open_synthetic';

let report: Report;
beforeAll(async () => { ({ report } = await openSynthetic(kDemo)); });
const options = { width: 700, height: 300, group: null, indexGroup: 3, perUnit: false };
const scene = (view: ViewName, more: object = {}) => {
  const all = { ...options, ...more };
  return buildScene(report, view, placeUnits(report, view, all), all);
};
const measure = (text: string) => 6 * text.length;

describe('colours', () => {
  test('every step of both scales carries text; zero is the ground', () => {
    for (const [heat, page] of [[kLightHeat, kLight], [kDarkHeat, kDark]] as const) {
      for (let step = -kHeatSteps; step <= kHeatSteps; ++step) {
        expect(contrast(hexOf(heatColour(step, kHeatSteps, heat)), heat.ink)).toBeGreaterThanOrEqual(4.5);
      }
      expect(hexOf(heatColour(0, 1, heat))).toBe(page.ground);
    }
    expect(heatColour(0, 1)).toEqual([255, 255, 255]);
    expect(hexOf(heatColour(9, 1))).toBe('#e8750f');
    expect(hexOf(heatColour(-9, 1))).toBe('#418bcb');
  });
  test.each([['light', kLight], ['dark', kDark]] as const)('text and marks of the %s theme contrast with their ground', (_, palette) => {
    for (const ink of ['ink', 'muted', 'positive', 'negative', 'specific', 'carrier'] as const) expect(contrast(palette[ink], palette.ground)).toBeGreaterThanOrEqual(4.5);
  });
  test('the style sheet has the same colours', () => {
    const css = readFileSync(new URL('../src/style/base.css', import.meta.url), 'utf8');
    const [light, dark] = css.split("[data-theme='dark']");
    for (const [text, palette] of [[light, kLight], [dark, kDark]] as const) {
      for (const [name, ink] of [['ground', 'ground'], ['ink', 'ink'], ['muted', 'muted'], ['plus', 'positive'], ['minus', 'negative'], ['specific', 'specific'], ['carrier', 'carrier']] as const) {
        expect(text).toContain(`--${name}: ${palette[ink]};`);
      }
    }
    expect(readFileSync(new URL('../src/style/heat_steps.css', import.meta.url), 'utf8')).toBe(heatStepsCss());
  });
});

describe('scales', () => {
  test('ticks are round, inside, and few', () => {
    expect(roundTicks(0, 94, 5).map(({ label }) => label)).toEqual(['0', '20', '40', '60', '80']);
    expect(roundTicks(-0.3, 0.3, 4).map(({ label }) => label)).toEqual(['−0.2', '0.0', '0.2']);
    expect(roundTicks(0, 4095, 5).map(({ label }) => label)).toEqual(['0', '1,000', '2,000', '3,000', '4,000']);
    expect(roundTicks(1, 1, 4)).toEqual([]);
    expect(withMargin(2, 2, 0.1)).toEqual([1, 3]);
  });
  test('there and back again', () => {
    const s = { lo: -3, hi: 7, from: 50, to: 650 };
    expect(back(s, along(s, 2.5))).toBeCloseTo(2.5, 12);
  });
});

describe('views', () => {
  test('every unit with a p has its mark inside the frame', () => {
    for (const view of ['specificity', 'manhattan', 'funnel', 'replication', 'qq'] as const) {
      const { marks, frame } = scene(view);
      expect(marks.rows.length).toBe(3070); // two of them have no p
      expect(Math.min(...marks.x)).toBeGreaterThanOrEqual(frame.left - 0.01);
      expect(Math.max(...marks.x)).toBeLessThanOrEqual(frame.right + 0.01);
      expect(Math.min(...marks.y)).toBeGreaterThanOrEqual(frame.top - 0.01);
      expect(Math.max(...marks.y)).toBeLessThanOrEqual(frame.bottom + 0.01);
    }
  });
  test('signs and shapes are those of the results', () => {
    const n = countMarks(scene('funnel').marks);
    const { units } = report;
    const found = (d: number) => [...units.significant.keys()].filter((row) => units.significant[row] && units.direction[row] === d).length;
    expect([n.positive, n.negative]).toEqual([found(1), found(-1)]);
  });
  test('a layer alone; the index view is always of one', () => {
    expect(scene('manhattan', { group: 2 }).marks.rows.length).toBe(512);
    expect(scene('index').marks.rows.every((row) => report.units.groupOf[row] === 3)).toBe(true);
  });
  test('the lead figure has AUCs towards the concept, and marks by verdict', () => {
    const { marks, x, y, named } = scene('specificity');
    const { units } = report;
    const seen = new Set<number>();
    marks.rows.forEach((row, i) => {
      const towards = (auc: number) => (units.direction[row] > 0 ? auc : 1 - auc);
      expect(back(x, marks.x[i])).toBeCloseTo(towards(units.value('auc_matched', row)), 4);
      expect(back(y, marks.y[i])).toBeCloseTo(towards(units.value('auc_near_miss', row)), 4);
      const what = units.value('effect', row) < 2 ? Mark.rest : [0, Mark.specific, Mark.carrier, Mark.undecided][units.value('specific', row)];
      expect(marks.kind[i]).toBe(what);
      seen.add(what);
    });
    expect(seen.size).toBe(4);
    expect(named.length).toBeGreaterThan(3);
  });
  test('there is no lead figure without a near miss', () => {
    expect(hasNearMiss(report.units)).toBe(true);
    const without = (...left: string[]) => ({ ...report.units, has: (name: string) => !left.includes(name), values: (name: string) => report.units.values(name) });
    expect(hasNearMiss(without('auc_near_miss') as unknown as Units)).toBe(false);
    expect(hasNearMiss(without('auc_matched') as unknown as Units)).toBe(false);
  });
  test('the layers view has a bar for each layer, sign and stage', () => {
    expect(scene('layers').rects).toHaveLength(6 * 4);
  });
  test('the QQ view has the band of permuted labels where those of its units were permuted', () => {
    const before = report.run.families;
    expect(scene('qq').bands.map(({ ink }) => ink)).toEqual(['rest']);
    const rank_bands = [{ rank: 1, lo: 2.9, median: 3.7, hi: 5 }, { rank: 100, lo: 1.2, median: 1.5, hi: 1.9 }, { rank: 3070, lo: 0, median: 0, hi: 0.1 }];
    report.run.families = [{ name: 'model', n_tests: 3070, neglog10_p_threshold: null, permutation: { rank_bands } }];
    const { bands, x, y } = scene('qq');
    expect(bands.map(({ ink }) => ink)).toEqual(['muted', 'rest']);
    const there = bands[0].outline.map(([px, py]) => [back(x, px) ** 2, back(y, py) ** 2]);
    const at = (rank: number) => -Math.log10((rank - 0.5) / 3070);
    const expected = [...rank_bands.map(({ rank, hi }) => [at(rank), hi]), ...rank_bands.map(({ rank, lo }) => [at(rank), lo]).reverse()];
    there.forEach(([px, py], i) => {
      expect(px).toBeCloseTo(expected[i][0], 6);
      expect(py).toBeCloseTo(expected[i][1], 6);
    });
    expect(scene('qq', { group: 2 }).bands.map(({ ink }) => ink)).toEqual(['rest']);
    report.run.families = before.map((family, g) => (g === 2 ? { ...family, permutation: { rank_bands } } : family));
    expect(scene('qq').bands.map(({ ink }) => ink)).toEqual(['rest']);
    expect(scene('qq', { group: 2 }).bands.map(({ ink }) => ink)).toEqual(['muted', 'rest']);
    report.run.families = before;
  });
  test('names cover neither each other nor their marks', () => {
    const shown = scene('funnel');
    const names = nameMarks(shown, report.units, measure);
    expect(names.length).toBeGreaterThan(3);
    names.forEach((a, i) => names.slice(i + 1).forEach((b) => {
      const apart = Math.abs(a.y - b.y) >= 10 || a.x + measure(a.text) <= b.x || b.x + measure(b.text) <= a.x;
      expect(apart).toBe(true);
    }));
  });
  test('a name covers at most three marks', () => {
    for (const view of ['funnel', 'manhattan', 'replication', 'index', 'qq'] as const) {
      const shown = scene(view);
      for (const name of nameMarks(shown, report.units, measure)) {
        const right = name.x + measure(name.text);
        const covered = shown.marks.rows.filter((_, i) => shown.marks.x[i] >= name.x && shown.marks.x[i] <= right && shown.marks.y[i] >= name.y - 9 && shown.marks.y[i] <= name.y);
        expect(covered.length, `${view} ${name.text}`).toBeLessThanOrEqual(3);
      }
    }
  });
  test('a brush holds what lies in it', () => {
    const placement = placeUnits(report, 'funnel', options);
    const member = inBrush(placement, { view: 'funnel', x0: 0, x1: 9, y0: 10, y1: 999 }, report.units.n);
    const p = report.units.values('neglog10_p')!, beta = report.units.values('beta_sd')!;
    expect(member).toEqual(Uint8Array.from(p, (value, row) => (beta[row] >= 0 && value >= 10 ? 1 : 0)));
  });
});

test('picking finds the nearest mark, prefers what is significant, and walks in order', () => {
  const { marks } = scene('funnel');
  const picker = new Picker(marks, report.units.n);
  const at = [...marks.kind.keys()].find((i) => (marks.kind[i] & 3) === Mark.positive)!;
  expect((marks.kind[picker.nearest(marks.x[at], marks.y[at], 5)] & 3) >= Mark.positive).toBe(true);
  expect(picker.nearest(-100, -100, 5)).toBe(-1);
  expect(picker.markOf(marks.rows[10])).toBe(10);
  const first = picker.neighbour(-1, 'x', 1);
  const second = picker.neighbour(first, 'x', 1);
  expect(marks.x[second]).toBeGreaterThanOrEqual(marks.x[first]);
  expect(picker.neighbour(second, 'x', -1)).toBe(first);
});

test('stamps leave opaque pixels, and nothing outside the image', () => {
  const image = { width: 40, height: 40, data: new Uint8ClampedArray(40 * 40 * 4).fill(255) };
  const marks = { rows: Uint32Array.of(0, 1), x: Float32Array.of(-1, 20), y: Float32Array.of(39.9, 20), kind: Uint8Array.of(Mark.rest, Mark.positive) };
  stampMarks(image, marks, kLight, 1, null);
  const centre = [...image.data.slice(4 * (20 * 40 + 20), 4 * (20 * 40 + 20) + 4)];
  expect(centre[0]).toBeGreaterThan(centre[2]); // orange
  expect(image.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
});

describe('SVG', () => {
  const image = () => 'data:image/png;base64,AAAA';
  test.each(kViewNames)('of %s is well-formed and of moderate size', (view) => {
    const svg = svgOf(scene(view), report.units, { palette: kLight, heading: headingOf(report, scene(view), 'a < b & "c"', measure), caption: '</desc><script>', image, measure });
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg.match(/<text/g)!.length).toBe(svg.match(/<\/text>/g)!.length);
    expect(svg.length).toBeLessThan(400_000);
  });
  test('many marks become an image, few stay shapes', () => {
    const svg = svgOf(scene('funnel'), report.units, { palette: kLight, heading: headingOf(report, scene('funnel'), '', measure), caption: '', image, measure });
    expect(svg.match(/<image/g)).toHaveLength(1);
    // The run, n and what the marks mean go with the figure.
    expect(svg).toContain('>proper-noun in penfield-demo<');
    expect(svg).toContain('n = 3,070 units; 220 targets, 220 comparison tokens');
    expect(svg).toContain('▼ fires less');
    expect(svg).toContain(kLight.positive);
  });
  test('control characters and markup are escaped', () => {
    expect(escapeXml('<a b="\u0001">&\'')).toBe('&#60;a b=&#34;\ufffd&#34;&#62;&#38;&#39;');
  });
  test('labels are set in pieces', () => {
    expect(pieces('−log_{10} *p*').map(({ text, lower, slanted }) => [text, lower, slanted])).toEqual([
      ['−log', false, false], ['10', true, false], [' ', false, false], ['p', false, true],
    ]);
  });
});
