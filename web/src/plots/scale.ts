// Straight scales and round ticks, as the figures of the program have them (report/figures/axes.cc).
import { countText, fixedText } from '../words/numbers';

export interface Scale {
  lo: number; // data
  hi: number;
  from: number; // page
  to: number;
}

export const along = (s: Scale, value: number): number => s.from + ((value - s.lo) / (s.hi - s.lo)) * (s.to - s.from);
export const back = (s: Scale, at: number): number => s.lo + ((at - s.from) / (s.to - s.from)) * (s.hi - s.lo);

export interface Tick {
  at: number;
  label: string;
}

function roundStep(span: number, n: number): number {
  const rough = span / Math.max(1, n);
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const step of [1, 2, 5]) if (step * power >= rough * 0.999) return step * power;
  return 10 * power;
}

// About n round numbers in [lo, hi], steps of 1, 2 or 5 × 10^k.
export function roundTicks(lo: number, hi: number, n: number): Tick[] {
  if (!(hi > lo)) return [];
  const step = roundStep(hi - lo, n);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + 1e-9 * step; ++k) {
    const at = k * step, size = Math.abs(at);
    const grouped = size >= 1000 && size < 1e5 && decimals === 0;
    ticks.push({ at, label: grouped ? (k < 0 ? '−' : '') + countText(size) : fixedText(at, decimals) });
  }
  return ticks;
}

export function withMargin(lo: number, hi: number, share: number): [number, number] {
  if (!(hi > lo)) return [lo - 1, lo + 1];
  const room = share * (hi - lo);
  return [lo - room, hi + room];
}

export function range(values: Float64Array, lo: number, hi: number): [number, number] {
  for (const value of values) {
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  return [lo, hi];
}
