// Where each view puts each unit, in the units of its axes. Layout and pixels come later; brushes are made of these.
import type { Report } from '../data/report';
import { towardsConcept } from '../data/verdict';
import type { Brush, ViewName } from '../state/hash';

export interface Placement {
  rows: Uint32Array; // the units that have a place, in the order of the model
  x: Float64Array; // [rows]
  y: Float64Array;
  first: number; // all rows lie in first … end − 1
  end: number;
}

export interface PlaceOptions {
  group: number | null;
  indexGroup: number;
  perUnit: boolean;
}

type Place = (row: number) => [number, number];

function collect(n: number, first: number, place: Place): Placement {
  const rows = new Uint32Array(n), x = new Float64Array(n), y = new Float64Array(n);
  let count = 0;
  for (let row = first; row < first + n; ++row) {
    const [px, py] = place(row);
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    rows[count] = row;
    x[count] = px;
    y[count++] = py;
  }
  return { rows: rows.slice(0, count), x: x.slice(0, count), y: y.slice(0, count), first, end: first + n };
}

export const expectedNeglog10 = (rank: number, n: number): number => -Math.log10((rank - 0.5) / n);

// On a root scale, where both the band of an untuned model and p-values of 10^−100 are seen.
function placeQq(p: Float64Array, first: number, n: number): Placement {
  const rows = Uint32Array.from({ length: n }, (_, i) => first + i).filter((row) => Number.isFinite(p[row]));
  rows.sort((a, b) => p[b] - p[a] || a - b);
  const x = new Float64Array(rows.length), y = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    x[i] = Math.sqrt(expectedNeglog10(i + 1, rows.length));
    y[i] = Math.sqrt(p[row]);
  });
  return { rows, x, y, first, end: first + n };
}

export const squared = (roots: Float64Array): Float64Array => roots.map((root) => root * root);

export function placeUnits(report: Report, view: ViewName, options: PlaceOptions): Placement {
  const { units } = report;
  const group = view === 'index' ? options.indexGroup : options.group;
  const first = group === null ? 0 : units.groups[group].first;
  const n = group === null ? units.n : units.groups[group].n;
  const p = units.values('neglog10_p')!, betaSd = units.values('beta_sd')!, auc = units.values('auc')!;
  switch (view) {
    case 'specificity':
      return collect(n, first, (row) => [towardsConcept(units, 'auc_matched', row), towardsConcept(units, 'auc_near_miss', row)]);
    case 'manhattan':
      return collect(n, first, (row) => [row - first + 0.5, p[row]]);
    case 'funnel': {
      const beta = options.perUnit ? units.values('beta')! : betaSd;
      return collect(n, first, (row) => [beta[row], p[row]]);
    }
    case 'replication': {
      const held = units.values('held_out_auc');
      return collect(held ? n : 0, first, (row) => [auc[row], held![row]]);
    }
    case 'index': {
      const beta = options.perUnit ? units.values('beta')! : betaSd;
      return collect(n, first, (row) => [row - first, beta[row]]);
    }
    case 'qq':
      return placeQq(p, first, n);
    case 'layers':
      return collect(0, 0, () => [0, 0]);
  }
}

export function inBrush(placement: Placement, brush: Brush, nUnits: number): Uint8Array {
  const member = new Uint8Array(nUnits);
  const { rows, x, y } = placement;
  for (let i = 0; i < rows.length; ++i) {
    if (x[i] >= brush.x0 && x[i] <= brush.x1 && y[i] >= brush.y0 && y[i] <= brush.y1) member[rows[i]] = 1;
  }
  return member;
}
