// Names of tests, corrections and states in words (report/words/words.cc).
import type { CorrectionName, FamilyName, TestName } from '../payload/types';

export const testWords: Record<TestName, string> = {
  lrt: 'likelihood-ratio test',
  wald: 'Wald test',
  score: 'score test',
};

export const correctionWords: Record<CorrectionName, string> = {
  bonferroni: 'Bonferroni',
  holm: 'Holm',
  bh: 'Benjamini–Hochberg',
  by: 'Benjamini–Yekutieli',
  maxt: 'max-statistic permutation',
  none: 'no correction',
};

export const familyWords: Record<FamilyName, string> = {
  layer: 'within each layer',
  model: 'over the whole model',
};

// In the order of association::FitStatus, which is the code in column `status`.
export const statusNames = [
  'ok', 'constant', 'separated', 'quasi_separated', 'not_converged', 'non_finite', 'too_few',
] as const;
export const statusLabels = [
  'ok', 'constant', 'separated', 'quasi-sep.', 'no conv.', 'non-finite', 'too few',
] as const;
export const statusSentences = [
  'The fit converged.',
  'All activations are equal, so there is nothing to fit.',
  'A threshold parts the two groups without error: β is Firth’s estimate, p its penalised likelihood ratio, and there is no Wald test.',
  'The two groups touch in one value only: β is Firth’s estimate, p its penalised likelihood ratio, and there is no Wald test.',
  'The fit did not converge; its numbers are not to be relied on.',
  'The activations hold NaN or infinite values.',
  'There are too few tokens in a group to fit.',
] as const;

export const isSeparated = (status: number): boolean => status === 2 || status === 3;
