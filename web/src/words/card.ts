// One unit's statistics in words: the sentences of report/words/unit_card.cc.
//
// Rows that came in full read as in the terminal. Of the others only as many digits are known as the payload keeps, so those
// are shown, no fewer (a second rounding could be wrong) and no more.
import type { Report } from '../data/report';
import { predictionLines } from './card_prediction';
import { counted, fixedText, percentText, pText, significantText, signedText } from './numbers';
import { conceptName, correctionPhrase } from './story';
import { isSeparated, statusSentences, testWords } from './terms';

export interface CardLine {
  label: string;
  sentence: string;
}
export interface CardText {
  title: string;
  headline: string;
  discovery: CardLine[];
  heldOut: CardLine[];
}

const kNormal95 = 1.959963984540054;

export class Speaker {
  constructor(readonly report: Report, readonly row: number) {}

  v(name: string): number {
    return this.report.units.value(name, this.row);
  }
  has(...names: string[]): boolean {
    return names.every((name) => !Number.isNaN(this.v(name)));
  }
  // To the digits asked for where all are known, else to those that are known.
  significant(name: string, digits: number): string {
    return this.known(name) ?? significantText(this.v(name), digits);
  }
  fixed(name: string, decimals: number): string {
    return this.known(name) ?? fixedText(this.v(name), decimals);
  }
  signed(name: string, decimals: number): string {
    const known = this.known(name);
    return known === null ? signedText(this.v(name), decimals) : (this.v(name) > 0 ? '+' : '') + known;
  }
  interval(lo: string, hi: string, decimals: number): string {
    if (!this.has(lo, hi)) return '';
    return `[${this.fixed(lo, decimals)}, ${this.fixed(hi, decimals)}]`;
  }
  p(name: string): string {
    if (!this.has(name)) return 'p not available';
    const known = this.known(name);
    return known === null ? `p = ${pText(this.v(name))}` : `−log₁₀ p = ${known}`;
  }
  private known(name: string): string | null {
    return knownDigits(this.report, name, this.row);
  }
}

// The value with the digits that its column keeps; null where all digits are known.
export function knownDigits(report: Report, name: string, row: number): string | null {
  const column = report.units.column(name);
  if (!column || report.units.isExact(row)) return null;
  if (column.decimals !== undefined) return fixedText(column.values[row], column.decimals);
  if (column.digits !== undefined) return significantText(column.values[row], column.digits);
  return null;
}

function headline(s: Speaker): string {
  const { units } = s.report;
  const how = ['fires less', 'fires neither more nor less', 'fires more'][units.direction[s.row] + 1];
  const start = `${units.name(s.row)} ${how} on ${conceptName(s.report)} tokens than on the comparison tokens`;
  if (!units.significant[s.row]) return `${start}; the difference is not significant.`;
  if (units.replicated[s.row]) return `${start}; this is significant, and replicated on held-out text.`;
  if (!s.report.hasHeldOut) return `${start}; this is significant, and there is no held-out text.`;
  return `${start}; this is significant, but not replicated on held-out text.`;
}

function groupsSentence(s: Speaker): string {
  const { n_target, n_comparison } = s.report.run.counts.discovery;
  const n = s.has('n_target', 'n_comparison') ? [s.v('n_target'), s.v('n_comparison')] : [n_target, n_comparison];
  const start = `${counted(n[0], 'target')} and ${counted(n[1], 'comparison token')}.`;
  if (!s.has('mean_target', 'mean_comparison')) return start;
  const sd = s.has('sd') ? `; SD of all ${s.significant('sd', 3)}` : '';
  return (
    `${start} Mean activation ${s.significant('mean_target', 3)} on targets and ` +
    `${s.significant('mean_comparison', 3)} on comparison tokens${sd}.`
  );
}

function oddsSentence(s: Speaker): string {
  const verb = s.v('beta_sd') < 0 ? 'divides' : 'multiplies';
  const factor = significantText(Math.exp(Math.abs(s.v('beta_sd'))), s.report.units.isExact(s.row) ? 3 : 2);
  const start = `One SD more activation ${verb} the odds of a target by ${factor} (β = ${s.signed('beta_sd', 3)} per SD).`;
  if (!s.has('beta')) return start;
  let perUnit = ` Per unit of activation β = ${s.significant('beta', 4)}`;
  if (s.has('se')) {
    const half = kNormal95 * s.v('se');
    const digits = s.report.units.isExact(s.row) ? 4 : 2;
    const [lo, hi] = [s.v('beta') - half, s.v('beta') + half].map((bound) => significantText(bound, digits));
    perUnit += `, 95% interval [${lo}, ${hi}], standard error ${s.significant('se', 3)}`;
  }
  if (!s.has('beta_corrected')) return `${start}${perUnit}.`;
  const corrected = s.v('beta') === 0 ? 1 : s.v('beta_corrected') / s.v('beta');
  return (
    `${start}${perUnit}. Allowing for its having been picked as significant, β = ${s.significant('beta_corrected', 4)}: ` +
    `${percentText(corrected)} of it.`
  );
}

function separationSentence(s: Speaker): string {
  const known = knownDigits(s.report, 'auc', s.row);
  const pairs = known === null ? percentText(s.v('auc')) : `${(100 * s.v('auc')).toFixed(1)}%`;
  const start =
    `AUC ${s.fixed('auc', 3)} ${s.interval('auc_lo', 'auc_hi', 3)}: of one target and one comparison token, the target has ` +
    `the higher activation in ${pairs} of the pairs.`;
  if (!s.has('cohen_d')) return start;
  return `${start} Cohen’s d ${s.signed('cohen_d', 2)} ${s.interval('cohen_d_lo', 'cohen_d_hi', 2)}`.trimEnd() + '.';
}

function testsSentence(s: Speaker): string {
  if (!s.has('neglog10_p_lrt')) {
    const name = testWords[s.report.run.test];
    return `${name[0].toUpperCase()}${name.slice(1)}: ${s.p('neglog10_p')}.`;
  }
  const penalised = isSeparated(s.report.units.status[s.row]);
  let out = `${penalised ? 'Penalised likelihood ratio' : 'Likelihood ratio'} ${s.p('neglog10_p_lrt')}`;
  if (s.has('lrt_chi2')) out += ` (χ² = ${s.fixed('lrt_chi2', 1)})`;
  out += s.has('neglog10_p_wald') ? `; Wald ${s.p('neglog10_p_wald')}` : '; no Wald test';
  if (s.has('z', 'neglog10_p_wald')) out += ` (z = ${s.fixed('z', 2)})`;
  if (s.has('neglog10_p_score')) out += `; score ${s.p('neglog10_p_score')}`;
  if (s.has('neglog10_p_welch', 't_welch')) {
    const df = s.has('df_welch') ? `, ${s.fixed('df_welch', 1)} degrees of freedom` : '';
    out += `; Welch ${s.p('neglog10_p_welch')} (t = ${s.fixed('t_welch', 2)}${df})`;
  }
  return `${out}.`;
}

function correctedSentence(s: Speaker): string {
  const { run, units } = s.report;
  const test = testWords[run.test];
  const verdict = `${units.significant[s.row] ? 'significant' : 'not significant'} at α = ${significantText(run.alpha, 1)}`;
  if (run.correction === 'none') return `The ${test} is not corrected: ${verdict}.`;
  if (!s.has('neglog10_p')) return `The ${test} gives no p to correct.`;
  const adjusted = s.has('neglog10_p_adj') ? `${s.p('neglog10_p_adj')}; ` : '';
  return `The ${test} after ${correctionPhrase(s.report)}: ${adjusted}${verdict}.`;
}

function heldOutLines(s: Speaker): CardLine[] {
  const { report, row } = s;
  if (!report.hasHeldOut) return [{ label: 'Groups', sentence: 'No held-out tokens.' }];
  const { n_target, n_comparison } = report.run.counts.held_out;
  const lines = [
    { label: 'Groups', sentence: `${counted(n_target, 'target')} and ${counted(n_comparison, 'comparison token')}.` },
  ];
  if (s.has('held_out_beta')) {
    const same = s.v('held_out_beta') * report.units.direction[row] > 0;
    const sign = same ? 'the same sign as in discovery' : 'not the sign of discovery';
    lines.push({ label: 'Odds', sentence: `β = ${s.significant('held_out_beta', 4)} per unit of activation, ${sign}.` });
  }
  if (s.has('held_out_auc')) {
    const interval = s.interval('held_out_auc_lo', 'held_out_auc_hi', 3);
    lines.push({ label: 'Separation', sentence: `AUC ${s.fixed('held_out_auc', 3)} ${interval}`.trimEnd() + '.' });
  }
  if (s.has('held_out_neglog10_p')) {
    const verdict = report.units.significant[row]
      ? report.units.replicated[row] ? ': replicated.' : ': not replicated.'
      : '; only significant units are put to the test of replication.';
    const test = `The ${testWords[report.run.test]} gives ${s.p('held_out_neglog10_p')}`;
    lines.push({ label: 'Test', sentence: test + verdict });
  }
  return [...lines, ...predictionLines(s)];
}

export function cardText(report: Report, row: number): CardText {
  const s = new Speaker(report, row);
  const discovery = [{ label: 'Groups', sentence: groupsSentence(s) }];
  if (s.has('beta_sd')) discovery.push({ label: 'Odds', sentence: oddsSentence(s) });
  if (s.has('auc')) discovery.push({ label: 'Separation', sentence: separationSentence(s) });
  if (s.has('neglog10_p')) discovery.push({ label: 'Tests', sentence: testsSentence(s) });
  discovery.push({ label: 'Corrected', sentence: correctedSentence(s) });
  const status = report.units.status[row];
  if (status !== 0) discovery.push({ label: 'Fit', sentence: statusSentences[status] ?? 'Of unknown status.' });
  return { title: report.units.name(row), headline: headline(s), discovery, heldOut: heldOutLines(s) };
}
