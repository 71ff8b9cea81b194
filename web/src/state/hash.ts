// The view as a line of text: what stands in the address after #, so that a link shows the same view.
//
// Unknown keys and malformed values are dropped: a link of another version opens, and never throws.
import type { HeatScale } from '../data/heat';
import { kEffectFilters, kSpecificFilters, type EffectFilter, type SpecificFilter } from '../data/order';

export type ViewName = 'specificity' | 'manhattan' | 'funnel' | 'replication' | 'index' | 'layers' | 'qq';
export const kViewNames: ViewName[] = ['specificity', 'manhattan', 'funnel', 'replication', 'index', 'layers', 'qq'];

export interface Brush {
  view: ViewName;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

export interface View {
  unit: string | null;
  compare: string | null;
  layer: string | null; // label of a group, "L18"
  brush: Brush | null;
  sign: 'any' | '+' | '-';
  significant: boolean;
  replicated: boolean;
  effect: EffectFilter;
  specific: SpecificFilter;
  sort: string;
  descending: boolean;
  query: string;
  scale: HeatScale;
  errors: boolean;
  onlyCalled: boolean; // colours only where the threshold calls a token a target
  perUnit: boolean; // β per unit of activation instead of per SD
}

// Colours are of the standardised value: activations before GELU lie mostly below zero, so that on the raw scale the whole text
// is blue and the tokens that stand out do not.
export const kDefaultView: View = {
  unit: null, compare: null, layer: null, brush: null, sign: 'any', significant: false, replicated: false,
  effect: 'any', specific: 'any',
  sort: 'neglog10_p', descending: true, query: '', scale: 'standardised', errors: false, onlyCalled: false, perUnit: false,
};

const kScales: HeatScale[] = ['raw', 'activated', 'standardised', 'quantile'];
const kMostQuery = 200;
const short = (value: number): string => String(Number(value.toPrecision(5)));

export function writeHash(view: View): string {
  const out = new URLSearchParams();
  if (view.unit) out.set('unit', view.unit);
  if (view.compare) out.set('compare', view.compare);
  if (view.layer) out.set('layer', view.layer);
  if (view.brush) {
    const { view: name, x0, x1, y0, y1 } = view.brush;
    out.set('brush', [name, ...[x0, x1, y0, y1].map(short)].join(','));
  }
  if (view.sign !== 'any') out.set('sign', view.sign === '+' ? 'more' : 'less');
  if (view.significant) out.set('significant', '1');
  if (view.replicated) out.set('replicated', '1');
  if (view.effect !== 'any') out.set('effect', view.effect);
  if (view.specific !== 'any') out.set('specific', view.specific);
  if (view.sort !== kDefaultView.sort || !view.descending) out.set('sort', (view.descending ? '-' : '') + view.sort);
  if (view.query) out.set('q', view.query);
  if (view.scale !== kDefaultView.scale) out.set('scale', view.scale);
  if (view.errors) out.set('errors', '1');
  if (view.onlyCalled) out.set('only', 'called');
  if (view.perUnit) out.set('beta', 'unit');
  return out.toString();
}

function readBrush(text: string | null): Brush | null {
  const [name, ...numbers] = (text ?? '').split(',');
  const [x0, x1, y0, y1] = numbers.map((number) => (number === '' ? NaN : Number(number)));
  if (numbers.length !== 4 || ![x0, x1, y0, y1].every(Number.isFinite)) return null;
  if (!kViewNames.includes(name as ViewName)) return null;
  return { view: name as ViewName, x0, x1, y0, y1 };
}

export function readHash(hash: string): View {
  const from = new URLSearchParams(hash.replace(/^#/, ''));
  const scale = from.get('scale');
  const sign = from.get('sign');
  const sort = from.get('sort') ?? '-neglog10_p';
  return {
    unit: from.get('unit'),
    compare: from.get('compare'),
    layer: from.get('layer'),
    brush: readBrush(from.get('brush')),
    sign: sign === 'more' ? '+' : sign === 'less' ? '-' : 'any',
    significant: from.get('significant') === '1',
    replicated: from.get('replicated') === '1',
    effect: kEffectFilters.find((one) => one === from.get('effect')) ?? 'any',
    specific: kSpecificFilters.find((one) => one === from.get('specific')) ?? 'any',
    sort: sort.replace(/^-/, ''),
    descending: sort.startsWith('-'),
    query: (from.get('q') ?? '').slice(0, kMostQuery),
    scale: kScales.find((one) => one === scale) ?? kDefaultView.scale,
    errors: from.get('errors') === '1',
    onlyCalled: from.get('only') === 'called',
    perUnit: from.get('beta') === 'unit',
  };
}
