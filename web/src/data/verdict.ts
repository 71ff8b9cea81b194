// What the program judged of each unit: the words of its byte columns, and the verdict that they give together.
import type { Units } from './units';

// By code, as units.tsv has them (store/words.cc).
export const kEffectWords = ['NA', 'none', 'moderate', 'strong'];
export const kSpecificWords = ['NA', 'specific', 'carrier', 'undecided'];
export const kCodeWords: Record<string, readonly string[]> = {
  effect: kEffectWords, specific: kSpecificWords, replicated_words: ['NA', '0', '1'],
};
const kModerate = 2; // code of effect

export type Verdict = 'specific' | 'carrier' | 'undecided' | 'none';
export const kVerdicts: Verdict[] = ['specific', 'carrier', 'undecided', 'none'];

// Of a unit without an effect it is not judged what it distinguishes: 'none'.
export function verdictOf(units: Units, row: number): Verdict {
  if (!(units.value('effect', row) >= kModerate)) return 'none';
  const code = units.value('specific', row);
  return code === 1 ? 'specific' : code === 2 ? 'carrier' : 'undecided';
}

export function countVerdicts(units: Units, group: number | null): Record<Verdict, number> {
  const counts = { specific: 0, carrier: 0, undecided: 0, none: 0 };
  for (let row = 0; row < units.n; ++row) if (group === null || units.groupOf[row] === group) ++counts[verdictOf(units, row)];
  return counts;
}

// A byte column of which some unit has a value.
export const isJudged = (units: Units, name: string): boolean => units.values(name)?.some((code) => code > 0) ?? false;

// Whether the run compared with a near miss and with matched tokens.
export const hasNearMiss = (units: Units): boolean =>
  units.has('auc_matched') && units.has('auc_near_miss') && isJudged(units, 'specific');

// Above .5 where the unit tells the targets by firing more, or by firing less; NaN without a direction.
export function towardsConcept(units: Units, name: string, row: number): number {
  const auc = units.value(name, row), direction = units.direction[row];
  return direction > 0 ? auc : direction < 0 ? 1 - auc : NaN;
}
