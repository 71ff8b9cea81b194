import { beforeAll, describe, expect, test } from 'vitest';
import { bytesOfBase64, decimalValue, decodeColumns, fixedValue, inflate, PayloadError } from '../src/payload/blocks';
import { checkSpec } from '../src/payload/read';
import { significantText } from '../src/words/numbers';
import { decimalParts, encodeTable, safeJson } from './encode_payload';
import { kDemo, kMedium, makePayload, randomFrom, type Synthetic } from './make_payload';

const open = async (block: ReturnType<typeof encodeTable>) => decodeColumns(block.table, await inflate(bytesOfBase64(block.base64)));

describe('columns', () => {
  const random = randomFrom(5);
  const values = Float64Array.from({ length: 500 }, (_, i) =>
    i % 50 === 0 ? NaN : (random() - 0.5) * 10 ** Math.floor(8 * random() - 4));

  test('f64 keeps every bit', async () => {
    const columns = await open(encodeTable('t', 500, [{ spec: { name: 'x', type: 'f64' }, values }]));
    expect(columns.get('x')!.values).toEqual(values);
  });

  test('fixed holds the decimal nearest to each value', async () => {
    const columns = await open(encodeTable('t', 500, [{ spec: { name: 'x', type: 'fixed', decimals: 3 }, values }]));
    columns.get('x')!.values.forEach((value, i) => {
      if (Number.isNaN(values[i])) expect(value).toBeNaN();
      else expect(value).toBe(Number(values[i].toFixed(3)) + 0);
    });
  });

  test('decimal holds so many significant digits', async () => {
    const columns = await open(encodeTable('t', 500, [{ spec: { name: 'x', type: 'decimal', digits: 4 }, values }]));
    columns.get('x')!.values.forEach((value, i) => {
      if (Number.isNaN(values[i])) expect(value).toBeNaN();
      else expect(value).toBe(Number(values[i].toPrecision(4)));
    });
  });

  test('u8, u32 and const stand side by side', async () => {
    const columns = await open(encodeTable('t', 3, [
      { spec: { name: 'a', type: 'u8' }, values: [0, 7, 255] },
      { spec: { name: 'b', type: 'const', value: 220 }, values: [] },
      { spec: { name: 'c', type: 'u32' }, values: [0, 70000, 4294967295] },
      { spec: { name: 'd', type: 'const', value: null }, values: [] },
    ]));
    expect([...columns.get('a')!.values]).toEqual([0, 7, 255]);
    expect([...columns.get('b')!.values]).toEqual([220, 220, 220]);
    expect([...columns.get('c')!.values]).toEqual([0, 70000, 4294967295]);
    expect([...columns.get('d')!.values]).toEqual([NaN, NaN, NaN]);
  });

  test('values are the doubles nearest to their decimals', () => {
    expect(fixedValue(931, 3)).toBe(0.931);
    expect(decimalValue(1234, -7)).toBe(1.234e-4);
    expect(decimalValue(-9999, 100)).toBe(-9.999e103);
    expect(decimalValue(1234, -40)).toBe(1.234e-37);
    expect(decimalParts(0.00012345678, 4)).toEqual([1235, -7]);
  });

  test('a block that is too short, no zlib, or no base64 is refused in words', async () => {
    const block = encodeTable('t', 500, [{ spec: { name: 'x', type: 'f64' }, values }]);
    await expect(open({ ...block, table: { ...block.table, n_rows: 501 } })).rejects.toThrow('4000 bytes where its columns need 4008');
    await expect(inflate(new Uint8Array([1, 2, 3]))).rejects.toThrow(PayloadError);
    expect(() => bytesOfBase64('é')).toThrow(PayloadError);
    const flipped = bytesOfBase64(block.base64);
    flipped[flipped.length - 1] ^= 1; // the checksum
    await expect(inflate(flipped)).rejects.toThrow('damaged');
  });
});

describe('the whole payload', () => {
  let medium: Synthetic;
  beforeAll(() => { medium = makePayload(kMedium); });

  test('98,304 units fit into the five megabytes, the page included', () => {
    const size = medium.blocks.reduce((sum, { base64 }) => sum + base64.length, 0) + safeJson(medium.spec).length;
    expect(size).toBeLessThan(4.6e6);
  });

  test('compact values show the digits of the full ones', async () => {
    const columns = await open(medium.blocks[0]);
    const random = randomFrom(9);
    for (let i = 0; i < 400; ++i) {
      const row = Math.floor(random() * medium.spec.units.n_rows);
      for (const [name, column] of columns) {
        const full = medium.rows[name]?.[row];
        if (full === undefined || Number.isNaN(full)) continue;
        if (column.decimals !== undefined) expect(column.values[row].toFixed(column.decimals)).toBe(full.toFixed(column.decimals).replace(/^-(0\.?0*)$/, '$1'));
        if (column.digits !== undefined) expect(significantText(column.values[row], column.digits)).toBe(significantText(full, column.digits));
      }
    }
  });

  test('other formats, versions and shapes are refused', () => {
    const { spec } = makePayload({ ...kDemo, layers: 1, width: 8, heatmaps: 1, windowTokens: 64 });
    expect(checkSpec(spec)).toBe(spec);
    expect(() => checkSpec(null)).toThrow('not a Penfield payload');
    expect(() => checkSpec({ ...spec, version: 2 })).toThrow('version 2');
    expect(() => checkSpec({ ...spec, groups: [] })).toThrow('0 units, the table 8');
    for (const name of ['run', 'story', 'words']) {
      expect(() => checkSpec({ ...spec, [name]: undefined })).toThrow(`no "${name}"`);
    }
  });
});

test('JSON is safe inside a script element', () => {
  const value = { a: '</script><!--<script>', b: '\u2028&amp;' };
  const json = safeJson(value);
  expect(json).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(json)).toEqual(value);
});
