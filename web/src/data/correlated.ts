// Units that rise and fall with a unit over the shown text: Pearson's r over all tokens but the first of each window.
import type { HeatData } from './heat';

export function correlatedUnits(data: HeatData, row: number, n: number): { row: number; r: number }[] {
  const own = data.of(row);
  if (!own || !(own.sd > 0)) return [];
  const found: { row: number; r: number }[] = [];
  for (const other of data.rows) {
    const heat = data.of(other)!;
    if (other === row || !(heat.sd > 0)) continue;
    let sum = 0, count = 0;
    for (let t = 0; t < own.values.length; ++t) {
      const product = (own.values[t] - own.mean) * (heat.values[t] - heat.mean);
      if (data.isFirst[t] || product !== product) continue;
      sum += product;
      ++count;
    }
    if (count > 1) found.push({ row: other, r: sum / (count - 1) / (own.sd * heat.sd) });
  }
  return found.sort((a, b) => Math.abs(b.r) - Math.abs(a.r) || a.row - b.row).slice(0, n);
}
