// The unit as a detector of targets: one threshold, set on the discovery sample, judged at natural prevalence.
//
// The threshold is where Youden's J = sensitivity + specificity − 1 is largest on the sampled discovery tokens (Youden 1950),
// halfway between the two values it parts. A unit that is suppressed by the concept detects by low values.
import type { HeatToken, UnitHeat } from './heat';
import type { Report } from './report';
import type { SplitName } from '../payload/types';

export interface Detector {
  threshold: number;
  direction: 1 | -1;
  isOfTextShown: boolean; // fitted to the tokens of the page, not to all that were sampled
}

export interface Rates {
  truePositive: number;
  falsePositive: number;
  missed: number;
  trueNegative: number;
  precision: number; // NaN where nothing is detected
  recall: number;
}

export function fitDetector(tokens: HeatToken[], heat: UnitHeat, direction: number): Detector | null {
  const sign = direction < 0 ? -1 : 1;
  const anySampled = tokens.some((token) => token.split === 'discovery' && token.isSampled);
  const used: { value: number; target: boolean }[] = [];
  tokens.forEach((token, t) => {
    if (token.split !== 'discovery' || (anySampled && !token.isSampled) || !Number.isFinite(heat.values[t])) return;
    used.push({ value: sign * heat.values[t], target: token.isTarget });
  });
  const nTarget = used.filter(({ target }) => target).length, nOther = used.length - nTarget;
  if (nTarget === 0 || nOther === 0) return null;
  used.sort((a, b) => b.value - a.value);
  let hits = 0, alarms = 0, best = -1, threshold = NaN;
  for (let i = 0; i < used.length; ++i) {
    if (used[i].target) ++hits;
    else ++alarms;
    const next = used[i + 1];
    if (!next || next.value === used[i].value) continue;
    const youden = hits / nTarget - alarms / nOther;
    if (youden > best) {
      best = youden;
      threshold = (used[i].value + next.value) / 2;
    }
  }
  return Number.isNaN(threshold) ? null : { threshold: sign * threshold, direction: sign, isOfTextShown: true };
}

// The threshold of the scan where the payload has it, which is that of the card.
export function detectorOf({ heat, units }: Report, row: number): Detector | null {
  const values = heat?.of(row);
  if (!heat || !values) return null;
  const threshold = units.value('threshold', row), direction = units.direction[row];
  if (Number.isNaN(threshold) || direction === 0) return fitDetector(heat.tokens, values, direction);
  return { threshold, direction: direction < 0 ? -1 : 1, isOfTextShown: false };
}

export const detects = (detector: Detector, value: number): boolean =>
  detector.direction * (value - detector.threshold) >= 0;

export function rates(tokens: HeatToken[], heat: UnitHeat, detector: Detector, split: SplitName): Rates {
  const n = { truePositive: 0, falsePositive: 0, missed: 0, trueNegative: 0 };
  tokens.forEach((token, t) => {
    const value = heat.values[t];
    if (token.split !== split || token.text === '' || token.position === 0 || !Number.isFinite(value)) return;
    const found = detects(detector, value);
    if (token.isTarget) ++n[found ? 'truePositive' : 'missed'];
    else ++n[found ? 'falsePositive' : 'trueNegative'];
  });
  return {
    ...n,
    precision: n.truePositive / (n.truePositive + n.falsePositive),
    recall: n.truePositive / (n.truePositive + n.missed),
  };
}
