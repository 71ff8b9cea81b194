// All units: one row each, in the order of units.tsv (site, layer, index), as columns.
//
// Columns for all units are compact (few digits); the rows of the units that matter most come besides in full and replace the
// compact values, so that ranking and cards are exact there.
import type { Column } from '../payload/blocks';
import { PayloadError } from '../payload/blocks';
import type { GroupSpec } from '../payload/types';

export interface Group {
  site: string;
  layer: number;
  first: number; // row of its unit 0
  n: number;
  label: string; // "L18", "L18.attn.q"
}

const kDefaultSite = 'mlp.pre';

export function groupLabel(site: string, layer: number): string {
  return site === kDefaultSite ? `L${layer}` : `L${layer}.${site}`;
}

// In sentences, as the program's figures say it: "layer 18", "layer 18 of attn.q".
export function layerWords({ site, layer }: Group): string {
  return site === kDefaultSite ? `layer ${layer}` : `layer ${layer} of ${site}`;
}

export class Units {
  readonly n: number;
  readonly groups: Group[] = [];
  readonly groupOf: Uint16Array;
  readonly status: Uint8Array;
  readonly significant: Uint8Array;
  readonly replicated: Uint8Array;
  readonly direction: Int8Array;
  readonly names: string[]; // of the columns, in the order of units.tsv
  private readonly exact: Uint8Array;
  private readonly partial = new Map<string, Uint8Array>(); // columns that only some rows have: which
  private readonly labels = new Map<string, Group>();

  constructor(groups: GroupSpec[], private readonly columns: Map<string, Column>) {
    let first = 0;
    for (const { site, layer, n_units } of groups) {
      const group = { site, layer, first, n: n_units, label: groupLabel(site, layer) };
      this.groups.push(group);
      this.labels.set(group.label, group);
      first += n_units;
    }
    this.n = first;
    this.groupOf = new Uint16Array(first);
    this.groups.forEach((group, g) => this.groupOf.fill(g, group.first, group.first + group.n));
    this.status = Uint8Array.from(this.need('status').values);
    this.significant = Uint8Array.from(this.need('significant').values);
    this.replicated = Uint8Array.from(this.need('replicated').values);
    this.direction = Int8Array.from(this.need('direction').values, (code) => (code === 2 ? -1 : code));
    for (const name of ['neglog10_p', 'beta_sd', 'auc']) this.need(name);
    this.names = [...columns.keys()];
    const compact = [...columns.values()].some((c) => c.decimals !== undefined || c.digits !== undefined);
    this.exact = new Uint8Array(first).fill(compact ? 0 : 1);
  }

  private need(name: string): Column {
    const column = this.columns.get(name);
    if (!column) throw new PayloadError(`the table of units has no column ${name}`);
    return column;
  }

  has(name: string): boolean {
    return this.columns.has(name);
  }
  column(name: string): Column | undefined {
    return this.columns.get(name);
  }
  values(name: string): Float64Array | undefined {
    return this.columns.get(name)?.values;
  }
  // NaN where there is no such column or no value.
  value(name: string, row: number): number {
    return this.columns.get(name)?.values[row] ?? NaN;
  }

  // Whether the page was given this cell, be it that there is no value: NaN alone does not tell.
  isKnown(name: string, row: number): boolean {
    return this.columns.has(name) && this.partial.get(name)?.[row] !== 0;
  }
  // Whether all digits of this row are true.
  isExact(row: number): boolean {
    return this.exact[row] === 1;
  }

  // Puts exact rows over the compact ones. Columns that only exact rows have are NaN elsewhere.
  addExact(rows: ArrayLike<number>, exact: Map<string, Column>): void {
    let before = -1; // the place of the column before, behind which a new one belongs
    for (const [name, from] of exact) {
      if (!this.columns.has(name)) {
        this.columns.set(name, { name, values: new Float64Array(this.n).fill(NaN) });
        this.partial.set(name, new Uint8Array(this.n));
        this.names.splice(before + 1, 0, name);
      }
      before = this.names.indexOf(name);
      const to = this.columns.get(name)!.values, known = this.partial.get(name);
      for (let i = 0; i < rows.length; ++i) {
        to[rows[i]] = from.values[i];
        if (known) known[rows[i]] = 1;
      }
    }
    for (let i = 0; i < rows.length; ++i) this.exact[rows[i]] = 1;
  }

  group(row: number): Group {
    return this.groups[this.groupOf[row]];
  }
  indexOf(row: number): number {
    return row - this.group(row).first;
  }
  name(row: number): string {
    return `${this.group(row).label}.${this.indexOf(row)}`;
  }

  // null where there is no such unit.
  rowOf(name: string): number | null {
    const dot = name.lastIndexOf('.');
    const group = this.labels.get(name.slice(0, dot));
    const digits = name.slice(dot + 1);
    if (dot < 0 || !group || !/^\d{1,9}$/.test(digits)) return null;
    const index = Number(digits);
    return index < group.n ? group.first + index : null;
  }
}
