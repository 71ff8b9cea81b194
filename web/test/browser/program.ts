// Reports that the program itself makes, and the files of its result folder as other tools read them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kRoot } from '../../build/root';

export const kProgram = process.env.PENFIELD_PROGRAM ?? join(kRoot, '../build/penfield');
const kModel = join(kRoot, '../models/demo');
const kArticles = join(kRoot, '../data/demo/articles.txt');

export function run(args: string[]): void {
  if (!existsSync(kProgram)) throw new Error(`${kProgram} is not built: run make build, or name the program in PENFIELD_PROGRAM`);
  execFileSync(kProgram, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

export type Row = Record<string, string>;

// A quoted field (formats/tsv.h). Tokens are shown without tabs and line breaks, so none stands in a field.
const unquoted = (field: string) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);

function readTable(path: string): Row[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => line.split('\t').map(unquoted));
  return lines.map((fields) => Object.fromEntries(header.map((name, i) => [name, fields[i]])));
}

// float32, C order, of version 1.0 of NumPy's format.
function readNpy(path: string): Float32Array {
  const bytes = readFileSync(path);
  const begin = 10 + bytes.readUInt16LE(8);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + begin, bytes.byteOffset + bytes.length));
}

export interface Written {
  folder: string;
  html: string;
  units: Row[];
  windows: Row[]; // one a token of the heatmaps
  heatUnits: string[];
  heat: Float32Array; // [heatUnits, windows]
  remove(): void;
}

// A scan of the bundled text with a line of `mischief` below the title of every article.
export function scanWith(mischief: string): Written {
  const folder = mkdtempSync(join(tmpdir(), 'penfield-written-'));
  const text = readFileSync(kArticles, 'utf8').replace(/^ = .* = $/gm, (title) => `${title}\n${mischief}`);
  writeFileSync(join(folder, 'text.txt'), text);
  const result = join(folder, 'result');
  run(['scan', '-m', kModel, '-t', join(folder, 'text.txt'), '--discovery', '6', '--held-out', '6', '-o', result]);
  run(['report', result]);
  return {
    folder: result,
    html: readFileSync(join(result, 'report.html'), 'utf8'),
    units: readTable(join(result, 'units.tsv')),
    windows: readTable(join(result, 'windows.tsv')),
    heatUnits: JSON.parse(readFileSync(join(result, 'run.json'), 'utf8')).tables.heatmap_units,
    heat: readNpy(join(result, 'heatmaps.npy')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

// The vocabulary as text: bytes stand in vocab.json as printable characters (GPT-2's encoder.py, bytes_to_unicode).
export function vocabulary(path = join(kModel, 'vocab.json')): string[] {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  const byteOf = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; ++byte) byteOf.set(String.fromCharCode(printable(byte) ? byte : next++), byte);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return Object.keys(JSON.parse(readFileSync(path, 'utf8'))).map((token) =>
    decoder.decode(Uint8Array.from([...token], (sign) => byteOf.get(sign) ?? 63)));
}
