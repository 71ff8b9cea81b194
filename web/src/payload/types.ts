// The payload's JSON as PAYLOAD.md specifies it. Names of run facts are those of run.json, names of columns those of units.tsv.

export type SplitName = 'discovery' | 'held_out';
export type TestName = 'lrt' | 'wald' | 'score';
export type CorrectionName = 'bonferroni' | 'holm' | 'bh' | 'by' | 'maxt' | 'none';
export type FamilyName = 'layer' | 'model';
export type ActivationName = 'gelu_new' | 'gelu' | 'relu';

export interface SplitCounts {
  n_windows: number;
  n_windows_wanted?: number;
  n_documents: number;
  n_tokens: number;
  n_target_available?: number;
  n_comparison_available?: number;
  n_target: number;
  n_comparison: number;
}

export interface FamilyThreshold {
  name: string;
  n_tests: number;
  neglog10_p_threshold: number | null;
}

export interface ModelRecord {
  name: string;
  config_sha256?: string;
  n_layer?: number;
  n_embd?: number;
  n_head?: number;
  n_inner?: number;
  n_positions?: number;
  vocab_size?: number;
  weights_dtype?: string;
}

// run.json as the store writes it (store/run_json.cc); the page reads these fields and passes over all others.
export interface RunRecord {
  schema_version: number;
  penfield_version: string;
  concept: string;
  profile?: string;
  options?: Record<string, string>;
  seed: string; // 64 bits, read as text: JavaScript's numbers hold 53
  test: TestName;
  correction: CorrectionName;
  family: FamilyName;
  alpha: number;
  sites: string[];
  model: ModelRecord;
  text: { files: { path: string; sha256?: string; n_bytes?: number }[]; n_tokens?: number; n_documents?: number };
  counts: Record<SplitName, SplitCounts>;
  n_target_types?: number;
  top_target_types?: { token: string; token_id?: number; n_target: number }[];
  families: FamilyThreshold[];
  warnings: string[];
  stages?: { name: string; seconds: number; peak_rss_bytes?: number }[];
  threads?: number;
  precision?: string;
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
  windows: WindowSpec[];
}

export interface HistogramSpec {
  split: SplitName;
  stage: 'pre' | 'post';
  lo: number;
  hi: number;
  target: number[];
  comparison: number[];
}

export interface ExampleSpec {
  split: SplitName;
  document: number;
  position: number;
  before: string[];
  token: string;
  after: string[];
  value: number;
  is_target: boolean;
}

export interface PayloadSpec {
  format: 'penfield-payload';
  version: 1;
  mode: 'report' | 'explorer';
  run: RunRecord;
  activation_function?: ActivationName;
  controls?: string[]; // sentences
  groups: GroupSpec[];
  units: TableSpec;
  exact?: TableSpec & { units: string[] };
  heatmaps?: HeatmapSpec;
  histograms?: Record<string, HistogramSpec[]>;
  examples?: Record<string, ExampleSpec[]>;
  examples_are_of?: string;
  correlated?: Record<string, [string, number][]>;
  explorer?: { token: string; live: boolean; folder: string };
}
