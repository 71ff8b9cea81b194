// Activations of the reported units over the text they were read from, and the scales they are shown on.
import type { Column } from '../payload/blocks';
import type { ActivationName, SplitName, WindowSpec } from '../payload/types';
import { visible } from '../words/visible';
import { activate } from './activation';

export interface HeatToken {
  text: string; // visible; of a character split over several tokens: the whole character in the first, nothing in the rest
  split: SplitName;
  window: number; // index in windows
  position: number; // in the window
  isTarget: boolean;
  isSampled: boolean;
  id: number | null;
}

export interface UnitHeat {
  values: Float64Array; // [n_tokens]; NaN where not read
  mean: number; // over both splits, position 0 of each window left out
  sd: number;
  tally?: string; // what its strongest tokens are (report/words/token_kinds.h); may be empty
}

export type HeatScale = 'raw' | 'activated' | 'standardised' | 'quantile'; // activated: after the activation function

export interface ScaledHeat {
  shown: Float64Array; // on the scale, zero where the colour is white
  limit: number; // colours end at ±limit, the same for discovery and held-out text
  nBeyond: number;
}

export class HeatData {
  readonly tokens: HeatToken[] = [];
  readonly windows: { spec: WindowSpec; first: number; n: number }[] = [];
  readonly isFirst: Uint8Array; // of its window: models park huge activations there
  private readonly units = new Map<number, UnitHeat>();

  constructor(windows: WindowSpec[]) {
    windows.forEach((spec, w) => {
      const targets = new Set(spec.targets), sampled = new Set(spec.sampled ?? []);
      this.windows.push({ spec, first: this.tokens.length, n: spec.tokens.length });
      spec.tokens.forEach((text, t) => {
        this.tokens.push({
          text: visible(text),
          split: spec.split,
          window: w,
          position: (spec.first_position ?? 0) + t,
          isTarget: targets.has(t),
          isSampled: sampled.has(t),
          id: spec.token_ids?.[t] ?? null,
        });
      });
    });
    this.isFirst = Uint8Array.from(this.tokens, ({ position }) => (position === 0 ? 1 : 0));
  }

  get rows(): number[] {
    return [...this.units.keys()];
  }
  of(row: number): UnitHeat | null {
    return this.units.get(row) ?? null;
  }
  add(row: number, values: Float64Array, tally = ''): void {
    let n = 0, mean = 0, sum = 0;
    for (let t = 0; t < values.length; ++t) {
      if (this.isFirst[t] || !Number.isFinite(values[t])) continue;
      const delta = values[t] - mean;
      mean += delta / ++n;
      sum += delta * (values[t] - mean);
    }
    this.units.set(row, { values, mean: n > 0 ? mean : NaN, sd: n > 1 ? Math.sqrt(sum / (n - 1)) : 0, tally });
  }
  // One long column [n_units, n_tokens], row-major.
  addAll(rows: number[], column: Column, tallies: string[] = []): void {
    const n = this.tokens.length;
    rows.forEach((row, u) => this.add(row, column.values.slice(u * n, (u + 1) * n), tallies[u]));
  }
}

const kLimitQuantile = 0.995;

// The 99.5% point of |value|, rounded up to two digits, so that an outlier does not turn all others white. The first token
// of a window, on which models park huge activations, is left out.
export function symmetricLimit(tokens: HeatToken[], values: Float64Array): number {
  const sizes = values.filter((value, t) => tokens[t].position !== 0 && Number.isFinite(value)).map(Math.abs).sort();
  if (sizes.length === 0) return 0;
  const at = sizes[Math.ceil(kLimitQuantile * sizes.length) - 1];
  if (at === 0) return 0;
  const exponent = Math.floor(Math.log10(at)) - 1;
  const unit = 10 ** exponent;
  return Number((Math.ceil(at / unit - 1e-9) * unit).toPrecision(12));
}

function quantiles(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).filter((t) => Number.isFinite(values[t]));
  order.sort((a, b) => values[a] - values[b]);
  const out = new Float64Array(values.length).fill(NaN);
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && values[order[end]] === values[order[i]]) ++end;
    const middle = (i + end) / 2 / order.length; // equal values share the middle of their ranks
    for (; i < end; ++i) out[order[i]] = 2 * middle - 1;
  }
  return out;
}

function onScale(heat: UnitHeat, scale: HeatScale, activation: ActivationName | null): Float64Array {
  if (scale === 'activated' && activation) return heat.values.map((value) => activate(activation, value));
  if (scale === 'standardised') return heat.values.map((value) => (heat.sd > 0 ? (value - heat.mean) / heat.sd : 0));
  return scale === 'quantile' ? quantiles(heat.values) : heat.values;
}

const countBeyond = (shown: Float64Array, limit: number): number => shown.filter((value) => Math.abs(value) > limit).length;

export function scaleHeat(tokens: HeatToken[], heat: UnitHeat, scale: HeatScale, activation: ActivationName | null = null): ScaledHeat {
  const shown = onScale(heat, scale, activation);
  const limit = scale === 'quantile' ? 1 : symmetricLimit(tokens, shown);
  return { shown, limit, nBeyond: countBeyond(shown, limit) };
}

// Another text on the scale of the unit's own, so that a colour means the same on both: by its mean and SD, up to its limit.
// A rank among the tokens of one text says nothing of another, so quantiles give way to the standardised value.
export function scaleLike(
  ownTokens: HeatToken[], own: UnitHeat, values: Float64Array, asked: HeatScale, activation: ActivationName | null = null,
): ScaledHeat & { scale: HeatScale } {
  const scale = asked === 'quantile' ? 'standardised' : asked;
  const { limit } = scaleHeat(ownTokens, own, scale, activation);
  const shown = onScale({ ...own, values }, scale, activation);
  return { scale, shown, limit, nBeyond: countBeyond(shown, limit) };
}

// −12 … 12 (report/words/colour_scale.h): 0 where |value| is under half a step, at NaN, and where limit <= 0.
export const kHeatSteps = 12;
export function heatStep(value: number, limit: number): number {
  if (Number.isNaN(value) || !(limit > 0)) return 0;
  const share = Math.max(-1, Math.min(1, value / limit)) * kHeatSteps;
  return Math.sign(share) * Math.round(Math.abs(share)) + 0; // away from zero at a half, and never −0
}
