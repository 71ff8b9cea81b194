// A figure as data: everything in pixels of the page, nothing drawn yet. The canvas and the SVG file draw the same scene.
import type { Scale, Tick } from './scale';

export interface Frame {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

// Codes of marks: ▲ significant and positive, ▼ significant and negative, ● the rest; hollow where the fit is separated.
export const Mark = {
  rest: 0,
  restAlternate: 1,
  positive: 2,
  negative: 3,
  hollow: 4, // added to positive or negative
  alternate: 8, // added to positive or negative: paler, in every other layer
  // By verdict: ◆ specific, ■ carrier, ○ undecided; the rest have no effect. The lower two bits order them as the others.
  undecided: 17,
  specific: 18,
  carrier: 19,
} as const;
export const kMarkKinds = 20;
export const kVerdictMarks = { specific: Mark.specific, carrier: Mark.carrier, undecided: Mark.undecided, none: Mark.rest } as const;

export interface Marks {
  rows: Uint32Array; // the unit of each mark
  x: Float32Array; // page
  y: Float32Array;
  kind: Uint8Array;
}

export type Ink = 'ink' | 'muted' | 'grid' | 'positive' | 'negative' | 'specific' | 'carrier' | 'rest';

export interface Line {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  ink: Ink;
  dashed?: boolean;
  width?: number;
}

export interface Note {
  x: number;
  y: number;
  text: string;
  ink: Ink;
  align?: 'left' | 'center' | 'right';
  bold?: boolean;
  size?: number;
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
  ink: Ink;
  alpha: number;
  group?: number; // the layer it stands for
}

// A closed outline, filled in a pale ink and drawn around: 'muted' with dashes, 'band' not at all.
export interface Band {
  outline: [number, number][];
  ink: 'rest' | 'band' | 'muted';
}
export const kBandAlpha = { rest: 0.28, band: 1, muted: 0.1 } as const;

export interface Scene {
  width: number;
  height: number;
  frame: Frame;
  x: Scale;
  y: Scale;
  xTicks: Tick[];
  yTicks: Tick[];
  xLabel: string; // β, p: *p* is set slanted, _{10} lower
  yLabel: string;
  bands: Band[];
  lines: Line[]; // below the marks
  marks: Marks;
  rects: Rect[];
  notes: Note[];
  marksBy: 'sign' | 'verdict';
  named: number[]; // rows to be named beside their marks, most important first
}

export const noMarks = (): Marks => ({
  rows: new Uint32Array(0), x: new Float32Array(0), y: new Float32Array(0), kind: new Uint8Array(0),
});

export interface MarkCounts {
  positive: number;
  negative: number;
  rest: number;
  separated: number;
}

export function countMarks(marks: Marks): MarkCounts {
  const n = { positive: 0, negative: 0, rest: 0, separated: 0 };
  for (const kind of marks.kind) {
    const base = kind & 3;
    if (base === Mark.positive) ++n.positive;
    else if (base === Mark.negative) ++n.negative;
    else ++n.rest;
    if (kind & Mark.hollow) ++n.separated;
  }
  return n;
}
