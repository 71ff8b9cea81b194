// Blocks: compressed bytes inside the page, and the columns that lie in them.
//
// A block is base64 of a zlib stream (RFC 1950) of its columns one after the other. zlib and not raw deflate, because its
// checksum tells a damaged file from a strange one. Columns of more than one byte a value are cut into byte planes (all
// lowest bytes, then all second bytes, …): deflate sees equal high bytes side by side, which makes it a third smaller.
import type { ColumnSpec, TableSpec } from './types';

export class PayloadError extends Error {}

export interface Column {
  name: string;
  values: Float64Array; // NaN: no value
  decimals?: number; // of type fixed: digits after the point that are true
  digits?: number; // of type decimal: significant digits that are true
}

const kNoFixed = -0x80000000;
const kNoMantissa = -0x8000;

export function bytesOfBase64(text: string): Uint8Array {
  const native = (Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array }).fromBase64;
  try {
    if (native) return native.call(Uint8Array, text);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    throw new PayloadError('a block is not base64');
  }
}

export async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate'));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new PayloadError('a block cannot be decompressed; the file is damaged');
  }
}

function width(spec: ColumnSpec): number {
  switch (spec.type) {
    case 'const':
      return 0;
    case 'u8':
      return 1;
    case 'decimal':
      return 3;
    case 'u32':
    case 'fixed':
      return 4;
    case 'f64':
      return 8;
    default:
      throw new PayloadError(`column of unknown type ${(spec as { type: string }).type}`);
  }
}

// Puts n values of w bytes each together again from their planes.
function unplane(bytes: Uint8Array, n: number, w: number): DataView {
  const out = new Uint8Array(n * w);
  for (let plane = 0; plane < w; ++plane) {
    const from = plane * n;
    for (let i = 0, to = plane; i < n; ++i, to += w) out[to] = bytes[from + i];
  }
  return new DataView(out.buffer);
}

// k·10^-decimals as the double nearest to that decimal: k / 10^decimals is correctly rounded, k * 10^-decimals is not.
export function fixedValue(k: number, decimals: number): number {
  return k / 10 ** decimals;
}

// The same for a mantissa with an exponent of either sign; both powers are exact up to 10^22, beyond it the text decides.
export function decimalValue(mantissa: number, exponent: number): number {
  if (exponent < -22 || exponent > 22) return Number(`${mantissa}e${exponent}`);
  return exponent < 0 ? mantissa / 10 ** -exponent : mantissa * 10 ** exponent;
}

function decode(spec: ColumnSpec, bytes: Uint8Array, n: number): Column {
  const values = new Float64Array(n);
  const column: Column = { name: spec.name, values };
  if (spec.type === 'const') {
    values.fill(spec.value ?? NaN);
    return column;
  }
  if (spec.type === 'u8') {
    values.set(bytes);
    return column;
  }
  const w = width(spec);
  const view = unplane(bytes, n, w);
  switch (spec.type) {
    case 'u32':
      for (let i = 0; i < n; ++i) values[i] = view.getUint32(4 * i, true);
      break;
    case 'f64':
      for (let i = 0; i < n; ++i) values[i] = view.getFloat64(8 * i, true);
      break;
    case 'fixed':
      column.decimals = spec.decimals;
      for (let i = 0; i < n; ++i) {
        const k = view.getInt32(4 * i, true);
        values[i] = k === kNoFixed ? NaN : fixedValue(k, spec.decimals);
      }
      break;
    case 'decimal':
      column.digits = spec.digits;
      for (let i = 0; i < n; ++i) {
        const mantissa = view.getInt16(3 * i, true);
        values[i] = mantissa === kNoMantissa ? NaN : decimalValue(mantissa, view.getInt8(3 * i + 2));
      }
      break;
  }
  return column;
}

// The columns of a table from its inflated block. Every byte of the block is accounted for.
export function decodeColumns(table: TableSpec, bytes: Uint8Array): Map<string, Column> {
  const n = table.n_rows;
  const expected = table.columns.reduce((sum, column) => sum + n * width(column), 0);
  if (bytes.length !== expected) {
    throw new PayloadError(`block ${table.block} holds ${bytes.length} bytes where its columns need ${expected}`);
  }
  const columns = new Map<string, Column>();
  let at = 0;
  for (const spec of table.columns) {
    const end = at + n * width(spec);
    columns.set(spec.name, decode(spec, bytes.subarray(at, end), n));
    at = end;
  }
  return columns;
}
