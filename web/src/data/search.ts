// What a line in the search box asks for: a unit by name, the units of a layer, or the units that a token lights up.
import type { HeatData } from './heat';
import type { Units } from './units';

export type Found =
  | { kind: 'unit'; row: number }
  | { kind: 'units'; member: Uint8Array; sentence: string }
  | { kind: 'token'; rows: number[]; member: Uint8Array; sentence: string }
  | { kind: 'none'; sentence: string };

const kMostTokenUnits = 20;

function member(units: Units, rows: Iterable<number>): Uint8Array {
  const out = new Uint8Array(units.n);
  for (const row of rows) out[row] = 1;
  return out;
}

// A prefix of names: "L3" is a layer, "L3.1" all its units whose index begins with 1.
function byPrefix(units: Units, query: string): number[] {
  const rows: number[] = [];
  for (const group of units.groups) {
    const label = group.label.toLowerCase();
    if (label === query) {
      for (let i = 0; i < group.n; ++i) rows.push(group.first + i);
    } else if (query.startsWith(label + '.')) {
      const digits = query.slice(label.length + 1);
      if (!/^\d+$/.test(digits)) continue;
      for (let i = 0; i < group.n; ++i) if (String(i).startsWith(digits)) rows.push(group.first + i);
    }
  }
  return rows;
}

// The text as typed matches a shown token whose spaces are dots.
function asShown(text: string): string {
  return text.trim().replace(/ /g, '·').toLowerCase();
}

function byToken(units: Units, heat: HeatData, query: string): Found {
  const wanted = asShown(query);
  const at: number[] = [];
  const shown = new Set<string>();
  heat.tokens.forEach((token, t) => {
    const plain = token.text.replace(/^·/, '');
    if (plain.toLowerCase() !== wanted && token.text.toLowerCase() !== wanted) return;
    at.push(t);
    shown.add(plain);
  });
  if (at.length === 0) return { kind: 'none', sentence: `No unit and no token of the text is called “${query}”.` };
  const scored = heat.rows.map((row) => {
    const { mean, sd, values } = heat.of(row)!;
    const sum = at.reduce((total, t) => total + values[t], 0);
    return { row, z: sd > 0 ? (sum / at.length - mean) / sd : 0 };
  });
  scored.sort((a, b) => Math.abs(b.z) - Math.abs(a.z) || a.row - b.row);
  const rows = scored.slice(0, kMostTokenUnits).map(({ row }) => row);
  const times = at.length === 1 ? 'once' : `${at.length} times`;
  const sentence =
    `“${[...shown].join('”, “')}” is ${times} in the text; of the units with a heatmap, ` +
    `these ${rows.length} respond to it most strongly.`;
  return { kind: 'token', rows, member: member(units, rows), sentence };
}

export function search(units: Units, heat: HeatData | null, query: string): Found | null {
  const text = query.trim();
  if (text === '') return null;
  const asName = text.replace(/^l/, 'L');
  const row = units.rowOf(asName);
  if (row !== null) return { kind: 'unit', row };
  const rows = byPrefix(units, text.toLowerCase());
  if (rows.length > 0) {
    return { kind: 'units', member: member(units, rows), sentence: `${rows.length} units begin with ${asName}.` };
  }
  if (!heat) return { kind: 'none', sentence: `No unit is called “${text}”.` };
  return byToken(units, heat, text);
}
