// What moves above the marks: rings around the selected and the hovered unit, the brush.
import type { Units } from '../data/units';
import type { Brush, ViewName } from '../state/hash';
import type { Palette } from './palette';
import type { Picker } from './picking';
import { along } from './scale';
import { kFigureFont } from './draw_canvas';
import type { Scene } from './scene';

export interface Pointed {
  selected: number | null;
  hovered: number | null;
  compared: number | null;
  brush: Brush | null;
}

export function drawOverlay(
  context: CanvasRenderingContext2D, scale: number, scene: Scene, picker: Picker, view: ViewName, units: Units,
  palette: Palette, state: Pointed,
): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, scene.width, scene.height);
  if (state.brush?.view === view) {
    const x0 = along(scene.x, state.brush.x0), x1 = along(scene.x, state.brush.x1);
    const y0 = along(scene.y, state.brush.y1), y1 = along(scene.y, state.brush.y0);
    context.globalAlpha = 0.08;
    context.fillStyle = palette.ink;
    context.fillRect(x0, y0, x1 - x0, y1 - y0);
    context.globalAlpha = 1;
    context.strokeStyle = palette.muted;
    context.lineWidth = 1;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
  const ring = (row: number | null, radius: number, width: number, named: boolean) => {
    const mark = row === null || scene.marks.rows.length === 0 ? -1 : picker.markOf(row);
    if (row === null || mark < 0) return;
    const x = scene.marks.x[mark], y = scene.marks.y[mark];
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = palette.ground;
    context.lineWidth = width + 2;
    context.stroke();
    context.strokeStyle = palette.ink;
    context.lineWidth = width;
    context.stroke();
    if (!named) return;
    const name = units.name(row);
    context.font = `600 11px ${kFigureFont}`;
    const w = context.measureText(name).width;
    const left = x + radius + 4 + w > scene.width ? x - radius - 4 - w : x + radius + 4;
    const base = Math.max(11, y - radius + 2);
    context.strokeStyle = palette.ground;
    context.lineWidth = 4;
    context.lineJoin = 'round';
    context.strokeText(name, left, base);
    context.fillStyle = palette.ink;
    context.fillText(name, left, base);
  };
  ring(state.compared, 6, 1, false);
  ring(state.selected, 7, 1.8, state.selected !== null && !scene.named.includes(state.selected));
  if (state.hovered !== state.selected) ring(state.hovered, 6, 1.4, false);
}
