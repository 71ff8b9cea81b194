// How discovery's fit and threshold perform on held-out text, and the test on words that discovery did not have: the sentences
// of report/words/unit_card.cc.
import { counted, percentText } from './numbers';
import type { CardLine, Speaker } from './speaker';

function newWordsSentence(s: Speaker): string {
  const groups = `${counted(s.v('held_out_unseen_n_target'), 'target')} and ${counted(s.v('held_out_unseen_n_comparison'), 'comparison token')}`;
  const auc = s.fixedWithInterval('held_out_unseen_auc', 3);
  return `On ${groups} whose words discovery did not sample: AUC ${auc}, ${s.p('held_out_unseen_neglog10_p')}.`;
}

function calibrationSentence(s: Speaker): string {
  const better = s.v('held_out_brier_scaled') > 0 ? `${percentText(s.v('held_out_brier_scaled'))} better than a constant` : 'no better than a constant';
  return (
    `Slope ${s.significant('held_out_calibration_slope', 3)}, intercept ${s.significant('held_out_calibration_intercept', 2)} ` +
    `of discovery’s log-odds on this text (perfect calibration: 1 and 0). Brier score ${s.fixed('held_out_brier', 3)}, ${better}.`
  );
}

function callsSentence(s: Speaker): string {
  const side = s.v('mean_target') > s.v('mean_comparison') ? 'at least' : 'at most';
  const start =
    `Calling a token a target where the activation is ${side} ${s.significant('threshold', 3)} finds ` +
    `${percentText(s.v('held_out_recall'))} of the targets (recall)`;
  if (!s.has('held_out_f1')) return `${start}; precision is unknown, because the comparison tokens are not a random sample of the text.`;
  const precision = s.has('held_out_precision') ? `${percentText(s.v('held_out_precision'))} of the calls are right (precision)` : 'nothing is called';
  const mcc = s.has('held_out_mcc') ? `, MCC = ${s.fixed('held_out_mcc', 3)}` : '';
  const { n_target_available: targets, n_comparison_available: others } = s.report.run.counts.held_out;
  const common = targets && others ? ` (${percentText(targets / (targets + others))} of the tokens)` : '';
  return `${start}; at the prevalence of targets in the text${common}, ${precision}, F1 = ${s.fixed('held_out_f1', 3)}${mcc}.`;
}

export function predictionLines(s: Speaker): CardLine[] {
  const lines: CardLine[] = [];
  if (s.has('held_out_unseen_auc')) lines.push({ label: 'New words', sentence: newWordsSentence(s) });
  if (s.has('held_out_calibration_slope', 'held_out_brier')) lines.push({ label: 'Calibration', sentence: calibrationSentence(s) });
  if (s.has('held_out_recall', 'threshold')) lines.push({ label: 'Calls', sentence: callsSentence(s) });
  return lines;
}
