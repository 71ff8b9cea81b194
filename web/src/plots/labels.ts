// Names beside marks, where they cover nothing.
import type { Units } from '../data/units';
import type { Note, Scene } from './scene';

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const kSize = 10, kAway = 10;
const kMost = 3; // marks that a name may cover

function boxOf(note: Note, width: number): Box {
  const size = note.size ?? 10;
  const left = note.align === 'right' ? note.x - width : note.align === 'center' ? note.x - width / 2 : note.x;
  return { left, right: left + width, top: note.y - size, bottom: note.y + 2 };
}

// The marks under a box, as a function of the box; it is asked for places beside one mark.
function marksAround(scene: Scene, x: number, y: number, width: number): (box: Box) => number {
  const { marks } = scene;
  const near: number[] = [];
  for (let i = 0; i < marks.rows.length; ++i) {
    if (Math.abs(marks.x[i] - x) < width + 2 * kAway && Math.abs(marks.y[i] - y) < 3 * kSize) near.push(i);
  }
  return (box) => near.filter((i) => marks.x[i] > box.left - 2 && marks.x[i] < box.right + 2 && marks.y[i] > box.top - 2 && marks.y[i] < box.bottom + 2).length;
}

// Each name beside its mark, in the place that stays in the frame, meets no other name and covers the fewest marks;
// where all are taken or crowded it is left out.
export function nameMarks(scene: Scene, units: Units, measure: (text: string, size: number, bold: boolean) => number): Note[] {
  const { frame, marks } = scene;
  const places = new Map<number, number>();
  const wanted = new Set(scene.named);
  marks.rows.forEach((row, i) => wanted.has(row) && places.set(row, i));
  const taken: Box[] = scene.notes.map((note) => boxOf(note, measure(note.text, note.size ?? 10, note.bold ?? false)));
  for (const at of places.values()) taken.push({ left: marks.x[at] - 3, right: marks.x[at] + 3, top: marks.y[at] - 3, bottom: marks.y[at] + 3 });
  const out: Note[] = [];
  for (const row of scene.named) {
    const at = places.get(row);
    if (at === undefined) continue;
    const x = marks.x[at], y = marks.y[at];
    const text = units.name(row), width = measure(text, kSize, true);
    const tries = [
      [x + kAway, y + 3.5], [x - kAway - width, y + 3.5], [x - width / 2, y - kAway], [x - width / 2, y + kAway + 8],
      [x + kAway, y - kAway], [x - kAway - width, y - kAway], [x + kAway, y + kAway + 6], [x - kAway - width, y + kAway + 6],
    ];
    const covered = marksAround(scene, x, y, width);
    let best: { left: number; base: number; box: Box } | null = null, fewest = kMost + 1;
    for (const [left, base] of tries) {
      const box = { left: left - 1, top: base - kSize + 1, right: left + width + 1, bottom: base + 2.5 };
      const fits = box.left >= frame.left && box.right <= frame.right + 12 && box.top >= frame.top - 10 && box.bottom <= frame.bottom;
      if (!fits || taken.some((other) => meets(other, box))) continue;
      const n = covered(box);
      if (n < fewest) [best, fewest] = [{ left, base, box }, n];
    }
    if (!best) continue;
    taken.push(best.box);
    const ink = scene.marksBy === 'verdict' ? 'ink' : units.direction[row] > 0 ? 'positive' : 'negative';
    out.push({ x: best.left, y: best.base, text, ink, bold: true, size: kSize });
  }
  return out;
}
