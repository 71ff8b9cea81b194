// Files that the reader takes away: figures for a paper, tables for other tools.
import type { Report } from '../data/report';
import { drawHeading, drawScene, measureWith } from './draw_canvas';
import { headingOf, kHeading, type Heading } from './heading';
import { svgOf } from './draw_svg';
import { kLight } from './palette';
import { stampMarks } from './raster';
import { countMarks, Mark, type Marks, type Scene } from './scene';

const kPngScale = 3;

function canvasOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  return canvas.getContext('2d', { willReadFrequently: true })!;
}

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Marks of some kinds on a clear ground, as a PNG of the scene's size.
function imageOfMarks(scene: Scene, kinds: number[]): string {
  const keep = [...scene.marks.rows.keys()].filter((i) => kinds.includes(scene.marks.kind[i]));
  const marks: Marks = {
    rows: Uint32Array.from(keep, (i) => scene.marks.rows[i]),
    x: Float32Array.from(keep, (i) => scene.marks.x[i]),
    y: Float32Array.from(keep, (i) => scene.marks.y[i]),
    kind: Uint8Array.from(keep, (i) => scene.marks.kind[i]),
  };
  const context = canvasOf(scene.width * 2, scene.height * 2);
  context.fillStyle = kLight.ground;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  const image = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  stampMarks(image as unknown as { width: number; height: number; data: Uint8ClampedArray }, marks, kLight, 2, null);
  // White turns clear, so that the grid below stays seen: colour and alpha from a mark over white.
  for (let at = 0; at < image.data.length; at += 4) {
    const alpha = 255 - Math.min(image.data[at], image.data[at + 1], image.data[at + 2]);
    for (let c = 0; c < 3 && alpha > 0; ++c) image.data[at + c] = 255 - ((255 - image.data[at + c]) * 255) / alpha;
    image.data[at + 3] = alpha;
  }
  context.putImageData(image, 0, 0);
  return context.canvas.toDataURL('image/png');
}

function heading(report: Report, scene: Scene, title: string): Heading {
  const measure = measureWith(canvasOf(1, 1));
  return headingOf(report, scene, title, (text) => measure(text, 10.5, false));
}

export function saveSvg(name: string, scene: Scene, report: Report, title: string, caption: string): void {
  const svg = svgOf(scene, report.units, {
    palette: kLight, heading: heading(report, scene, title), caption,
    image: (kinds) => imageOfMarks(scene, kinds),
    measure: measureWith(canvasOf(1, 1)),
  });
  saveFile(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
}

// On white, at three pixels a point, whatever the page's colours are.
export function savePng(name: string, scene: Scene, report: Report, title: string): void {
  const figure = canvasOf(scene.width * kPngScale, scene.height * kPngScale);
  drawScene(figure, scene, report.units, kLight, kPngScale, null);
  const context = canvasOf(scene.width * kPngScale, (scene.height + kHeading) * kPngScale);
  context.fillStyle = kLight.ground;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.drawImage(figure.canvas, 0, kHeading * kPngScale);
  drawHeading(context, heading(report, scene, title), kLight, kPngScale);
  context.canvas.toBlob((blob) => blob && saveFile(`${name}.png`, blob), 'image/png');
}

export function describe(scene: Scene): string {
  if (scene.marks.kind.length === 0) return '';
  if (scene.marksBy === 'verdict') {
    const of = (kind: number) => scene.marks.kind.reduce((sum, one) => sum + (one === kind ? 1 : 0), 0);
    return `${scene.marks.kind.length} units: ${of(Mark.specific)} specific, ${of(Mark.carrier)} carriers, ${of(Mark.undecided)} undecided, ${of(Mark.rest)} without an effect.`;
  }
  const n = countMarks(scene.marks);
  const separated = n.separated > 0 ? `, ${n.separated} of them separated` : '';
  return `${scene.marks.kind.length} units: ${n.positive} fire more on targets, ${n.negative} less${separated}.`;
}
