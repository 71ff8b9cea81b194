// Counts of the four combinations of signs as shares of their group.
import type { SignCounts } from '../payload/types';

export interface QuadrantShares {
  n: number; // tokens of the group
  rows: [[number, number], [number, number]]; // up positive, then not; in each the gate positive, then not
  largest: number; // of the four; 0 where there is no token
}

export function quadrantShares(counts: SignCounts): QuadrantShares {
  const n = counts.both + counts.gate_only + counts.up_only + counts.neither;
  const share = (count: number) => (n === 0 ? 0 : count / n);
  const rows: QuadrantShares['rows'] = [
    [share(counts.both), share(counts.up_only)], [share(counts.gate_only), share(counts.neither)],
  ];
  return { n, rows, largest: Math.max(...rows.flat()) };
}
