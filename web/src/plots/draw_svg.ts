// A scene as an SVG file for a paper: text stays text, marks stay shapes. Above kMostShapes of one kind the marks of that
// kind are an embedded image, so that 98,304 units stay a file that opens.
import type { Units } from '../data/units';
import { kFigureFont, pieces } from './draw_canvas';
import { nameMarks } from './labels';
import { kHeading, kIndent, kLegendY, kRunStep, kRunY, kTitleY, type Heading } from './heading';
import type { Palette } from './palette';
import { styleOf } from './raster';
import { along } from './scale';
import { kBandAlpha, kMarkKinds, Mark, type Note, type Scene } from './scene';

export const kMostShapes = 1500;

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');

const n = (value: number): string => String(Math.round(100 * value) / 100);

function text(x: number, y: number, content: string, colour: string, size: number, extra = ''): string {
  return `<text x="${n(x)}" y="${n(y)}" font-size="${size}" fill="${colour}"${extra}>${content}</text>`;
}

function markup(label: string): string {
  return pieces(label).map(({ text: part, lower, slanted }) => {
    if (lower) return `<tspan dy="3" font-size="8">${escapeXml(part)}</tspan><tspan dy="-3">\u200b</tspan>`;
    return slanted ? `<tspan font-style="italic">${escapeXml(part)}</tspan>` : escapeXml(part);
  }).join('');
}

function noteText(note: Note, palette: Palette): string {
  const anchor = { left: 'start', center: 'middle', right: 'end' }[note.align ?? 'left'];
  return text(note.x, note.y, escapeXml(note.text), palette[note.ink], note.size ?? 10,
    ` text-anchor="${anchor}"${note.bold ? ' font-weight="600"' : ''} stroke="${palette.ground}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`);
}

function outline(kind: number, x: number, y: number, r: number): string {
  if (kind === Mark.specific) return `M${n(x)} ${n(y - 1.2 * r)}L${n(x + 1.2 * r)} ${n(y)}L${n(x)} ${n(y + 1.2 * r)}L${n(x - 1.2 * r)} ${n(y)}z`;
  if (kind === Mark.carrier) return `M${n(x - 0.9 * r)} ${n(y - 0.9 * r)}h${n(1.8 * r)}v${n(1.8 * r)}h${n(-1.8 * r)}z`;
  if (kind === Mark.undecided) r *= 0.8; // the middle of the ring
  const base = kind === Mark.undecided ? Mark.rest : kind & 3;
  if (base !== Mark.positive && base !== Mark.negative) {
    return `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0z`;
  }
  const tip = base === Mark.positive ? -1 : 1;
  return `M${n(x)} ${n(y + tip * 1.15 * r)}L${n(x + 1.05 * r)} ${n(y - tip * 0.75 * r)}L${n(x - 1.05 * r)} ${n(y - tip * 0.75 * r)}z`;
}

function shapes(scene: Scene, palette: Palette, kind: number): string {
  const style = styleOf(kind, scene.marks.rows.length);
  const paths: string[] = [];
  scene.marks.kind.forEach((k, i) => {
    if (k === kind) paths.push(outline(kind, scene.marks.x[i], scene.marks.y[i], style.radius));
  });
  if (paths.length === 0) return '';
  const colour = palette[style.ink];
  const ring = `stroke="${colour}" stroke-width="${n(0.4 * style.radius)}"`;
  const paint = kind === Mark.undecided ? ring : kind & Mark.hollow ? `fill="${palette.ground}" stroke="${colour}" stroke-width="1.2"` : `fill="${colour}" fill-opacity="${style.alpha}"`;
  return `<path ${paint} d="${paths.join('')}"/>`;
}

export interface SvgOptions {
  palette: Palette;
  heading: Heading;
  caption: string;
  // Draws the marks of these kinds alone on a clear ground; gives a data: URL of a PNG as large as the scene.
  image: (kinds: number[]) => string;
  measure: (text: string, size: number, bold: boolean) => number;
}

export function svgOf(scene: Scene, units: Units, options: SvgOptions): string {
  const { palette } = options;
  const { frame, width } = scene;
  const out: string[] = [];
  const counts = new Array<number>(kMarkKinds).fill(0);
  for (const kind of scene.marks.kind) ++counts[kind];
  const asImage = [...counts.keys()].filter((kind) => counts[kind] > kMostShapes);
  for (const { at } of scene.yTicks) {
    const y = n(along(scene.y, at));
    out.push(`<path d="M${n(frame.left)} ${y}H${n(frame.right)}" stroke="${palette.grid}"/>`);
  }
  for (const band of scene.bands) {
    const d = `M${band.outline.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}z`;
    const stroke = { band: '', rest: ` stroke="${palette.rest}" stroke-width="0.7"`, muted: ` stroke="${palette.muted}" stroke-width="0.8" stroke-dasharray="4 3"` }[band.ink];
    out.push(`<path d="${d}" fill="${palette[band.ink]}" fill-opacity="${kBandAlpha[band.ink]}"${stroke}/>`);
  }
  for (const l of scene.lines) {
    out.push(`<path d="M${n(l.x0)} ${n(l.y0)}L${n(l.x1)} ${n(l.y1)}" stroke="${palette[l.ink]}" stroke-width="${l.width ?? 1}"${l.dashed ? ' stroke-dasharray="4 3"' : ''}/>`);
  }
  for (const r of scene.rects) {
    out.push(`<rect x="${n(r.x)}" y="${n(r.y)}" width="${n(r.width)}" height="${n(r.height)}" fill="${palette[r.ink]}" fill-opacity="${r.alpha}"/>`);
  }
  if (asImage.length > 0) out.push(`<image x="0" y="0" width="${width}" height="${scene.height}" href="${options.image(asImage)}"/>`);
  for (const kind of counts.keys()) if (counts[kind] > 0 && !asImage.includes(kind)) out.push(shapes(scene, palette, kind));
  out.push(`<path d="M${n(frame.left)} ${n(frame.bottom)}H${n(frame.right)}" stroke="${palette.muted}"/>`);
  for (const { at, label } of scene.xTicks) {
    const x = along(scene.x, at);
    out.push(`<path d="M${n(x)} ${n(frame.bottom)}v4" stroke="${palette.muted}"/>`);
    out.push(text(x, frame.bottom + 16, escapeXml(label), palette.muted, 10, ' text-anchor="middle"'));
  }
  for (const { at, label } of scene.yTicks) {
    out.push(text(frame.left - 7, along(scene.y, at) + 3.5, escapeXml(label), palette.muted, 10, ' text-anchor="end"'));
  }
  out.push(text((frame.left + frame.right) / 2, frame.bottom + 33, markup(scene.xLabel), palette.ink, 11, ' text-anchor="middle"'));
  const middle = (frame.top + frame.bottom) / 2;
  out.push(text(12, middle, markup(scene.yLabel), palette.ink, 11, ` text-anchor="middle" transform="rotate(-90 12 ${n(middle)})"`));
  for (const one of [...scene.notes, ...nameMarks(scene, units, options.measure)]) out.push(noteText(one, palette));
  const { title, run, legend } = options.heading;
  const height = scene.height + kHeading;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 ${-kHeading} ${width} ${height}" ` +
    `font-family="${escapeXml(kFigureFont)}" fill="none" role="img">\n` +
    `<title>${escapeXml(title)}</title>\n<desc>${escapeXml(options.caption)}</desc>\n` +
    `<rect y="${-kHeading}" width="${width}" height="${height}" fill="${palette.ground}"/>\n` +
    text(kIndent, kTitleY - kHeading, escapeXml(title), palette.ink, 14, ' font-weight="600"') +
    run.map((line, i) => text(kIndent, kRunY + i * kRunStep - kHeading, escapeXml(line), palette.muted, 10.5)).join('') +
    legend.map(({ text: words, ink, x }) => text(kIndent + x, kLegendY - kHeading, escapeXml(words), palette[ink], 10.5)).join('') +
    '\n' + out.join('\n') + '\n</svg>\n'
  );
}
