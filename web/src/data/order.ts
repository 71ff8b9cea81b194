// Which units are listed, and in which order.
import type { Units } from './units';
import { kEffectWords, kSpecificWords } from './verdict';

export const kEffectFilters = ['any', 'moderate', 'strong'] as const; // at least so large
export const kSpecificFilters = ['any', 'specific', 'carrier', 'undecided'] as const;
export type EffectFilter = (typeof kEffectFilters)[number];
export type SpecificFilter = (typeof kSpecificFilters)[number];

export interface Filters {
  group: number | null;
  sign: 'any' | '+' | '-';
  significant: boolean;
  replicated: boolean;
  effect: EffectFilter;
  specific: SpecificFilter;
}

export const kNoFilters: Filters = {
  group: null, sign: 'any', significant: false, replicated: false, effect: 'any', specific: 'any',
};

export function passes(units: Units, filters: Filters, row: number): boolean {
  if (filters.group !== null && units.groupOf[row] !== filters.group) return false;
  if (filters.significant && !units.significant[row]) return false;
  if (filters.replicated && !units.replicated[row]) return false;
  if (filters.sign === '+' && units.direction[row] !== 1) return false;
  if (filters.sign === '-' && units.direction[row] !== -1) return false;
  if (filters.effect !== 'any' && !(units.value('effect', row) >= kEffectWords.indexOf(filters.effect))) return false;
  if (filters.specific !== 'any' && units.value('specific', row) !== kSpecificWords.indexOf(filters.specific)) return false;
  return true;
}

// Rows of `order` that pass all filters and lie in both sets (null: no such condition). An order is sorted once and
// filtered often: a brush that moves costs no sorting.
export function filterRows(
  units: Units, order: Uint32Array, filters: Filters, a: Uint8Array | null, b: Uint8Array | null,
): Uint32Array {
  const rows = new Uint32Array(order.length);
  let n = 0;
  for (const row of order) {
    if (a && !a[row]) continue;
    if (b && !b[row]) continue;
    if (passes(units, filters, row)) rows[n++] = row;
  }
  return rows.slice(0, n);
}

// All rows by value, largest first, ties in the order of the model; or the reverse. Rows without a value come last in both.
export function sortedRows(values: ArrayLike<number>, descending: boolean): Uint32Array {
  const all = Uint32Array.from({ length: values.length }, (_, row) => row);
  const valued = all.filter((row) => values[row] === values[row]).sort((a, b) => values[b] - values[a] || a - b);
  const out = new Uint32Array(values.length);
  out.set(descending ? valued : valued.reverse());
  out.set(all.filter((row) => values[row] !== values[row]), valued.length);
  return out;
}

// The first n by −log10 p, largest first, of the rows that are kept; ties in the order of the model. n is small: the rows
// found so far are a sorted list, and few of 98,304 enter it.
export function topRows(units: Units, n: number, keep: (row: number) => boolean = () => true): number[] {
  const p = units.values('neglog10_p')!;
  const best: number[] = [];
  for (let row = 0; row < units.n; ++row) {
    if (p[row] !== p[row] || (best.length === n && p[row] <= p[best[n - 1]]) || !keep(row)) continue;
    let at = best.length;
    while (at > 0 && p[best[at - 1]] < p[row]) --at;
    best.splice(at, 0, row);
    if (best.length > n) best.pop();
  }
  return best;
}

export function bestOfDirection(units: Units, direction: number): number | null {
  return topRows(units, 1, (row) => units.direction[row] === direction)[0] ?? null;
}

export interface DirectionCounts {
  positive: number;
  negative: number;
  total: number;
}

export function countFlag(units: Units, flag: Uint8Array, group: number | null = null): DirectionCounts {
  const counts = { positive: 0, negative: 0, total: 0 };
  for (let row = 0; row < units.n; ++row) {
    if (!flag[row] || (group !== null && units.groupOf[row] !== group)) continue;
    if (units.direction[row] > 0) ++counts.positive;
    if (units.direction[row] < 0) ++counts.negative;
  }
  counts.total = counts.positive + counts.negative;
  return counts;
}
