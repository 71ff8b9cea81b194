// A figure by keyboard: from mark to mark, select, and grow a brush.
import type { Picker } from '../plots/picking';
import { back } from '../plots/scale';
import type { Scene } from '../plots/scene';
import type { App } from '../state/app';
import type { ViewName } from '../state/hash';
import { countText } from '../words/numbers';
import { unitNumbers, verdict } from './figure_tip';

const kArrows: Record<string, ['x' | 'y', number]> = {
  ArrowLeft: ['x', -1], ArrowRight: ['x', 1], ArrowUp: ['y', -1], ArrowDown: ['y', 1],
};
const kGrowth = 0.05; // of an axis, for each press

function growBrush(app: App, view: ViewName, scene: Scene, x: number, y: number, axis: 'x' | 'y', by: number): void {
  const spanX = kGrowth * (scene.x.hi - scene.x.lo), spanY = kGrowth * (scene.y.hi - scene.y.lo);
  const atX = back(scene.x, x), atY = back(scene.y, y);
  const brush = app.brush.value?.view === view
    ? { ...app.brush.value }
    : { view, x0: atX - spanX / 2, x1: atX + spanX / 2, y0: atY - spanY / 2, y1: atY + spanY / 2 };
  if (axis === 'x') by > 0 ? (brush.x1 += spanX) : (brush.x0 -= spanX);
  else by < 0 ? (brush.y1 += spanY) : (brush.y0 -= spanY);
  app.brush.value = brush;
  const n = app.brushed.value!.reduce((sum, one) => sum + one, 0);
  app.announcement.value = `${countText(n)} units brushed.`;
}

function layerKeys(app: App, event: KeyboardEvent): void {
  const [axis, by] = kArrows[event.key] ?? [];
  if (axis !== 'x') return;
  event.preventDefault();
  app.stepLayer(by!);
}

export function figureKeys(app: App, view: ViewName, scene: Scene, picker: Picker, event: KeyboardEvent): void {
  if (view === 'layers') return layerKeys(app, event);
  const row = app.hovered.value ?? app.selected.value;
  const mark = row === null ? -1 : picker.markOf(row);
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    if (row !== null) app.select(row);
    return;
  }
  const arrow = kArrows[event.key];
  if (!arrow) return;
  event.preventDefault();
  const [axis, by] = arrow;
  if (event.shiftKey && mark >= 0) {
    return growBrush(app, view, scene, scene.marks.x[mark], scene.marks.y[mark], axis, by);
  }
  const next = picker.neighbour(mark, axis, by);
  if (next < 0) return;
  const found = scene.marks.rows[next];
  app.hovered.value = found;
  const numbers = unitNumbers(app, found).map(([name, value]) => `${name} ${value}`).join(', ');
  app.announcement.value = `${app.report.units.name(found)}: ${numbers}; ${verdict(app, found)}.`;
}
