import { describe, expect, test } from 'vitest';
import { thresholdOf } from '../src/data/report';
import { cardText } from '../src/words/card';
import { countText, fixedText, keepEquationsWhole, percentText, pText, significantText, signedText } from '../src/words/numbers';
import { visible } from '../src/words/visible';
import { openSynthetic } from './open_synthetic';
import { kDemo, kMedium } from './make_payload';

describe('numbers read as in the terminal', () => {
  test.each([
    [countText(98304), '98,304'], [fixedText(-0.0004, 3), '0.000'], [fixedText(-1.5, 1), '−1.5'], [fixedText(NaN, 2), 'NA'],
    [fixedText(123456, 2), '1.23×10⁵'], [signedText(0.5, 2), '+0.50'], [signedText(0.0001, 2), '0.00'],
    [significantText(0.00123, 3), '0.00123'], [significantText(4.1e7, 2), '4.1×10⁷'], [significantText(12.34, 3), '12.3'], [significantText(-1004.7, 3), '−1,005'], [significantText(999.7, 3), '1,000'], [significantText(1004.7, 5), '1004.7'],
    [pText(14.5), '3.2×10⁻¹⁵'], [pText(0.5), '0.32'], [pText(1.5), '0.0316'], [pText(123456), '1.0×10⁻¹²³⁴⁵⁶'], [pText(NaN), 'NA'],
    [percentText(0.996), '99.6%'], [percentText(0.5), '50%'],
    // Of two decimals equally near, the even one, as C++ rounds.
    [fixedText(0.8125, 3), '0.812'], [fixedText(0.4375, 3), '0.438'], [fixedText(-2.5, 0), '−2'], [fixedText(3.5, 0), '4'], [percentText(0.625), '62%'],
    [significantText(0.0625, 2), '0.062'], [fixedText(0.15, 1), '0.1'], [fixedText(0.25, 1), '0.2'],
  ])('%s', (said, expected) => expect(said).toBe(expected));
});

test('text that others wrote is visible and inert', () => {
  expect(visible('a\u202eb')).toBe('a\\u{202e}b');
  expect(visible('\u0000\u200b\u2028\u{e0001}')).toBe('\\u{0}\\u{200b}\\u{2028}\\u{e0001}');
  expect(visible('<script>')).toBe('<script>'); // text, never markup
  expect(visible('👩\u200d🔬 é ·↵')).toBe('👩\u200d🔬 é ·↵');
  expect(visible('\ud800')).toBe('\\u{d800}');
  const all = Array.from({ length: 0x3000 }, (_, code) => visible(String.fromCodePoint(code)));
  expect(all.map(visible)).toEqual(all);
});

test('equations are not broken across lines', () => {
  expect(keepEquationsWhole('p = 0.03 and p < 0.05 / 512')).toBe('p\u00a0=\u00a00.03 and p\u00a0<\u00a00.05\u00a0/\u00a0512');
});

test('no raw p is a border where permutations set it', async () => {
  const { report } = await openSynthetic({ ...kDemo, layers: 1, width: 16, heatmaps: 1, windowTokens: 64 });
  expect(thresholdOf(report, 0)).toBeCloseTo(2.505, 3);
  report.run.correction = 'maxt';
  expect(thresholdOf(report, 0)).toBeNaN();
});

const said = (text: string): string => text.replace(/\u00a0/g, ' ');

describe('the card', () => {
  test('of an exact unit says all, with intervals', async () => {
    const { report } = await openSynthetic(kDemo);
    const row = [...report.units.significant.keys()].find((i) => report.units.significant[i] && report.units.status[i] === 0)!;
    const card = cardText(report, row);
    const text = said(card.discovery.map(({ sentence }) => sentence).join(' '));
    expect(card.headline).toContain(report.units.name(row));
    expect(text).toMatch(/95% interval \[.+, .+\], standard error/);
    expect(text).toMatch(/AUC \d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]/);
    expect(text).toMatch(/Likelihood ratio p = .+ \(χ² = .+\); Wald p = .+ \(z = .+\)/);
    expect(card.heldOut.map(({ label }) => label)).toEqual(['Groups', 'Odds', 'Separation', 'Test']);
    expect(text).not.toMatch(/NaN|undefined|null/);
  });

  test('says how discovery’s rule does on held-out text, where that is known', async () => {
    const { report } = await openSynthetic(kDemo);
    const row = [...report.units.significant.keys()].find((i) => report.units.significant[i] && report.units.status[i] === 0)!;
    const known = {
      held_out_unseen_n_target: 235, held_out_unseen_n_comparison: 640, held_out_unseen_auc: 0.9756, held_out_unseen_auc_lo: 0.9609,
      held_out_unseen_auc_hi: 0.9904, held_out_unseen_neglog10_p: 12.25, held_out_calibration_slope: 0.8123, held_out_calibration_intercept: -0.0716,
      held_out_brier: 0.0384, held_out_brier_scaled: 0.846, threshold: -1.1234, mean_target: 2, mean_comparison: -2, held_out_recall: 0.943,
      held_out_precision: 0.521, held_out_f1: 0.6712, held_out_mcc: 0.6658, beta: 2, beta_corrected: 1.5,
    };
    report.units.addExact([row], new Map(Object.entries(known).map(([name, value]) => [name, { name, values: Float64Array.of(value) }])));
    Object.assign(report.run.counts.held_out, { n_target_available: 50, n_comparison_available: 950 });
    const card = cardText(report, row);
    const sentence = (label: string) => said(card.heldOut.find((line) => line.label === label)!.sentence);
    expect(sentence('New words')).toBe('On 235 targets and 640 comparison tokens whose words discovery did not sample: AUC 0.976 [0.961, 0.990], p = 5.6×10⁻¹³.');
    expect(sentence('Calibration')).toBe('Slope 0.812, intercept −0.072 of discovery’s log-odds on this text (perfect calibration: 1 and 0). Brier score 0.038, 85% better than a constant.');
    expect(sentence('Calls')).toBe('Calling a token a target where the activation is at least −1.12 finds 94% of the targets (recall); at the prevalence of targets in the text (5% of the tokens), 52% of the calls are right (precision), F1 = 0.671, MCC = 0.666.');
    expect(said(card.discovery.find(({ label }) => label === 'Odds')!.sentence)).toContain('Corrected for selection (winner’s curse) β = 1.500, 75% of the estimate.');
  });

  test('begins with what the strongest tokens are, where there is a heatmap', async () => {
    const { report, synthetic } = await openSynthetic(kDemo);
    for (const row of synthetic.heat.rows) expect(cardText(report, row).tally).toBe(`Of its 100 strongest tokens, ${row % 101} are targets.`);
    const other = [...report.units.status.keys()].find((row) => !report.heat!.of(row))!;
    expect(cardText(report, other).tally).toBe('');
    report.heat!.add(other, new Float64Array(report.heat!.tokens.length), 'Of its\u202e tokens, …');
    expect(cardText(report, other).tally).toBe('Of its\\u{202e} tokens, …');
  });

  test('says what a note means, and nothing of a correction below one percent', async () => {
    const { report } = await openSynthetic(kDemo);
    const row = [...report.units.significant.keys()].find((i) => report.units.significant[i] && report.units.status[i] === 0)!;
    const known = { note: 3, beta: 5, beta_corrected: 4.96 };
    report.units.addExact([row], new Map(Object.entries(known).map(([name, value]) => [name, { name, values: Float64Array.of(value) }])));
    const card = cardText(report, row);
    expect(card.discovery.at(-1)).toEqual({ label: 'Note', sentence: 'A sentence on limit.' });
    expect(JSON.stringify(card)).not.toContain('winner');
  });

  test('of a compact unit shows only digits that are true', async () => {
    const { report, synthetic } = await openSynthetic({ ...kMedium, layers: 2, width: 256, exactRows: 5, heatmaps: 3, windowTokens: 64 });
    const row = [...report.units.status.keys()].find((i) => !report.units.isExact(i))!;
    const text = said(cardText(report, row).discovery.map(({ sentence }) => sentence).join(' '));
    expect(text).toContain(`−log₁₀ p = ${synthetic.rows.neglog10_p[row].toFixed(3)}`);
    expect(text).toContain(`AUC ${synthetic.rows.auc[row].toFixed(3)} [${synthetic.rows.auc_lo[row].toFixed(3)}, `);
    expect(text).toContain(`β = ${significantText(synthetic.rows.beta[row], 4)}, 95%`);
  });

  test('of a unit without a fit says so and shows no NaN', async () => {
    const { report } = await openSynthetic(kDemo);
    const card = cardText(report, 7); // constant
    const text = JSON.stringify(card);
    expect(text).toContain('A sentence on constant.');
    expect(text).not.toMatch(/NaN|undefined/);
  });
});
