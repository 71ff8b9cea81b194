// Histograms of the two groups, before and after the activation function.
import type { ActivationName, SplitName } from '../payload/types';
import { activate } from './activation';
import type { HeatToken, UnitHeat } from './heat';

const kBins = 32;

export interface Histogram {
  split: SplitName;
  stage: 'pre' | 'post'; // before or after the activation function
  lo: number;
  hi: number;
  target: number[]; // bins of equal width from lo to hi
  comparison: number[];
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
export function histograms(tokens: HeatToken[], heat: UnitHeat, activation: ActivationName | null): Histogram[] {
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
