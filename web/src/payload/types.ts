// The payload's JSON as PAYLOAD.md specifies it. Names of run facts are those of run.json, names of columns those of units.tsv.

export type SplitName = 'discovery' | 'held_out';
export type ActivationName = 'gelu_new' | 'gelu' | 'quick_gelu' | 'relu' | 'relu2' | 'relu6' | 'silu' | 'tanh' | 'sigmoid';

export interface SplitCounts {
  n_target_available?: number;
  n_comparison_available?: number;
  n_target: number;
  n_comparison: number;
}

// −log10 p that permuted labels give at a rank: the median and the middle 95% of the permutations; null: infinite.
export interface RankBand {
  rank: number;
  lo: number | null;
  median: number | null;
  hi: number | null;
}

export interface FamilyThreshold {
  name: string;
  n_tests: number;
  neglog10_p_threshold: number | null;
  permutation?: { rank_bands?: RankBand[] };
}

// Tokens by the signs of the two products of a gated neuron: > 0, or not.
export interface SignCounts {
  both: number;
  gate_only: number;
  up_only: number;
  neither: number;
}

export interface GateQuadrants {
  unit: string;
  n_target: SignCounts;
  n_comparison: SignCounts;
}

// run.json as the store writes it (store/run_json.cc); the page reads these fields and ignores all others.
export interface RunRecord {
  penfield_version: string;
  correction: string;
  alpha: number;
  model: { name: string; config_sha256?: string };
  counts: Record<SplitName, SplitCounts>;
  families: FamilyThreshold[];
  warnings: string[];
  controls?: { near_miss?: string };
  gate_quadrants?: GateQuadrants[]; // of units with a heatmap at mlp.up and mlp.post of a gated MLP
  stages?: { name: string; seconds: number }[];
  threads?: number;
}

export type ColumnSpec =
  | { name: string; type: 'u8' | 'u32' | 'f64' }
  | { name: string; type: 'fixed'; decimals: number }
  | { name: string; type: 'decimal'; digits: number }
  | { name: string; type: 'const'; value: number | null };

// n_rows rows of every column, in one compressed block.
export interface TableSpec {
  block: string;
  n_rows: number;
  columns: ColumnSpec[];
}

export interface GroupSpec {
  site: string;
  layer: number;
  n_units: number;
}

export interface WindowSpec {
  split: SplitName;
  window: number;
  document: number;
  first_position?: number;
  tokens: string[];
  targets: number[];
  sampled?: number[];
  token_ids?: number[];
}

export interface HeatmapSpec extends TableSpec {
  units: string[];
  tallies?: string[]; // [units] what the unit's strongest tokens are, in one sentence
  windows: WindowSpec[];
}

// A sentence in parts: its numbers can be set bold, its units are links, a sign is shown as ▲ or ▼.
export type SentencePart = string | { strong: string } | { unit: string } | { sign: 1 | -1 };

// What was asked and found, as the program tells it (report/words/run_story.h).
export interface StorySpec {
  title: string;
  question: string;
  found: SentencePart[][];
  controls: string[]; // what the targets were compared with, and what was found where there is nothing to find
  facts: [string, string][];
  target_words: [string, number][];
}

// Words for the names and numbers of this run.
export interface WordsSpec {
  concept: string;
  test: string; // "likelihood-ratio test"
  correction: string; // "Bonferroni within each layer"
  threshold: string; // "p < 9.8×10⁻⁵ = 0.05 / 512"
  statuses: { name: string; label: string; sentence: string }[]; // by the codes of column `status`
  notes: { name: string; sentence: string }[]; // by those of `note`
}

export interface PayloadSpec {
  format: 'penfield-payload';
  version: 1;
  mode: 'report' | 'explorer';
  run: RunRecord;
  activation_function?: string; // an ActivationName, or one that this page does not know
  story: StorySpec;
  words: WordsSpec;
  groups: GroupSpec[];
  units: TableSpec;
  exact?: TableSpec & { units: string[] };
  heatmaps?: HeatmapSpec;
  explorer?: { token: string; live: boolean; folder: string };
}
