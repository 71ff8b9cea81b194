// Marks stamped into an image buffer: 98,304 arcs take a canvas about a second, stamps take milliseconds, and overlapping
// marks add up to a density.
import { rgbOf, type Palette, type Rgb } from './palette';
import { kMarkKinds, Mark, type Marks } from './scene';

interface Stamp {
  size: number; // pixels a side; the mark's centre is the centre of the middle pixel
  alpha: Uint8ClampedArray; // [size * size]
  rgb: Rgb;
}

export interface MarkStyle {
  radius: number;
  alpha: number;
  ink: keyof Pick<Palette, 'rest' | 'restAlternate' | 'positive' | 'negative' | 'specific' | 'carrier' | 'muted'>;
}

export function styleOf(kind: number, nMarks: number): MarkStyle {
  const crowded = nMarks > 20000;
  const alpha = kind & Mark.alternate ? 0.5 : 0.9;
  if (kind === Mark.specific) return { radius: crowded ? 2.5 : 3.4, alpha, ink: 'specific' };
  if (kind === Mark.carrier) return { radius: crowded ? 2.3 : 3.1, alpha, ink: 'carrier' };
  if (kind === Mark.undecided) return { radius: crowded ? 2 : 2.8, alpha, ink: 'muted' };
  switch (kind & 3) {
    case Mark.positive:
      return { radius: crowded ? 2.5 : 3.2, alpha, ink: 'positive' };
    case Mark.negative:
      return { radius: crowded ? 2.5 : 3.2, alpha, ink: 'negative' };
    case Mark.restAlternate:
      return { radius: crowded ? 1.1 : 1.7, alpha: 0.55, ink: 'restAlternate' };
    default:
      return { radius: crowded ? 1.1 : 1.7, alpha: 0.55, ink: 'rest' };
  }
}

// Whether (x, y), in radii from the centre, lies in the mark; outlines as in report/figures/marks.cc.
function inside(kind: number, x: number, y: number): boolean {
  if (kind === Mark.specific) return Math.abs(x) + Math.abs(y) <= 1.2;
  if (kind === Mark.carrier) return Math.max(Math.abs(x), Math.abs(y)) <= 0.9;
  if (kind === Mark.undecided) return x * x + y * y <= 1 && x * x + y * y >= 0.36;
  const base = kind & 3;
  if (base !== Mark.positive && base !== Mark.negative) return x * x + y * y <= 1;
  const up = base === Mark.positive ? -y : y;
  const within = (scale: number, centre: number) =>
    up - centre >= -0.75 * scale && up - centre <= 1.15 * scale && Math.abs(x) <= (1.05 * scale * (1.15 * scale - (up - centre))) / (1.9 * scale);
  return within(1, 0) && !((kind & Mark.hollow) !== 0 && within(0.5, -0.11));
}

const kSamples = 5;

function makeStamp(kind: number, style: MarkStyle, palette: Palette, scale: number): Stamp {
  const radius = style.radius * scale;
  const half = Math.ceil(1.3 * radius);
  const size = 2 * half + 1;
  const alpha = new Uint8ClampedArray(size * size);
  for (let i = 0; i < alpha.length; ++i) {
    let hits = 0;
    for (let s = 0; s < kSamples * kSamples; ++s) {
      const x = (i % size) + ((s % kSamples) + 0.5) / kSamples - size / 2;
      const y = Math.floor(i / size) + (Math.floor(s / kSamples) + 0.5) / kSamples - size / 2;
      if (inside(kind, x / radius, y / radius)) ++hits;
    }
    alpha[i] = Math.round((255 * style.alpha * hits) / (kSamples * kSamples));
  }
  return { size, alpha, rgb: rgbOf(palette[style.ink]) };
}

export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray; // opaque RGBA
}

function stampAt(image: Pixels, stamp: Stamp, left: number, top: number, share: number): void {
  const { width, height, data } = image;
  const { size, alpha, rgb } = stamp;
  for (let dy = Math.max(0, -top); dy < size && top + dy < height; ++dy) {
    for (let dx = Math.max(0, -left); dx < size && left + dx < width; ++dx) {
      const a = (alpha[dy * size + dx] * share) | 0;
      if (a === 0) continue;
      const at = 4 * ((top + dy) * width + left + dx);
      const keep = 255 - a;
      data[at] = (rgb[0] * a + data[at] * keep + 127) / 255;
      data[at + 1] = (rgb[1] * a + data[at + 1] * keep + 127) / 255;
      data[at + 2] = (rgb[2] * a + data[at + 2] * keep + 127) / 255;
    }
  }
}

const kFaded = 0.14;

// Draws all marks over an opaque image: the rest first, then the significant; those outside `emphasised` pale and first.
export function stampMarks(
  image: Pixels, marks: Marks, palette: Palette, scale: number, emphasised: Uint8Array | null,
): void {
  const stamps = Array.from({ length: kMarkKinds }, (_, kind) => makeStamp(kind, styleOf(kind, marks.rows.length), palette, scale));
  const pass = (significant: boolean, strong: boolean) => {
    const share = strong || !emphasised ? 1 : kFaded;
    for (let i = 0; i < marks.rows.length; ++i) {
      const kind = marks.kind[i];
      if ((kind & 3) >= Mark.positive !== significant) continue;
      if (emphasised && (emphasised[marks.rows[i]] === 1) !== strong) continue;
      const stamp = stamps[kind];
      const half = (stamp.size - 1) / 2;
      stampAt(image, stamp, Math.round(marks.x[i] * scale - 0.5) - half, Math.round(marks.y[i] * scale - 0.5) - half, share);
    }
  };
  if (emphasised) {
    pass(false, false);
    pass(true, false);
  }
  pass(false, true);
  pass(true, true);
}
