// Histograms of the two groups, before and after the activation function.
import type { ActivationName, HistogramSpec, SplitName } from '../payload/types';
import type { HeatToken, UnitHeat } from './heat';

const kBins = 32;

// tanh form of GPT-2 (Hendrycks & Gimpel 2016, the approximation), the exact form, and ReLU.
export function activate(name: ActivationName, x: number): number {
  switch (name) {
    case 'gelu_new':
      return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    case 'gelu':
      return 0.5 * x * (1 + erf(x / Math.SQRT2));
    case 'relu':
      return Math.max(0, x);
  }
}

// Abramowitz & Stegun 1964, 7.1.26; |error| <= 1.5e-7, far below a pixel of a histogram.
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

function bin(values: number[], lo: number, hi: number): number[] {
  const counts = new Array<number>(kBins).fill(0);
  for (const value of values) {
    const at = Math.floor(((value - lo) / (hi - lo)) * kBins);
    ++counts[Math.max(0, Math.min(kBins - 1, at))];
  }
  return counts;
}

// Of the sampled tokens of each split, on one axis for both splits.
export function histograms(tokens: HeatToken[], heat: UnitHeat, activation: ActivationName | null): HistogramSpec[] {
  const anySampled = tokens.some((token) => token.isSampled);
  const stages: ('pre' | 'post')[] = activation ? ['pre', 'post'] : ['pre'];
  return stages.flatMap((stage) => {
    const of = { discovery: { target: [], comparison: [] }, held_out: { target: [], comparison: [] } } as Record<
      SplitName, { target: number[]; comparison: number[] }>;
    let lo = Infinity, hi = -Infinity;
    tokens.forEach((token, t) => {
      const raw = heat.values[t];
      if ((anySampled && !token.isSampled) || !Number.isFinite(raw)) return;
      const value = stage === 'post' ? activate(activation!, raw) : raw;
      of[token.split][token.isTarget ? 'target' : 'comparison'].push(value);
      lo = Math.min(lo, value);
      hi = Math.max(hi, value);
    });
    if (!(hi > lo)) return [];
    return (['discovery', 'held_out'] as const)
      .filter((split) => of[split].target.length + of[split].comparison.length > 0)
      .map((split) => ({
        split, stage, lo, hi,
        target: bin(of[split].target, lo, hi),
        comparison: bin(of[split].comparison, lo, hi),
      }));
  });
}
