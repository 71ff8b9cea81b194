// What a unit responds to most, in context, inside and outside the target group: all tokens of the shown text, not the
// balanced sample, so that what else it responds to is seen at its natural prevalence.
import type { SplitName } from '../payload/types';
import type { HeatData, UnitHeat } from './heat';

const kContext = 7;

export interface Example {
  split: SplitName;
  before: string[];
  token: string;
  after: string[];
  value: number;
  isTarget: boolean;
}

export function strongest(data: HeatData, heat: UnitHeat, direction: number, inside: boolean, n: number): Example[] {
  const sign = direction < 0 ? -1 : 1;
  const at: number[] = [];
  data.tokens.forEach((token, t) => {
    const isShown = token.text !== '' && token.position !== 0 && Number.isFinite(heat.values[t]);
    if (isShown && token.isTarget === inside) at.push(t);
  });
  at.sort((a, b) => sign * (heat.values[b] - heat.values[a]) || a - b);
  return at.slice(0, n).map((t) => {
    const token = data.tokens[t];
    const { first, n: length } = data.windows[token.window];
    const text = (from: number, to: number) =>
      data.tokens.slice(Math.max(first, from), Math.min(first + length, to)).map((other) => other.text);
    return {
      split: token.split,
      before: text(t - kContext, t),
      token: token.text,
      after: text(t + 1, t + 1 + kContext),
      value: heat.values[t],
      isTarget: token.isTarget,
    };
  });
}
