// What a run asked and what it found, in plain sentences with numbers and intervals (report/words/run_story.cc).
import { bestOfDirection, countFlag } from '../data/order';
import type { Report } from '../data/report';
import type { SplitCounts } from '../payload/types';
import { counted, countText, fixedText, intervalText, percentText, pText, significantText } from './numbers';
import { say, strong, type Sentence } from './sentence';
import { correctionWords, familyWords, testWords } from './terms';
import { visible } from './visible';

export const modelName = (report: Report): string => visible(report.run.model.name || 'the model');
export const conceptName = (report: Report): string => visible(report.run.concept || 'target');

export function textPhrase(report: Report): string {
  const names = report.run.text.files.map(({ path }) => visible(path.slice(path.lastIndexOf('/') + 1)));
  if (names.length === 0) return 'the text';
  const more = names.length - 3;
  return names.slice(0, 3).join(', ') + (more > 0 ? ` and ${counted(more, 'further file')}` : '');
}

export function unitsPhrase(report: Report): string {
  const { groups, n } = report.units;
  const at = ` at ${[...new Set(groups.map(({ site }) => site))].join(', ')}`;
  if (new Set(groups.map((group) => group.n)).size !== 1) return counted(n, 'unit') + at;
  const layers = new Set(groups.map(({ layer }) => layer)).size;
  return `${counted(layers, 'layer')} × ${counted(groups[0].n, 'unit')}${at}`;
}

export function thresholdPhrase(report: Report): string {
  const { families, correction, alpha } = report.run;
  const sizes = new Set(families.map((family) => family.n_tests));
  const level = significantText(alpha, 1);
  if (correction === 'none') return `p < ${level}`;
  const border = families[0]?.neglog10_p_threshold ?? NaN;
  if (correction === 'bonferroni' && sizes.size === 1 && Number.isFinite(border)) {
    return `p < ${pText(border)} = ${level} / ${countText([...sizes][0])}`;
  }
  if (families.length === 1 && Number.isFinite(border) && correction !== 'maxt') return `p up to ${pText(border)}`;
  return `adjusted p < ${level}`;
}

export function correctionPhrase(report: Report): string {
  const { correction, family } = report.run;
  return correction === 'none' ? correctionWords.none : `${correctionWords[correction]} ${familyWords[family]}`;
}

export function splitPhrase(counts: SplitCounts): string {
  return (
    `${counted(counts.n_target, 'target token')} and ${counted(counts.n_comparison, 'comparison token')} from ` +
    `${counted(counts.n_windows, 'window')} (${counted(counts.n_tokens, 'token')} of ` +
    `${counted(counts.n_documents, 'document')})`
  );
}

function significantSentence(report: Report): Sentence {
  const found = countFlag(report.units, report.units.significant);
  const all = countText(report.units.n);
  if (found.total === 0) return say`No unit of ${all} is significant (${thresholdPhrase(report)}).`;
  return say`${strong(countText(found.total))} of ${all} units are significant: ${strong(countText(found.positive))} fire more on targets\u00a0(▲), ${strong(countText(found.negative))}\u00a0fire\u00a0less\u00a0(▼).`;
}

function replicatedSentence(report: Report): Sentence {
  if (!report.hasHeldOut) return say`There is no held-out text, so nothing could be replicated.`;
  const found = countFlag(report.units, report.units.significant).total;
  const again = countFlag(report.units, report.units.replicated);
  const share = percentText(again.total / found);
  return say`${strong(countText(again.total))} of them (${strong(share)}) replicate on held-out text: the same sign, and p\u00a0<\u00a0${significantText(report.run.alpha, 1)}\u00a0/\u00a0${countText(found)}.`;
}

function strongestSentence(report: Report, direction: number): Sentence | null {
  const { units } = report;
  const row = bestOfDirection(units, direction);
  if (row === null || !units.significant[row]) return null;
  const held = units.value('held_out_auc', row);
  const bounds = intervalText(units.value('held_out_auc_lo', row), units.value('held_out_auc_hi', row), 3);
  const interval = bounds.replace(', ', ',\u00a0'); // stays on one line
  const again = Number.isNaN(held) ? [] : say`, ${strong(fixedText(held, 3))} ${interval} on held-out text`;
  const what = direction > 0 ? 'excited' : 'suppressed';
  return say`The unit most clearly ${what} is ${{ unit: row, name: units.name(row) }}: AUC ${strong(fixedText(units.value('auc', row), 3))} in discovery${again}.`;
}

export interface Story {
  title: string;
  question: string;
  found: Sentence[];
  controls: string[]; // what the targets were compared with, and what was found where there is nothing
  facts: [string, string][];
  warnings: string[];
}

export function tellRun(report: Report): Story {
  const { run, units } = report;
  const concept = conceptName(report);
  const anySignificant = countFlag(units, units.significant).total > 0;
  const found = [significantSentence(report)];
  if (anySignificant) found.push(replicatedSentence(report));
  for (const direction of [1, -1]) found.push(...[strongestSentence(report, direction)].filter((s) => s !== null));
  const facts: [string, string][] = [
    ['Model', `${modelName(report)}, ${unitsPhrase(report)}`],
    ['Text', textPhrase(report)],
    ['Discovery', splitPhrase(run.counts.discovery)],
    ['Held out', report.hasHeldOut ? splitPhrase(run.counts.held_out) : 'none'],
    ['Rule', concept + (run.profile && run.profile !== concept ? `, profile ${visible(run.profile)}` : '')],
    ['Test', `${testWords[run.test]}, ${correctionPhrase(report)}`],
    ['Threshold', `${thresholdPhrase(report)}`],
    ['Seed', String(run.seed)],
  ];
  return {
    title: `${concept} in ${modelName(report)}`,
    question: `Of ${countText(units.n)} units in ${modelName(report)}, which ones tell ${concept} tokens from other tokens?`,
    found,
    controls: (report.spec.controls ?? []).map(visible),
    facts,
    warnings: run.warnings.map(visible),
  };
}
