// The columns of the table on screen, and of the file that is saved from it.
import type { App } from '../state/app';
import { isJudged, kCodeWords } from '../data/verdict';
import { knownDigits } from '../words/speaker';
import { fixedText, signedText } from '../words/numbers';

export interface TableColumn {
  name: string; // as in units.tsv; "unit" for the name
  head: string;
  title: string;
  text: (app: App, row: number) => string;
  wide?: boolean; // left out on narrow screens
}

const number = (name: string, decimals: number, signed = false) => (app: App, row: number): string => {
  const value = app.report.units.value(name, row);
  const known = knownDigits(app.report, name, row);
  // A column is read down its decimals, so rows that came in full are cut to the digits that all others have.
  const column = app.report.units.column(name);
  const shown = column?.decimals ?? decimals;
  if (known !== null) return (signed && value > 0 ? '+' : '') + known;
  return (signed ? signedText : fixedText)(value, shown);
};

const word = (name: string) => (app: App, row: number): string => kCodeWords[name][app.report.units.value(name, row)] ?? '?';

export const kTableColumns: TableColumn[] = [
  { name: 'unit', head: 'unit', title: 'site, layer and neuron', text: (app, row) => app.report.units.name(row) },
  { name: 'neglog10_p', head: '−log₁₀ p', title: 'of the chosen test, uncorrected', text: number('neglog10_p', 3) },
  { name: 'beta_sd', head: 'β per SD', title: 'log-odds of a target per SD of activation', text: number('beta_sd', 3, true) },
  { name: 'auc', head: 'AUC', title: 'discovery', text: number('auc', 3) },
  { name: 'held_out_auc', head: 'AUC held out', title: 'held-out text', text: number('held_out_auc', 3) },
  { name: 'cohen_d', head: 'd', title: 'Cohen’s d', text: number('cohen_d', 2, true), wide: true },
  { name: 'held_out_neglog10_p', head: '−log₁₀ p held out', title: 'of the chosen test', text: number('held_out_neglog10_p', 2), wide: true },
  { name: 'significant', head: 'significant', title: 'after correction', text: (app, row) => (app.report.units.significant[row] ? 'yes' : 'no'), wide: true },
  { name: 'replicated', head: 'replicated', title: 'on held-out text', text: (app, row) => (app.report.units.replicated[row] ? 'yes' : 'no') },
  { name: 'effect', head: 'effect', title: 'moderate: 95% interval of the AUC on unseen words above 0.7; strong: above 0.8', text: word('effect'), wide: true },
  { name: 'specific', head: 'near miss', title: 'specific: distinguishes the concept from the near miss too; carrier: responds only to what both share', text: word('specific'), wide: true },
  { name: 'status', head: 'fit', title: 'status of the fit', text: (app, row) => app.report.words.statuses[app.report.units.status[row]]?.label ?? '?', wide: true },
];

export function shownColumns(app: App): TableColumn[] {
  const { units, hasHeldOut } = app.report;
  const ofHeldOut = (name: string) => name === 'replicated' || name in kCodeWords || name.startsWith('held_out_');
  return kTableColumns.filter(({ name }) => name === 'unit' || (units.has(name) && (!(name in kCodeWords) || isJudged(units, name)) && (hasHeldOut || !ofHeldOut(name))));
}

function cell(app: App, name: string, row: number): string {
  const { units, words } = app.report;
  if (name === 'note') return words.notes[units.value(name, row)]?.name ?? '';
  if (name in kCodeWords) return kCodeWords[name][units.value(name, row)] ?? '';
  if (name === 'direction') return ['-', '0', '+'][units.direction[row] + 1];
  const value = units.value(name, row);
  if (Number.isNaN(value)) return '';
  const column = units.column(name);
  if (!units.isExact(row) && column?.decimals !== undefined) return value.toFixed(column.decimals);
  if (!units.isExact(row) && column?.digits !== undefined) return String(Number(value.toPrecision(column.digits)));
  return String(value);
}

// Tab-separated, under the names and in the order of units.tsv, the rows in the order given. A column that this page does not
// hold for each of these rows is left out: an empty field would say that there is no value.
export function tsvOf(app: App, rows: ArrayLike<number>): string {
  const { units, words } = app.report;
  const isKnown = (name: string) => Array.prototype.every.call(rows, (row: number) => units.isKnown(name, row));
  const names = units.names.filter((name) => name !== 'status' && isKnown(name));
  const lines = [['unit', 'site', 'layer', 'neuron', 'status', ...names].join('\t')];
  for (let i = 0; i < rows.length; ++i) {
    const row = rows[i], group = units.group(row);
    const head = [units.name(row), group.site, group.layer, units.indexOf(row), words.statuses[units.status[row]]?.name ?? ''];
    lines.push([...head, ...names.map((name) => cell(app, name, row))].join('\t'));
  }
  return lines.join('\n') + '\n';
}
