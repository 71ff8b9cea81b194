// The writer's side of PAYLOAD.md in TypeScript: for tests, and as a second statement of the format.
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { kMarker } from '../build/content_security_policy';
import type { ColumnSpec, PayloadSpec, TableSpec } from '../src/payload/types';

export interface Filled {
  spec: ColumnSpec;
  values: ArrayLike<number>;
}

// Bytes of n values of w bytes, cut into planes.
function planes(bytes: Buffer, n: number, w: number): Buffer {
  const out = Buffer.alloc(bytes.length);
  for (let i = 0; i < n; ++i) for (let plane = 0; plane < w; ++plane) out[plane * n + i] = bytes[i * w + plane];
  return out;
}

// The decimal nearest to x with so many significant digits, as integers: x ≈ mantissa · 10^exponent.
export function decimalParts(x: number, digits: number): [number, number] {
  if (Number.isNaN(x)) return [-0x8000, 0];
  if (x === 0) return [0, 0];
  const [mantissa, exponent] = x.toExponential(digits - 1).split('e');
  return [Number(mantissa.replace('.', '')), Number(exponent) - (digits - 1)];
}

export function encodeColumn({ spec, values }: Filled): Buffer {
  const n = values.length;
  switch (spec.type) {
    case 'const':
      return Buffer.alloc(0);
    case 'u8':
      return Buffer.from(Uint8Array.from(values));
    case 'u32': {
      const out = Buffer.alloc(4 * n);
      for (let i = 0; i < n; ++i) out.writeUInt32LE(values[i], 4 * i);
      return planes(out, n, 4);
    }
    case 'f64': {
      const out = Buffer.alloc(8 * n);
      for (let i = 0; i < n; ++i) out.writeDoubleLE(values[i], 8 * i);
      return planes(out, n, 8);
    }
    case 'fixed': {
      const out = Buffer.alloc(4 * n);
      for (let i = 0; i < n; ++i) {
        const digits = Number.isNaN(values[i]) ? null : values[i].toFixed(spec.decimals).replace('.', '');
        out.writeInt32LE(digits === null ? -0x80000000 : Number(digits), 4 * i);
      }
      return planes(out, n, 4);
    }
    case 'decimal': {
      const out = Buffer.alloc(3 * n);
      for (let i = 0; i < n; ++i) {
        const [mantissa, exponent] = decimalParts(values[i], spec.digits);
        out.writeInt16LE(mantissa, 3 * i);
        out.writeInt8(exponent, 3 * i + 2);
      }
      return planes(out, n, 3);
    }
  }
}

export interface Block {
  table: TableSpec;
  base64: string;
}

export function encodeTable(block: string, nRows: number, columns: Filled[]): Block {
  const bytes = Buffer.concat(columns.map(encodeColumn));
  return {
    table: { block, n_rows: nRows, columns: columns.map(({ spec }) => spec) },
    base64: deflateSync(bytes, { level: 9 }).toString('base64'),
  };
}

export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function pageWith(spec: PayloadSpec, blocks: Block[], page: string | URL): string {
  const html = readFileSync(page, 'utf8');
  const elements = [
    `<script type="application/json" id="penfield-payload">${safeJson(spec)}</script>`,
    ...blocks.map(({ table, base64 }) => `<script type="text/plain" id="penfield-block-${table.block}">${base64}</script>`),
  ];
  const parts = html.split(kMarker);
  if (parts.length !== 2) throw new Error('the page has no marker');
  return parts.join(elements.join('\n'));
}
