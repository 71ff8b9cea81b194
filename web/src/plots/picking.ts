// From a point of the page to the unit that is meant, and back; made when first asked for.
import KDBush from 'kdbush';
import { Mark, type Marks } from './scene';

export class Picker {
  private tree: KDBush | null = null;
  private places: Int32Array | null = null;
  private readonly orders = new Map<'x' | 'y', Uint32Array>();

  constructor(private readonly marks: Marks, private readonly nUnits: number) {}

  // The nearest mark within `reach` pixels; a significant one wins over one of the rest up to 3 pixels nearer. −1: none.
  nearest(x: number, y: number, reach: number): number {
    if (!this.tree) {
      this.tree = new KDBush(this.marks.rows.length, 64, Float32Array);
      for (let i = 0; i < this.marks.rows.length; ++i) this.tree.add(this.marks.x[i], this.marks.y[i]);
      this.tree.finish();
    }
    let best = -1, least = Infinity;
    for (const i of this.tree.within(x, y, reach)) {
      const bonus = (this.marks.kind[i] & 3) >= Mark.positive ? 3 : 0;
      const distance = Math.hypot(this.marks.x[i] - x, this.marks.y[i] - y) - bonus;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  // The mark of a unit; −1: it has none here.
  markOf(row: number): number {
    if (!this.places) {
      this.places = new Int32Array(this.nUnits).fill(-1);
      this.marks.rows.forEach((unit, i) => (this.places![unit] = i));
    }
    return this.places[row];
  }

  // The next mark in a direction, among the significant ones if there are any.
  neighbour(mark: number, axis: 'x' | 'y', by: number): number {
    if (!this.orders.has(axis)) {
      const all = Uint32Array.from(this.marks.rows.keys());
      const significant = all.filter((i) => (this.marks.kind[i] & 3) >= Mark.positive);
      const at = this.marks[axis];
      this.orders.set(axis, (significant.length > 0 ? significant : all).sort((a, b) => at[a] - at[b] || a - b));
    }
    const order = this.orders.get(axis)!;
    if (order.length === 0) return -1;
    const at = order.indexOf(mark);
    if (at >= 0) return order[Math.max(0, Math.min(order.length - 1, at + by))];
    if (mark < 0) return order[by > 0 ? 0 : order.length - 1];
    const value = this.marks[axis][mark];
    const next = order.findIndex((i) => this.marks[axis][i] > value);
    const place = next < 0 ? order.length : next;
    return order[Math.max(0, Math.min(order.length - 1, by > 0 ? place : place - 1))];
  }
}
