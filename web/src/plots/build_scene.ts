// From places to scenes. What each view draws follows report/figure_*.cc; "specificity" is of the page alone.
import { countFlag, topRows } from '../data/order';
import { betaQuantile, inflation } from '../data/quantiles';
import type { Report } from '../data/report';
import type { RankBand } from '../payload/types';
import { permutedBands, thresholdOf } from '../data/report';
import { layerWords } from '../data/units';
import { verdictOf, type Verdict } from '../data/verdict';
import type { ViewName } from '../state/hash';
import { countText, pText, significantText } from '../words/numbers';
import { nearMissOf } from './view_words';
import { expectedNeglog10, squared, type Placement } from './placement';
import { along, range, roundTicks, withMargin, type Scale, type Tick } from './scale';
import { kVerdictMarks, Mark, noMarks, type Frame, type Ink, type Line, type Marks, type Scene } from './scene';

export interface SceneOptions {
  width: number;
  height: number;
  group: number | null;
  indexGroup: number;
  perUnit: boolean;
}

const kP = '−log_{10} *p*';

class Builder {
  readonly frame: Frame;
  readonly scene: Scene;

  constructor(readonly report: Report, readonly placement: Placement, readonly options: SceneOptions) {
    const { width, height } = options;
    this.frame = { left: width < 340 ? 44 : 50, top: 22, right: width - 14, bottom: height - 42 };
    const scale: Scale = { lo: 0, hi: 1, from: 0, to: 1 };
    this.scene = {
      width, height, frame: this.frame, x: scale, y: scale, xTicks: [], yTicks: [], xLabel: '', yLabel: '',
      bands: [], lines: [], marks: noMarks(), rects: [], notes: [], marksBy: 'sign', named: [],
    };
  }

  // The plot as wide as it is high, as far left as its neighbours'.
  square(): void {
    const side = Math.min(this.frame.right - this.frame.left, this.frame.bottom - this.frame.top);
    this.frame.right = this.frame.left + side;
    this.frame.top = this.frame.bottom - side;
  }
  setX(lo: number, hi: number, label: string, ticks?: Tick[]): void {
    const { left, right } = this.frame;
    this.scene.x = { lo, hi, from: left, to: right };
    this.scene.xLabel = label;
    this.scene.xTicks = ticks ?? roundTicks(lo, hi, Math.max(3, Math.floor((right - left) / 70)));
  }
  setY(lo: number, hi: number, label: string, ticks?: Tick[]): void {
    const { top, bottom } = this.frame;
    this.scene.y = { lo, hi, from: bottom, to: top };
    this.scene.yLabel = label;
    this.scene.yTicks = ticks ?? roundTicks(lo, hi, Math.max(4, Math.floor((bottom - top) / 36)));
  }
  x(value: number): number {
    return along(this.scene.x, value);
  }
  y(value: number): number {
    return along(this.scene.y, value);
  }
  line(x0: number, y0: number, x1: number, y1: number, ink: Line['ink'], dashed = false, width = 1): void {
    this.scene.lines.push({ x0: this.x(x0), y0: this.y(y0), x1: this.x(x1), y1: this.y(y1), ink, dashed, width });
  }

  marks(alternate = false): void {
    const { units } = this.report;
    const { rows, x, y } = this.placement;
    const marks: Marks = {
      rows, x: new Float32Array(rows.length), y: new Float32Array(rows.length), kind: new Uint8Array(rows.length),
    };
    for (let i = 0; i < rows.length; ++i) {
      const row = rows[i];
      marks.x[i] = this.x(x[i]);
      marks.y[i] = this.y(y[i]);
      if (this.scene.marksBy === 'verdict') {
        marks.kind[i] = kVerdictMarks[verdictOf(units, row)];
        continue;
      }
      let kind: number = alternate && units.groupOf[row] % 2 === 1 ? Mark.restAlternate : Mark.rest;
      if (units.significant[row] && units.direction[row] !== 0) {
        kind = units.direction[row] > 0 ? Mark.positive : Mark.negative;
        if (this.report.isSeparated(row)) kind |= Mark.hollow;
        if (alternate && units.groupOf[row] % 2 === 1) kind |= Mark.alternate;
      }
      marks.kind[i] = kind;
    }
    this.scene.marks = marks;
  }

  // A strip from top to bottom.
  band(from: number, to: number): void {
    const [x0, x1] = [this.x(from), this.x(to)], { top, bottom } = this.frame;
    this.scene.bands.push({ outline: [[x0, top], [x1, top], [x1, bottom], [x0, bottom]], ink: 'band' });
  }
  // What a dashed line means: above the plot, where no mark covers it.
  sayThreshold(borders: number[]): void {
    if (borders.length === 0) return;
    const lo = Math.min(...borders), hi = Math.max(...borders);
    const p = hi - lo < 1e-9 ? pText(lo) : `${pText(lo)} to ${pText(hi)}`;
    this.scene.notes.push({ x: this.frame.right, y: this.frame.top - 8, text: `dashed: significant below p = ${p}`, ink: 'muted', align: 'right' });
  }

  // The n units of each direction with the largest −log10 p.
  name(n: number): void {
    const { units } = this.report, { first, end } = this.placement;
    for (const sign of [1, -1]) {
      const isNamed = (row: number) => row >= first && row < end && units.direction[row] === sign && units.significant[row] === 1;
      this.scene.named.push(...topRows(units, n, isNamed));
    }
  }
}

const hasSeveralSites = (report: Report): boolean => new Set(report.units.groups.map((g) => g.site)).size > 1;

function thresholds(b: Builder): number[] {
  const groups = b.options.group === null ? [...b.report.units.groups.keys()] : [b.options.group];
  return groups.map((g) => thresholdOf(b.report, g)).filter((t) => Number.isFinite(t) && t < b.scene.y.hi);
}

function funnel(b: Builder): void {
  const [least, most] = range(b.placement.x, 0, 0);
  const [, top] = range(b.placement.y, 0, 1);
  b.setX(...withMargin(least, most, 0.06), b.options.perUnit ? 'β, log-odds per unit of activation' : 'β, log-odds per SD of activation');
  b.setY(0, 1.06 * top, kP);
  b.line(0, 0, 0, b.scene.y.hi, 'rest', false, 0.8);
  const borders = thresholds(b);
  for (const border of borders.length > 0 ? new Set([Math.min(...borders), Math.max(...borders)]) : []) {
    b.line(b.scene.x.lo, border, b.scene.x.hi, border, 'muted', true);
  }
  b.sayThreshold(borders);
  b.marks();
  b.name(4);
}

function manhattan(b: Builder): void {
  const { units } = b.report;
  const [, top] = range(b.placement.y, 0, 1);
  const groups = b.options.group === null ? [...units.groups.keys()] : [b.options.group];
  const first = units.groups[groups[0]].first;
  const n = groups.reduce((sum, g) => sum + units.groups[g].n, 0);
  const several = hasSeveralSites(b.report);
  const room = Math.floor((b.frame.right - b.frame.left) / (several ? 74 : 34));
  const every = Math.max(1, Math.ceil(groups.length / room));
  const ticks = groups.filter((_, i) => i % every === 0)
    .map((g) => ({ at: units.groups[g].first - first + units.groups[g].n / 2, label: units.groups[g].label }));
  const one = groups.length === 1;
  b.setX(0, n, one ? `unit of ${layerWords(units.groups[groups[0]])}` : `${several ? 'site and layer' : 'layer'}, its units in the order of the weights`, one ? undefined : ticks);
  b.setY(0, 1.06 * top, kP);
  const borders: number[] = [];
  groups.forEach((g, i) => {
    const from = units.groups[g].first - first, to = from + units.groups[g].n;
    if (i % 2 === 1) b.band(from, to);
    const border = thresholdOf(b.report, g);
    if (!Number.isFinite(border) || border >= b.scene.y.hi) return;
    b.line(from, border, to, border, 'muted', true);
    borders.push(border);
  });
  b.sayThreshold(borders);
  b.marks(groups.length > 1);
  b.name(5);
}

function index(b: Builder): void {
  const group = b.report.units.groups[b.options.indexGroup];
  const [least, most] = range(b.placement.y, 0, 0);
  b.setX(...withMargin(0, group.n - 1, 0.02), `unit of ${layerWords(group)}`, roundTicks(0, group.n - 1, Math.max(3, (b.frame.right - b.frame.left) / 80)));
  b.setY(...withMargin(least, most, 0.08), b.options.perUnit ? 'β per unit of activation' : 'β per SD');
  b.line(b.scene.x.lo, 0, b.scene.x.hi, 0, 'muted', false, 0.8);
  b.marks();
  b.name(5);
}

function replication(b: Builder): void {
  const xs = range(b.placement.x, 0.4, 0.6), ys = range(b.placement.y, 0.4, 0.6);
  const lo = Math.min(xs[0], ys[0]), hi = Math.max(xs[1], ys[1]);
  const [from, to] = withMargin(lo, hi, 0.04);
  b.square();
  const ends = [Math.max(-0.02, from), Math.min(1.02, to)] as const;
  const ticks = roundTicks(...ends, 7);
  b.setX(...ends, 'AUC, discovery', ticks);
  b.setY(...ends, 'AUC, held-out text', ticks);
  const { x, y } = b.scene;
  b.line(x.lo, y.lo, x.hi, y.hi, 'muted', false, 0.8);
  b.line(0.5, y.lo, 0.5, y.hi, 'rest', true, 0.8);
  b.line(x.lo, 0.5, x.hi, 0.5, 'rest', true, 0.8);
  // A unit is as strong as its AUC is far from .5, so below .5 the sides of the diagonal change places.
  const { left, right, top, bottom } = b.frame;
  const say = (text: string, ink: Ink, atX: number, atY: number, align: 'left' | 'right') =>
    b.scene.notes.push({ x: atX, y: atY, text, ink, align });
  say('▲ stronger', 'positive', b.x(0.5) + 5, top + 12, 'left');
  say('▲ weaker', 'positive', right - 4, b.y(0.5) - 6, 'right');
  say('▼ weaker', 'negative', left + 5, b.y(0.5) + 13, 'left');
  say('▼ stronger', 'negative', b.x(0.5) - 5, bottom - 6, 'right');
  b.marks();
  b.name(1); // the strongest lie together in two corners
}

const kDelta = 0.1; // kSpecificDelta of findings/word_level.h
const kLongestName = 46; // letters of an axis of 300 pixels

function specificity(b: Builder): void {
  const { rows, x, y } = b.placement;
  b.square();
  b.scene.marksBy = 'verdict';
  const ends = (values: Float64Array) => [Math.max(-0.02, range(values, 0.5 - kDelta, 1)[0] - 0.03), 1.02] as const;
  const near = `AUC against ${nearMissOf(b.report)}`;
  b.setX(...ends(x), 'AUC against matched tokens (▼: 1 − AUC)');
  b.setY(...ends(y), near.length > kLongestName || /[_*]/.test(near) ? 'AUC against the near miss' : near);
  const { left, right, top } = b.frame;
  b.band(0.5 - kDelta, 0.5 + kDelta);
  const [upper, lower] = [b.y(0.5 + kDelta), b.y(0.5 - kDelta)];
  b.scene.bands.push({ outline: [[left, upper], [right, upper], [right, lower], [left, lower]], ink: 'band' });
  b.line(0.5, b.scene.y.lo, 0.5, b.scene.y.hi, 'muted', true, 0.8);
  b.line(b.scene.x.lo, 0.5, b.scene.x.hi, 0.5, 'muted', true, 0.8);
  const say = (text: string, atX: number, atY: number, align: 'left' | 'right', ink: Ink = 'muted') =>
    b.scene.notes.push({ x: atX, y: atY, text, ink, align });
  say('specific to the concept', right - 4, top - 8, 'right', 'specific');
  say('responds to what is shared', right - 4, lower + 12, 'right', 'carrier');
  b.marks();
  // Of the specific the farthest in both, of the carriers the farthest against matched tokens.
  const first = (n: number, verdict: Verdict, value: (i: number) => number) =>
    [...rows.keys()].filter((i) => verdictOf(b.report.units, rows[i]) === verdict).sort((i, j) => value(j) - value(i)).slice(0, n).map((i) => rows[i]);
  b.scene.named = [...first(3, 'specific', (i) => Math.min(x[i], y[i])), ...first(2, 'carrier', (i) => x[i])];
}

const kBandPoints = 120;

// Ticks of a root scale from 0 to hi² over so many pixels, at least `apart` pixels from each other.
function rootTicks(hi: number, pixels: number, apart: number): Tick[] {
  const out: Tick[] = [];
  for (let power = 0.1; power <= hi * hi; power *= 10) {
    for (const step of [1, 2, 5]) {
      const at = Math.sqrt(step * power);
      if (at <= hi && ((at - (out.at(-1)?.at ?? 0)) / hi) * pixels >= apart) out.push({ at, label: significantText(step * power, 1) });
    }
  }
  return [{ at: 0, label: '0' }, ...out];
}

function qq(b: Builder): void {
  const n = Math.max(1, b.placement.rows.length);
  const xHi = 1.03 * Math.max(0.7, Math.sqrt(expectedNeglog10(1, n)));
  const yHi = 1.03 * Math.max(xHi / 1.03, b.placement.y[0] ?? 1);
  b.setX(0, xHi, `expected ${kP}, root scale`, rootTicks(xHi, b.frame.right - b.frame.left, 28));
  b.setY(0, yHi, `observed ${kP}, root scale`, rootTicks(yHi, b.frame.bottom - b.frame.top, 18));
  const bands = permutedBands(b.report, b.options.group);
  if (bands.length > 0) {
    const most = bands[bands.length - 1].rank;
    const at = (value: (band: RankBand) => number | null) => (band: RankBand): [number, number] =>
      [b.x(Math.min(xHi, Math.sqrt(expectedNeglog10(band.rank, most)))), b.y(Math.min(yHi, Math.sqrt(value(band) ?? Infinity)))];
    b.scene.bands.push({ outline: [...bands.map(at(({ hi }) => hi)), ...bands.map(at(({ lo }) => lo)).reverse()], ink: 'muted' });
  }
  if (n > 1) {
    const upper: [number, number][] = [], lower: [number, number][] = [];
    for (let k = 0; k <= kBandPoints; ++k) {
      const rank = Math.max(1, Math.round(n ** (k / kBandPoints)));
      const at = b.x(Math.sqrt(expectedNeglog10(rank, n)));
      const [hi, lo] = [0.025, 0.975].map((share) => Math.sqrt(-Math.log10(betaQuantile(rank, n - rank + 1, share))));
      upper.push([at, b.y(Math.min(b.scene.y.hi, hi))]);
      lower.push([at, b.y(Math.min(b.scene.y.hi, lo))]);
    }
    b.scene.bands.push({ outline: [...upper, ...lower.reverse()], ink: 'rest' });
  }
  const end = Math.min(b.scene.x.hi, b.scene.y.hi);
  b.line(0, 0, end, end, 'muted');
  b.marks();
  b.name(2);
  b.scene.notes.push({ x: b.frame.left + 10, y: b.frame.top + 14, text: `λ = ${significantText(inflation(squared(b.placement.y)), 3)}`, ink: 'ink', size: 12 });
}

const kLightAlpha = 0.38;

function layers(b: Builder): void {
  const { units } = b.report;
  const shown = [...units.groups.keys()];
  const counts = shown.map((g) => [countFlag(units, units.significant, g), countFlag(units, units.replicated, g)]);
  const up = Math.max(1, ...counts.map(([s]) => s.positive)), down = Math.max(1, ...counts.map(([s]) => s.negative));
  b.setY(...withMargin(-down, up, 0.12), 'significant units');
  b.scene.yTicks = b.scene.yTicks.filter(({ at }) => at === Math.round(at)).map(({ at }) => ({ at, label: countText(Math.abs(at)) }));
  b.setX(0, shown.length, hasSeveralSites(b.report) ? 'site and layer' : 'layer', []);
  const pitch = (b.frame.right - b.frame.left) / shown.length, width = Math.min(0.74 * pitch, 56);
  const every = Math.max(1, Math.ceil((hasSeveralSites(b.report) ? 74 : 30) / pitch));
  b.scene.xTicks = shown.filter((g) => g % every === 0).map((g) => ({ at: g + 0.5, label: units.groups[g].label }));
  const zero = b.y(0);
  counts.forEach(([significant, replicated], g) => {
    const x = b.x(g + 0.5) - width / 2;
    for (const [ink, sign] of [['positive', 1], ['negative', -1]] as const) {
      const all = significant[ink], solid = replicated[ink];
      const bar = (count: number, alpha: number) => {
        const end = b.y(sign * count);
        b.scene.rects.push({ x, y: Math.min(zero, end), width, height: Math.abs(end - zero), ink, alpha, group: g });
      };
      bar(all, kLightAlpha);
      bar(solid, 1);
      const fits = pitch >= 3 + (pitch < 22 ? 5.2 : 6.2) * countText(all).length;
      if (all > 0 && (fits || all === (sign > 0 ? up : down))) {
        const y = b.y(sign * all) + (sign > 0 ? -4 : 12);
        b.scene.notes.push({ x: x + width / 2, y, text: countText(all), ink, align: 'center', bold: true, size: pitch < 22 ? 8 : 10 });
      }
    }
  });
  b.line(0, 0, shown.length, 0, 'ink');
}

const kBuilders: Record<ViewName, (b: Builder) => void> = { specificity, manhattan, funnel, replication, index, layers, qq };

export function buildScene(report: Report, view: ViewName, placement: Placement, options: SceneOptions): Scene {
  const builder = new Builder(report, placement, options);
  kBuilders[view](builder);
  return builder.scene;
}
