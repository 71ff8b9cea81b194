// The state that all views share, and what follows from it. One selection, one hover, one brush, one layer for the whole page.
import { batch, computed, effect, signal, type Signal } from '@preact/signals';
import { filterRows, sortedRows, topRows, type Filters } from '../data/order';
import type { Report } from '../data/report';
import { search } from '../data/search';
import { isJudged } from '../data/verdict';
import { inBrush, placeUnits, type Placement } from '../plots/placement';
import { kDefaultView, readHash, writeHash, type Brush, type View, type ViewName } from './hash';

export type Theme = 'system' | 'light' | 'dark';

export interface Asked {
  state: 'fetching' | 'problem';
  words: string; // of the problem
}

// The first unit that the program's sentences name; the headline comes first and names the best.
function firstNamed(report: Report): number | null {
  for (const part of report.spec.story.found.flat()) {
    if (typeof part !== 'string' && 'unit' in part) return report.units.rowOf(part.unit);
  }
  return null;
}

export class App {
  readonly selected: Signal<number | null> = signal(null);
  readonly compared: Signal<number | null> = signal(null);
  readonly hovered: Signal<number | null> = signal(null);
  readonly group: Signal<number | null> = signal(null); // null: all layers
  readonly brush: Signal<Brush | null> = signal(null);
  readonly sign = signal<View['sign']>('any');
  readonly onlySignificant = signal(false);
  readonly onlyReplicated = signal(false);
  readonly effect = signal<View['effect']>('any');
  readonly specific = signal<View['specific']>('any');
  readonly sort = signal(kDefaultView.sort);
  readonly descending = signal(true);
  readonly query = signal('');
  readonly scale = signal(kDefaultView.scale);
  readonly errors = signal(false);
  readonly onlyCalled = signal(false);
  readonly perUnit = signal(false);
  readonly theme = signal<Theme>('system');
  readonly announcement = signal('');
  readonly helpOpen = signal(false);
  readonly heatVersion = signal(0); // grows when a heatmap arrives later
  readonly asked: Signal<Map<number, Asked>> = signal(new Map()); // of the server, by row, and not answered well
  readonly drawVersion = signal(0); // grows when the system's theme or the fonts change

  readonly best: number | null; // the unit that the page opens with: that of the headline, else that with the smallest p

  constructor(readonly report: Report) {
    this.best = firstNamed(report) ?? topRows(report.units, 1)[0] ?? null;
    this.apply(readHash(location.hash));
    this.dropBrushOfAnotherPicture();
  }

  readonly found = computed(() => {
    this.heatVersion.value;
    return search(this.report.units, this.report.heat, this.query.value);
  });
  readonly filters = computed<Filters>(() => ({
    group: this.group.value,
    sign: this.sign.value,
    significant: this.onlySignificant.value,
    replicated: this.onlyReplicated.value,
    effect: this.effect.value,
    specific: this.specific.value,
  }));
  // Where each view puts each unit, for the layers shown.
  private readonly placements = new Map<ViewName, ReturnType<typeof computed<Placement>>>();
  placement(view: ViewName): Placement {
    if (!this.placements.has(view)) {
      this.placements.set(view, computed(() =>
        placeUnits(this.report, view, { group: this.group.value, indexGroup: this.indexGroup.value, perUnit: this.perUnit.value })));
    }
    return this.placements.get(view)!.value;
  }
  // The one layer of the index view: the one zoomed to, else that of the selected unit, else that of the best.
  readonly indexGroup = computed(() => {
    if (this.group.value !== null) return this.group.value;
    const row = this.selected.value ?? this.best;
    return row === null ? 0 : this.report.units.groupOf[row];
  });
  readonly brushed = computed<Uint8Array | null>(() => {
    const brush = this.brush.value;
    return brush ? inBrush(this.placement(brush.view), brush, this.report.units.n) : null;
  });
  // What is drawn strongly: the brushed, or what the search found; null: everything.
  readonly emphasised = computed<Uint8Array | null>(() => {
    if (this.brushed.value) return this.brushed.value;
    const found = this.found.value;
    return found && 'member' in found ? found.member : null;
  });
  private readonly order = computed(() => {
    const name = this.sort.value, { units } = this.report;
    const values = name === 'unit' ? Float64Array.from({ length: units.n }, (_, row) => -row) : units.values(name)!;
    return sortedRows(values, name === 'unit' ? !this.descending.value : this.descending.value);
  });
  // The rows of the table, in its order.
  readonly rows = computed(() => {
    const found = this.found.value;
    const member = found && 'member' in found ? found.member : null;
    return filterRows(this.report.units, this.order.value, this.filters.value, this.brushed.value, member);
  });

  // A rectangle says nothing in another picture: of the layer of the index view, or of β on another scale. One that comes
  // together with its picture, from the address, stays.
  private dropBrushOfAnotherPicture(): void {
    let seen = { brush: this.brush.peek(), group: this.indexGroup.peek(), perUnit: this.perUnit.peek() };
    effect(() => {
      const now = { brush: this.brush.value, group: this.indexGroup.value, perUnit: this.perUnit.value };
      const view = now.brush?.view, sameBrush = now.brush === seen.brush;
      const rescaled = now.perUnit !== seen.perUnit && (view === 'funnel' || view === 'index');
      const moved = now.group !== seen.group && view === 'index';
      seen = now;
      if (sameBrush && (rescaled || moved)) this.brush.value = null;
    });
  }

  select(row: number | null): void {
    this.selected.value = row;
    if (row === null) return;
    const { units } = this.report;
    if (this.group.value !== null && units.groupOf[row] !== this.group.value) this.zoom(null);
    this.announcement.value = `${units.name(row)} selected.`;
  }
  zoom(group: number | null): void {
    batch(() => {
      this.group.value = group;
      if (this.brush.value) this.brush.value = null; // a rectangle of another picture
    });
    const label = group === null ? 'All layers' : this.report.units.groups[group].label;
    this.announcement.value = `${label} shown.`;
  }
  // The next or previous unit of the list, as the table shows it.
  step(by: number): void {
    const rows = this.rows.value;
    if (rows.length === 0) return;
    const at = this.selected.value === null ? -1 : rows.indexOf(this.selected.value);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by));
    this.select(rows[next]);
  }
  stepLayer(by: number): void {
    const n = this.report.units.groups.length;
    const at = this.group.value ?? (by > 0 ? -1 : n);
    const next = at + by;
    this.zoom(next < 0 || next >= n ? null : next);
  }

  view(): View {
    const { units } = this.report;
    const name = (row: number | null) => (row === null ? null : units.name(row));
    return {
      unit: name(this.selected.value), compare: name(this.compared.value),
      layer: this.group.value === null ? null : units.groups[this.group.value].label,
      brush: this.brush.value, sign: this.sign.value, significant: this.onlySignificant.value,
      replicated: this.onlyReplicated.value, effect: this.effect.value, specific: this.specific.value, sort: this.sort.value, descending: this.descending.value,
      query: this.query.value, scale: this.scale.value, errors: this.errors.value,
      onlyCalled: this.onlyCalled.value, perUnit: this.perUnit.value,
    };
  }
  apply(view: View): void {
    const { units } = this.report;
    const group = units.groups.findIndex((g) => g.label === view.layer);
    batch(() => {
      this.selected.value = (view.unit === null ? null : units.rowOf(view.unit)) ?? this.best;
      this.compared.value = view.compare === null ? null : units.rowOf(view.compare);
      this.group.value = group < 0 ? null : group;
      this.brush.value = view.brush;
      this.sign.value = view.sign;
      this.onlySignificant.value = view.significant;
      this.onlyReplicated.value = view.replicated && this.report.hasHeldOut;
      this.effect.value = isJudged(units, 'effect') ? view.effect : 'any';
      this.specific.value = isJudged(units, 'specific') ? view.specific : 'any';
      this.sort.value = view.sort === 'unit' || units.has(view.sort) ? view.sort : kDefaultView.sort;
      this.descending.value = view.descending;
      this.query.value = view.query;
      this.scale.value = view.scale === 'activated' && !this.report.activation ? kDefaultView.scale : view.scale;
      this.errors.value = view.errors;
      this.onlyCalled.value = view.onlyCalled;
      this.perUnit.value = view.perUnit && units.has('beta');
    });
  }

  // Keeps the address and the state equal, both ways. Browsers limit how often an address may change, so it waits; what the
  // reader has put there meanwhile wins. In a notebook's cell the page has no address that it may change.
  linkToAddress(): void {
    if (location.protocol === 'about:') return;
    let seen = location.hash, waiting: ReturnType<typeof setTimeout> | undefined;
    effect(() => {
      const hash = writeHash(this.view());
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        if (location.hash !== seen || hash === seen.slice(1)) return;
        history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
        seen = location.hash;
      }, 150);
    });
    addEventListener('hashchange', () => {
      if (location.hash === seen) return;
      seen = location.hash;
      this.apply(readHash(seen));
    });
  }
}
