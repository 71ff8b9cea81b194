// A scene on a canvas.
import type { Units } from '../data/units';
import { kIndent, kLegendY, kRunStep, kRunY, kTitleY, type Heading } from './heading';
import { nameMarks } from './labels';
import type { Palette } from './palette';
import { stampMarks } from './raster';
import { along } from './scale';
import { kBandAlpha, type Note, type Scene } from './scene';

export const kFigureFont = "'Penfield Sans', system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

type Context = CanvasRenderingContext2D;

const font = (size: number, bold = false, slanted = false): string =>
  `${slanted ? 'italic ' : ''}${bold ? '600 ' : ''}${size}px ${kFigureFont}`;

export function measureWith(context: Context) {
  return (text: string, size: number, bold: boolean): number => {
    context.font = font(size, bold);
    return context.measureText(text).width;
  };
}

// "−log_{10} *p*" in pieces: plain, set lower, slanted.
export function pieces(text: string): { text: string; lower: boolean; slanted: boolean }[] {
  return [...text.matchAll(/_\{([^}]*)\}|\*([^*]*)\*|[^_*]+/g)].map((m) => ({
    text: m[1] ?? m[2] ?? m[0], lower: m[1] !== undefined, slanted: m[2] !== undefined,
  }));
}

function label(context: Context, x: number, y: number, text: string, colour: string, size = 11): void {
  const parts = pieces(text).map((piece) => {
    const style = font(piece.lower ? 0.74 * size : size, false, piece.slanted);
    context.font = style;
    return { ...piece, style, width: context.measureText(piece.text).width };
  });
  let at = x - parts.reduce((sum, part) => sum + part.width, 0) / 2;
  context.fillStyle = colour;
  context.textAlign = 'left';
  for (const part of parts) {
    context.font = part.style;
    context.fillText(part.text, at, y + (part.lower ? 3 : 0));
    at += part.width;
  }
}

function note(context: Context, palette: Palette, { x, y, text, ink, align, bold, size }: Note, halo: boolean): void {
  context.font = font(size ?? 10, bold);
  context.textAlign = align ?? 'left';
  if (halo) {
    context.strokeStyle = palette.ground;
    context.lineWidth = 4;
    context.lineJoin = 'round';
    context.strokeText(text, x, y);
  }
  context.fillStyle = palette[ink];
  context.fillText(text, x, y);
}

function backdrop(context: Context, scene: Scene, palette: Palette): void {
  const { frame } = scene;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, scene.width, scene.height);
  for (const { outline, ink } of scene.bands) {
    context.beginPath();
    outline.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    context.fillStyle = palette[ink];
    if (ink !== 'band') {
      context.lineWidth = ink === 'rest' ? 0.7 : 0.8;
      context.strokeStyle = palette[ink];
      context.setLineDash(ink === 'muted' ? [4, 3] : []);
      context.stroke();
      context.setLineDash([]);
    }
    context.globalAlpha = kBandAlpha[ink];
    context.fill();
    context.globalAlpha = 1;
  }
  context.lineWidth = 1;
  context.strokeStyle = palette.grid;
  context.beginPath();
  for (const { at } of scene.yTicks) {
    const y = Math.round(along(scene.y, at)) + 0.5;
    context.moveTo(frame.left, y);
    context.lineTo(frame.right, y);
  }
  context.stroke();
  for (const { x0, y0, x1, y1, ink, dashed, width } of scene.lines) {
    context.setLineDash(dashed ? [4, 3] : []);
    context.lineWidth = width ?? 1;
    context.strokeStyle = palette[ink];
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }
  context.setLineDash([]);
  for (const { x, y, width, height, ink, alpha } of scene.rects) {
    context.globalAlpha = alpha;
    context.fillStyle = palette[ink];
    context.fillRect(x, y, width, height);
  }
  context.globalAlpha = 1;
}

function axes(context: Context, scene: Scene, palette: Palette): void {
  const { frame } = scene;
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(frame.left, frame.bottom + 0.5);
  context.lineTo(frame.right, frame.bottom + 0.5);
  for (const { at } of scene.xTicks) {
    const x = Math.round(along(scene.x, at)) + 0.5;
    context.moveTo(x, frame.bottom + 0.5);
    context.lineTo(x, frame.bottom + 4.5);
  }
  context.stroke();
  context.fillStyle = palette.muted;
  context.font = font(10);
  context.textAlign = 'center';
  for (const { at, label: text } of scene.xTicks) context.fillText(text, along(scene.x, at), frame.bottom + 16);
  context.textAlign = 'right';
  for (const { at, label: text } of scene.yTicks) context.fillText(text, frame.left - 7, along(scene.y, at) + 3.5);
  label(context, (frame.left + frame.right) / 2, frame.bottom + 33, scene.xLabel, palette.ink);
  context.save();
  context.translate(12, (frame.top + frame.bottom) / 2);
  context.rotate(-Math.PI / 2);
  label(context, 0, 0, scene.yLabel, palette.ink);
  context.restore();
}

// The context must be made with willReadFrequently: the marks are stamped into what is drawn so far.
export function drawScene(
  context: Context, scene: Scene, units: Units, palette: Palette, scale: number, emphasised: Uint8Array | null,
): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.textBaseline = 'alphabetic';
  backdrop(context, scene, palette);
  if (scene.marks.rows.length > 0) {
    const image = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
    stampMarks(image as unknown as { width: number; height: number; data: Uint8ClampedArray }, scene.marks, palette, scale, emphasised);
    context.putImageData(image, 0, 0);
  }
  axes(context, scene, palette);
  for (const one of scene.notes) note(context, palette, one, scene.marks.rows.length > 0);
  const named = emphasised ? scene.named.filter((row) => emphasised[row] === 1) : scene.named;
  for (const one of nameMarks({ ...scene, named }, units, measureWith(context))) note(context, palette, one, true);
}

export function drawHeading(context: Context, { title, run, legend }: Heading, palette: Palette, scale: number): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  const put = (text: string, x: number, y: number, colour: string, style: string) => {
    context.font = style;
    context.fillStyle = colour;
    context.fillText(text, x, y);
  };
  put(title, kIndent, kTitleY, palette.ink, font(14, true));
  run.forEach((line, i) => put(line, kIndent, kRunY + i * kRunStep, palette.muted, font(10.5)));
  for (const { text, ink, x } of legend) put(text, kIndent + x, kLegendY, palette[ink], font(10.5));
}
