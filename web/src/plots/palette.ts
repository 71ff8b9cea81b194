// Colours, the same as in the program's figures (report/figures/canvas.cc, colour_scale.cc): orange and blue of Okabe & Ito
// (2008), moved until they contrast with the ground; told apart by every common form of colour blindness, and by shape.
export type Rgb = readonly [number, number, number];

export interface Palette {
  ground: string;
  ink: string;
  muted: string;
  grid: string;
  rest: string;
  restAlternate: string;
  positive: string;
  negative: string;
  specific: string;
  carrier: string;
  band: string;
  accent: string;
}

export const kLight: Palette = {
  ground: '#ffffff', ink: '#1c242e', muted: '#5b6674', grid: '#e6e9ed', rest: '#9aa4b0', restAlternate: '#b9c1ca',
  positive: '#c04f00', negative: '#126cb4',
  specific: '#00735a', carrier: '#8d3f96', band: '#eef0f3', accent: '#1c242e',
};
export const kDark: Palette = {
  ground: '#171c23', ink: '#e6eaee', muted: '#9aa6b4', grid: '#2b333d', rest: '#6c7887', restAlternate: '#4f5a67',
  positive: '#ff9d45', negative: '#6db5f5',
  specific: '#3fcf9f', carrier: '#dc9be6', band: '#242b34', accent: '#ffffff',
};

export function rgbOf(hex: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}
export const hexOf = (rgb: Rgb): string => `#${rgb.map((c) => c.toString(16).padStart(2, '0')).join('')}`;

// Text on any colour of the diverging scale, and the stops of its arms from zero to the limit. The light one is that of the
// terminal; the dark one begins at the dark ground.
type Arm = readonly [Rgb, Rgb, Rgb];
export interface HeatPalette {
  ink: string;
  orange: Arm;
  blue: Arm;
}
export const kLightHeat: HeatPalette = {
  ink: '#141414',
  orange: [[255, 255, 255], [0xfd, 0xc0, 0x7c], [0xe8, 0x75, 0x0f]],
  blue: [[255, 255, 255], [0xa3, 0xca, 0xec], [0x41, 0x8b, 0xcb]],
};
export const kDarkHeat: HeatPalette = {
  ink: '#f2f4f6',
  orange: [[0x17, 0x1c, 0x23], [0x6e, 0x3a, 0x0a], [0xaa, 0x54, 0x06]],
  blue: [[0x17, 0x1c, 0x23], [0x17, 0x42, 0x68], [0x1f, 0x6c, 0xae]],
};

// Blue for negative, the ground at zero, orange for positive; straight lines in sRGB between the stops of each arm.
export function heatColour(value: number, limit: number, palette: HeatPalette = kLightHeat): Rgb {
  if (Number.isNaN(value) || !(limit > 0)) return palette.orange[0];
  const arm = value < 0 ? palette.blue : palette.orange;
  const at = 2 * Math.min(1, Math.abs(value) / limit);
  const stop = at < 1 ? 0 : 1;
  return [0, 1, 2].map((c) => Math.round(arm[stop][c] + (at - stop) * (arm[stop + 1][c] - arm[stop][c]))) as unknown as Rgb;
}

function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map((channel) => {
    const s = channel / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// WCAG 2.1, 1 … 21.
export function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}
