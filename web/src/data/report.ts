// Everything the page shows, opened from a payload.
import type { Payload } from '../payload/read';
import { PayloadError } from '../payload/blocks';
import type { ActivationName, PayloadSpec, RankBand, RunRecord, WordsSpec } from '../payload/types';
import { activationOf } from './activation';
import { HeatData } from './heat';
import { Units } from './units';

export interface Report {
  spec: PayloadSpec;
  run: RunRecord;
  words: WordsSpec;
  units: Units;
  heat: HeatData | null;
  // Of the activation function after the site that was read; null where there is nothing after it.
  activation: ActivationName | null;
  hasHeldOut: boolean;
  isSeparated(row: number): boolean; // completely or but for one value
}

function rowsOf(units: Units, names: string[]): number[] {
  return names.map((name) => {
    const row = units.rowOf(name);
    if (row === null) throw new PayloadError(`the payload speaks of ${name}, which is no unit of it`);
    return row;
  });
}

export async function openReport(payload: Payload): Promise<Report> {
  const { spec } = payload;
  const units = new Units(spec.groups, await payload.open(spec.units));
  if (spec.exact) units.addExact(rowsOf(units, spec.exact.units), await payload.open(spec.exact));
  let heat: HeatData | null = null;
  if (spec.heatmaps) {
    heat = new HeatData(spec.heatmaps.windows);
    const column = (await payload.open(spec.heatmaps)).get('values');
    const rows = rowsOf(units, spec.heatmaps.units);
    if (!column || column.values.length !== rows.length * heat.tokens.length) {
      throw new PayloadError('the heatmaps do not hold one value for each unit and token');
    }
    heat.addAll(rows, column, spec.heatmaps.tallies);
  }
  const separated = spec.words.statuses.map(({ name }) => name.endsWith('separated'));
  return {
    spec,
    run: spec.run,
    words: spec.words,
    units,
    heat,
    activation: activationOf(spec.activation_function),
    hasHeldOut: (spec.run.counts.held_out?.n_target ?? 0) > 0,
    isSeparated: (row) => separated[units.status[row]] === true,
  };
}

// What permuted labels give at each rank of the units of a group, or of all; empty where the labels of just these units were
// not permuted. As permuted_bands of report/figures/qq.cc.
export function permutedBands(report: Report, group: number | null): RankBand[] {
  const { families } = report.run, { groups } = report.units;
  const isWhole = group === null || groups.length === 1;
  const family = !isWhole ? families.find(({ name }) => name === groups[group].label) : families.length === 1 ? families[0] : undefined;
  return family?.permutation?.rank_bands ?? [];
}

// −log10 of the p that a unit of this group must fall below; NaN where nothing says it. Permutations
// judge another statistic than that of p, so no p is their border.
export function thresholdOf(report: Report, group: number): number {
  const { families, correction } = report.run;
  if (correction === 'maxt') return NaN;
  const family = families.length === 1 ? families[0] : families.find((f) => f.name === report.units.groups[group].label);
  return family?.neglog10_p_threshold ?? NaN;
}
