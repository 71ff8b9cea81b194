// Results of a scan that never was: as many layers and units as asked for, some of them tuned, reproducible by seed.
import { lnChi2Tail } from '../src/data/quantiles';
import type { PayloadSpec, SentencePart, StorySpec, WindowSpec, WordsSpec } from '../src/payload/types';
import { encodeTable, type Block, type Filled } from './encode_payload';
import { syntheticText } from './synthetic_text';

export interface Shape {
  layers: number;
  width: number;
  heatmaps: number; // units with one
  windowTokens: number;
  compact: boolean; // few digits for most units, as for a large model
  exactRows: number; // with compact: rows in full
  mode: 'report' | 'explorer';
  hostile: boolean;
}

export const kDemo: Shape = { layers: 6, width: 512, heatmaps: 40, windowTokens: 512, compact: false, exactRows: 0, mode: 'report', hostile: true };
export const kMedium: Shape = { layers: 24, width: 4096, heatmaps: 60, windowTokens: 1024, compact: true, exactRows: 500, mode: 'report', hostile: true };

// mulberry32: small, known, enough for pictures.
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const normalFrom = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const phi = (z: number): number => 0.5 * (1 + Math.sign(z) * (1 - Math.exp(lnChi2Tail(z * z))));
const neglog10OfChi2 = (chi2: number): number => -lnChi2Tail(chi2) / Math.LN10;

const kN = 220; // tokens a group
export type Rows = Record<string, Float64Array>;

const kNames = ['status', 'mean_target', 'mean_comparison', 'sd', 'beta', 'se', 'z', 'neglog10_p_wald', 'lrt_chi2', 'neglog10_p_lrt',
  'beta_sd', 'cohen_d', 'auc', 'auc_lo', 'auc_hi', 't_welch', 'neglog10_p_welch', 'neglog10_p', 'neglog10_p_adj', 'significant',
  'direction', 'held_out_beta', 'held_out_neglog10_p', 'held_out_auc', 'held_out_auc_lo', 'held_out_auc_hi', 'replicated', 'replicated_words', 'effect',
  'auc_matched', 'auc_matched_lo', 'auc_matched_hi', 'auc_near_miss', 'auc_near_miss_lo', 'auc_near_miss_hi', 'specific'] as const;

// Grades of units, from a stream of their own: of the tuned units a third read what the near miss shares, and a third that and more.
function gradeRows(rows: Rows, n: number, random: () => number): void {
  for (let row = 0; row < n; ++row) {
    const share = [0, 0.3, 0.9][Math.floor(3 * random())], held = rows.held_out_auc[row];
    if (Number.isNaN(held)) continue;
    const near = 0.5 + share * (held - 0.5) + 0.04 * (random() - 0.5);
    for (const [name, auc] of [['auc_matched', held], ['auc_near_miss', near]] as const) {
      rows[name][row] = auc;
      rows[`${name}_lo`][row] = Math.max(0, auc - 0.04);
      rows[`${name}_hi`][row] = Math.min(1, auc + 0.04);
    }
    const towards = (auc: number) => (rows.direction[row] === 1 ? auc : 1 - auc) - 0.04;
    const lo = towards(held);
    rows.replicated_words[row] = 1 + rows.replicated[row];
    rows.effect[row] = rows.replicated[row] === 0 || lo <= 0.7 ? 1 : lo > 0.8 ? 3 : 2;
    rows.specific[row] = towards(near) > 0.6 ? 1 : share === 0 ? 2 : 3;
  }
}

export interface Synthetic {
  spec: PayloadSpec;
  blocks: Block[];
  rows: Rows; // in full, as units.tsv would hold them
  heat: { rows: number[]; values: Float64Array };
  lead: number | undefined; // the unit of the headline
}

function makeRows(shape: Shape, random: () => number): Rows {
  const normal = normalFrom(random), n = shape.layers * shape.width;
  const rows = Object.fromEntries(kNames.map((name) => [name, new Float64Array(n)])) as Rows;
  const threshold = -Math.log10(0.05 / shape.width);
  for (let row = 0; row < n; ++row) {
    const layer = Math.floor(row / shape.width), depth = layer / Math.max(1, shape.layers - 1);
    const share = 0.05 + 0.3 * Math.exp(-((depth - 0.55) ** 2) / 0.06);
    const tuned = random() < share ? (random() < 0.62 ? 1 : -1) * 0.42 * -Math.log(1 - random()) : 0;
    const d = tuned + 0.095 * normal(), held = 0.92 * tuned + 0.105 * normal();
    const sd = 0.25 + 0.5 * random(), mean = -0.6 + 0.5 * normal() * sd;
    const betaSd = 1.02 * d + 0.06 * d * Math.abs(d), chi2 = (kN / 2) * d * d / (1 + d * d / 8);
    const set = (name: (typeof kNames)[number], value: number) => (rows[name][row] = value);
    const separated = Math.abs(d) > 2.6, z = (betaSd / Math.sqrt(2 / kN)) / (1 + d * d / 6);
    set('status', separated ? 2 : 0);
    set('mean_comparison', mean);
    set('mean_target', mean + d * sd);
    set('sd', sd);
    set('beta_sd', betaSd);
    set('beta', betaSd / sd);
    set('se', separated ? NaN : Math.abs(betaSd / sd / z));
    set('z', separated ? NaN : z);
    set('neglog10_p_wald', separated ? NaN : neglog10OfChi2(z * z));
    set('lrt_chi2', chi2);
    const p = neglog10OfChi2(chi2), heldP = neglog10OfChi2((kN / 2) * 0.8 * held * held);
    for (const name of ['neglog10_p_lrt', 'neglog10_p', 'neglog10_p_welch'] as const) set(name, p);
    set('t_welch', d * Math.sqrt(kN / 2));
    set('neglog10_p_adj', Math.max(0, p - Math.log10(shape.width)));
    set('cohen_d', d);
    for (const [prefix, effect] of [['', d], ['held_out_', held]] as const) {
      const auc = phi(effect / Math.SQRT2), half = 1.96 * Math.sqrt((auc * (1 - auc) + 0.004) / (kN * 0.75));
      rows[`${prefix}auc`][row] = auc;
      rows[`${prefix}auc_lo`][row] = Math.max(0, auc - half);
      rows[`${prefix}auc_hi`][row] = Math.min(1, auc + half);
    }
    set('held_out_beta', held / sd);
    set('held_out_neglog10_p', heldP);
    set('significant', p > threshold ? 1 : 0);
    set('direction', d > 0 ? 1 : 2);
  }
  // Two units that say nothing, as every model has.
  for (const [row, status] of [[7, 1], [n - 3, 6]]) {
    for (const name of kNames) rows[name][row] = kFlags.includes(name) ? 0 : NaN;
    rows.status[row] = status;
  }
  const found = rows.significant.reduce((sum, one) => sum + one, 0);
  for (let row = 0; row < n; ++row) {
    const same = (rows.direction[row] === 1) === rows.held_out_beta[row] > 0;
    rows.replicated[row] = rows.significant[row] && same && rows.held_out_neglog10_p[row] > -Math.log10(0.05 / found) ? 1 : 0;
  }
  return rows;
}

function makeWindows(shape: Shape, random: () => number): WindowSpec[] {
  return (['discovery', 'held_out'] as const).map((split, window) => {
    const tokens = syntheticText(shape.windowTokens, random, shape.hostile && split === 'discovery');
    const targets = tokens.flatMap(({ isTarget }, t) => (isTarget && t > 0 ? [t] : []));
    const others = tokens.flatMap(({ isTarget }, t) => (!isTarget && t > 0 ? [t] : []));
    const comparison = others.filter(() => random() < targets.length / others.length);
    return {
      split, window, document: window, tokens: tokens.map(({ text }) => text), targets,
      sampled: [...targets, ...comparison].sort((a, b) => a - b), token_ids: tokens.map((_, t) => (t * 7919) % 50257),
    };
  });
}

function makeHeat(rows: Rows, chosen: number[], windows: WindowSpec[], random: () => number): Float64Array {
  const normal = normalFrom(random);
  const out: number[] = [];
  for (const row of chosen) {
    const d = rows.cohen_d[row], sd = rows.sd[row];
    for (const { tokens, targets } of windows) {
      const isTarget = new Set(targets);
      tokens.forEach((text, t) => {
        const capital = /^·?[A-Z]/.test(text) ? 0.55 : 0;
        const value = rows.mean_comparison[row] + sd * (0.8 * normal() + d * (isTarget.has(t) ? 1.2 : capital));
        out.push(Math.fround(t === 0 ? 9 * value : value));
      });
    }
  }
  return Float64Array.from(out);
}

const kFlags = ['status', 'significant', 'direction', 'replicated', 'replicated_words', 'effect', 'specific'];
const kCompact: [string, 'fixed' | 'decimal', number][] = [
  ['neglog10_p', 'fixed', 3], ['beta_sd', 'fixed', 3], ['auc', 'fixed', 3], ['auc_lo', 'fixed', 3], ['auc_hi', 'fixed', 3],
  ['cohen_d', 'fixed', 2], ['held_out_auc', 'fixed', 3], ['held_out_auc_lo', 'fixed', 3], ['held_out_auc_hi', 'fixed', 3],
  ['held_out_neglog10_p', 'fixed', 2], ['neglog10_p_adj', 'fixed', 2], ['beta', 'decimal', 4], ['se', 'decimal', 3],
  ['sd', 'decimal', 3], ['mean_target', 'decimal', 3], ['mean_comparison', 'decimal', 3], ['held_out_beta', 'decimal', 4],
];

function unitColumns(shape: Shape, rows: Rows): Filled[] {
  const flags: Filled[] = kFlags.map((name) => ({ spec: { name, type: 'u8' }, values: rows[name] }));
  const constant = (name: string): Filled => ({ spec: { name, type: 'const', value: kN }, values: [] });
  const rest: Filled[] = shape.compact
    ? kCompact.map(([name, type, n]) => ({ spec: type === 'fixed' ? { name, type, decimals: n } : { name, type, digits: n }, values: rows[name] }))
    : kNames.filter((name) => !kFlags.includes(name)).map((name) => ({ spec: { name, type: 'f64' }, values: rows[name] }));
  return [...flags, constant('n_target'), constant('n_comparison'), ...rest];
}

const kWords: WordsSpec = {
  concept: 'proper-noun', test: 'likelihood-ratio test', correction: 'Bonferroni within each layer',
  threshold: 'p\u00a0<\u00a09.8×10⁻⁵\u00a0=\u00a00.05\u00a0/\u00a0512',
  statuses: [['ok', 'ok'], ['constant', 'constant'], ['separated', 'separated'], ['quasi_separated', 'quasi-sep.'], ['not_converged', 'no conv.'],
    ['non_finite', 'non-finite'], ['too_few', 'too few']].map(([name, label]) => ({ name, label, sentence: `A sentence on ${name}.` })),
  notes: ['NA', 'bimodal', 'collinear', 'limit'].map((name) => ({ name, sentence: name === 'NA' ? '' : `A sentence on ${name}.` })),
};

// The unit of the headline: as in the program it has a heatmap and an effect, and is not the first of the table.
function bestOf(rows: Rows, chosen: number[]): number | undefined {
  const sure = (row: number) => (rows.direction[row] === 1 ? rows.auc_near_miss_lo[row] : 1 - rows.auc_near_miss_hi[row]);
  return chosen.slice(1).filter((row) => rows.effect[row] > 1).sort((a, b) => sure(b) - sure(a))[0];
}

function makeStory(model: string, n: number, rows: Rows, ranked: number[], lead: number | undefined, name: (row: number) => string): StorySpec {
  const count = (keep: (row: number) => boolean) => ranked.filter((row) => rows.significant[row] && keep(row)).length.toLocaleString('en');
  const best = [1, 2].map((code) => ranked.find((row) => rows.significant[row] && rows.direction[row] === code));
  return {
    title: `proper-noun in ${model}`,
    question: `Which of the ${n.toLocaleString('en')} units in ${model} distinguish proper-noun tokens from other tokens?`,
    found: [
      ...(lead === undefined ? [] : [['Some units distinguish proper-noun from matched tokens. The best is ', { unit: name(lead) }, ': AUC 0.9.']]),
      [{ strong: count(() => true) }, ` of ${n.toLocaleString('en')} units are significant: `, { strong: count((row) => rows.direction[row] === 1) },
        ' fire more on targets (', { sign: 1 }, '), ', { strong: count((row) => rows.direction[row] === 2) }, ' fire less (', { sign: -1 }, ').'],
      ...best.flatMap((row, i): SentencePart[][] => (row === undefined ? [] : [
        [`The most clearly ${i === 0 ? 'excited' : 'suppressed'} unit is `, { unit: name(row) }, ': AUC ', { strong: rows.auc[row].toFixed(3) }, ' in discovery.']])),
    ],
    controls: [],
    facts: [['Model', model], ['Text', 'wiki.test.raw'], ['Threshold', kWords.threshold], ['Seed', '18446744073709551615']],
    target_words: [['Montreal', 31], ['Penfield', 24], ['London', 17], ['Oxford', 12], ['Canada', 9], ['Milner', 8]],
  };
}

export function makePayload(shape: Shape, seed = 1): Synthetic {
  const random = randomFrom(seed);
  const rows = makeRows(shape, random);
  const n = shape.layers * shape.width;
  gradeRows(rows, n, randomFrom(seed + 1));
  const name = (row: number) => `L${Math.floor(row / shape.width)}.${row % shape.width}`;
  const ranked = [...Array(n).keys()].filter((row) => rows.neglog10_p[row] === rows.neglog10_p[row])
    .sort((a, b) => rows.neglog10_p[b] - rows.neglog10_p[a]);
  const windows = makeWindows(shape, random);
  const chosen = ranked.slice(0, shape.heatmaps);
  const lead = bestOf(rows, chosen);
  const values = makeHeat(rows, chosen, windows, random);
  const units = encodeTable('units', n, unitColumns(shape, rows));
  const heat = encodeTable('heatmaps', values.length, [{ spec: { name: 'values', type: 'decimal', digits: 4 }, values }]);
  const blocks = [units, heat];
  const counts = windows.map((window) => ({
    n_target_available: kN, n_target: kN, n_comparison: kN, document: window.document,
  }));
  const threshold = -Math.log10(0.05 / shape.width);
  const model = shape.layers === 24 ? 'gpt2-medium' : 'penfield-demo';
  const spec: PayloadSpec = {
    format: 'penfield-payload', version: 1, mode: shape.mode, activation_function: 'gelu_new',
    run: {
      penfield_version: '0.1.0', correction: 'bonferroni', alpha: 0.05, model: { name: model, config_sha256: '9f'.repeat(32) },
      counts: { discovery: counts[0], held_out: counts[1] },
      families: Array.from({ length: shape.layers }, (_, l) => ({ name: `L${l}`, n_tests: shape.width, neglog10_p_threshold: threshold })),
      controls: { near_miss: 'capitals that begin a sentence' },
      warnings: [
        'All discovery tokens come from one document: findings may be specific to it. Use more windows, from more documents.',
        `${[...rows.status].filter((one) => one === 2).length} units separate the groups perfectly; the Wald test is undefined for them, --test lrt is not.`,
      ],
      stages: [{ name: 'read', seconds: 0.04 }, { name: 'forward', seconds: 7.1 }, { name: 'fit', seconds: 0.21 }], threads: 2,
    },
    story: makeStory(model, n, rows, ranked, lead, name),
    words: kWords,
    groups: Array.from({ length: shape.layers }, (_, layer) => ({ site: 'mlp.pre', layer, n_units: shape.width })),
    units: units.table,
    heatmaps: { ...heat.table, units: chosen.map(name), tallies: chosen.map((row) => `Of its 100 strongest tokens, ${row % 101} are targets.`), windows },
  };
  if (!rows.significant.includes(1)) spec.run.warnings.push('Nothing is significant.');
  if (shape.compact) {
    const full = [...new Set([...chosen, ...ranked.slice(0, shape.exactRows)])];
    const columns = kNames.filter((one) => !kFlags.includes(one))
      .map((one): Filled => ({ spec: { name: one, type: 'f64' }, values: full.map((row) => rows[one][row]) }));
    const exact = encodeTable('exact', full.length, columns);
    spec.exact = { ...exact.table, units: full.map(name) };
    blocks.push(exact);
  }
  if (shape.mode === 'explorer') spec.explorer = { token: 'a'.repeat(32), live: true, folder: 'results/demo' };
  return { spec, blocks, rows, heat: { rows: chosen, values }, lead };
}
