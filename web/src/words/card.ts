// One unit's statistics in words: the sentences of report/words/unit_card.cc. test/browser/card.test.ts compares the two.
//
// They are not in the payload, because those of 3,072 units would take as much room as everything else. Rows that came in full
// read as in the terminal. Of the others only as many digits are known as the payload keeps, so those are shown, no fewer (a
// second rounding could be wrong) and no more.
import type { Report } from '../data/report';
import { predictionLines } from './card_prediction';
import { counted, fixedText, keepEquationsWhole, percentText, significantText } from './numbers';
import { type CardLine, knownDigits, Speaker, withInterval } from './speaker';
import { visible } from './visible';

export interface CardText {
  title: string;
  tally: string; // of the tokens it fires on, as the program says it; may be empty
  headline: string;
  discovery: CardLine[];
  heldOut: CardLine[];
}

const kNormal95 = 1.959963984540054;
const kLeastShift = 0.01; // of a correction for selection: less is lost in the standard error

function headline(s: Speaker): string {
  const { units, words } = s.report;
  const how = ['fires less', 'fires neither more nor less', 'fires more'][units.direction[s.row] + 1];
  const start = `${units.name(s.row)} ${how} on ${words.concept} tokens than on the comparison tokens`;
  if (!units.significant[s.row]) return `${start}; the difference is not significant.`;
  if (units.replicated[s.row]) return `${start}; the difference is significant and replicated on held-out text.`;
  if (!s.report.hasHeldOut) return `${start}; the difference is significant; there is no held-out text.`;
  return `${start}; the difference is significant but not replicated on held-out text.`;
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
  const beta = s.v('beta'), corrected = s.v('beta_corrected');
  if (!(Math.abs(corrected - beta) >= kLeastShift * Math.abs(beta))) return `${start}${perUnit}.`;
  return (
    `${start}${perUnit}. Corrected for selection (winner’s curse) β = ${s.significant('beta_corrected', 4)}, ` +
    `${percentText(corrected / beta)} of the estimate.`
  );
}

function separationSentence(s: Speaker): string {
  const known = knownDigits(s.report, 'auc', s.row);
  const pairs = known === null ? percentText(s.v('auc')) : `${fixedText(100 * s.v('auc'), 1)}%`;
  let out =
    `AUC ${s.fixedWithInterval('auc', 3)}: of one target and one comparison token, the target has the higher activation in ` +
    `${pairs} of the pairs.`;
  if (s.has('cohen_d')) out += ` Cohen’s d ${withInterval(s.signed('cohen_d', 2), s.interval('cohen_d', 2))}.`;
  if (s.has('threshold', 'youden_j')) {
    out += ` The threshold that separates the groups best is ${s.significant('threshold', 3)} (Youden’s J = ${s.fixed('youden_j', 2)}).`;
  }
  return out;
}

function testsSentence(s: Speaker): string {
  if (!s.has('neglog10_p_lrt')) {
    const name = s.report.words.test;
    return `${name[0].toUpperCase()}${name.slice(1)}: ${s.p('neglog10_p')}.`;
  }
  const penalised = s.report.isSeparated(s.row);
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
  const { run, units, words } = s.report;
  const verdict = `${units.significant[s.row] ? 'significant' : 'not significant'} at α = ${significantText(run.alpha, 1)}`;
  if (run.correction === 'none') return `The ${words.test} is not corrected: ${verdict}.`;
  if (!s.has('neglog10_p')) return `The ${words.test} has no p to correct.`;
  const adjusted = s.has('neglog10_p_adj') ? `${s.p('neglog10_p_adj')}; ` : '';
  return `The ${words.test} after ${words.correction}: ${adjusted}${verdict}.`;
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
    const sign = same ? 'the same sign as in discovery' : 'not the same sign as in discovery';
    lines.push({ label: 'Odds', sentence: `β = ${s.significant('held_out_beta', 4)} per unit of activation, ${sign}.` });
  }
  if (s.has('held_out_auc')) lines.push({ label: 'Separation', sentence: `AUC ${s.fixedWithInterval('held_out_auc', 3)}.` });
  const verdict = report.units.significant[row]
    ? report.units.replicated[row] ? ': replicated.' : ': not replicated.'
    : '; only significant units are tested for replication.';
  lines.push({ label: 'Test', sentence: `The ${report.words.test} gives ${s.p('held_out_neglog10_p')}${verdict}` });
  return [...lines, ...predictionLines(s)];
}

export function cardText(report: Report, row: number): CardText {
  const s = new Speaker(report, row);
  const discovery = [{ label: 'Groups', sentence: groupsSentence(s) }];
  if (s.has('beta_sd')) discovery.push({ label: 'Odds', sentence: oddsSentence(s) });
  if (s.has('auc')) discovery.push({ label: 'Separation', sentence: separationSentence(s) });
  if (s.has('neglog10_p')) discovery.push({ label: 'Tests', sentence: testsSentence(s) });
  discovery.push({ label: 'Corrected', sentence: correctedSentence(s) });
  const status = report.units.status[row], note = s.has('note') ? s.v('note') : 0;
  if (status !== 0) discovery.push({ label: 'Fit', sentence: report.words.statuses[status]?.sentence ?? 'Of unknown status.' });
  if (note !== 0) discovery.push({ label: 'Note', sentence: report.words.notes[note]?.sentence ?? 'Of unknown kind.' });
  const whole = (lines: CardLine[]) => lines.map(({ label, sentence }) => ({ label, sentence: keepEquationsWhole(sentence) }));
  const tally = visible(report.heat?.of(row)?.tally ?? '');
  return { title: report.units.name(row), tally, headline: headline(s), discovery: whole(discovery), heldOut: whole(heldOutLines(s)) };
}
