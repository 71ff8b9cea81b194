// The activation functions between mlp.pre and mlp.post, by the names in run.json (numeric/activation.h).
import type { ActivationName } from '../payload/types';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

// Abramowitz & Stegun 1964, 7.1.26; |error| <= 1.5e-7, far below a pixel of a histogram.
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

interface Activation {
  words: string; // "after GELU"
  of: (x: number) => number;
}

const kActivations: Record<ActivationName, Activation> = {
  // The tanh form of GPT-2 (Hendrycks & Gimpel 2016, the approximation), and the exact form.
  gelu_new: { words: 'GELU', of: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) },
  gelu: { words: 'GELU', of: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)) },
  quick_gelu: { words: 'GELU', of: (x) => x * sigmoid(1.702 * x) },
  relu: { words: 'ReLU', of: (x) => Math.max(0, x) },
  relu2: { words: 'ReLU²', of: (x) => Math.max(0, x) ** 2 },
  relu6: { words: 'ReLU6', of: (x) => Math.min(6, Math.max(0, x)) },
  silu: { words: 'SiLU', of: (x) => x * sigmoid(x) },
  tanh: { words: 'tanh', of: Math.tanh },
  sigmoid: { words: 'the sigmoid', of: sigmoid },
};

// null: none, one that changes nothing, or one that this page does not know.
export function activationOf(name: string | undefined): ActivationName | null {
  return name !== undefined && Object.hasOwn(kActivations, name) ? (name as ActivationName) : null;
}
export const activate = (name: ActivationName, x: number): number => kActivations[name].of(x);
export const activationWords = (name: ActivationName): string => kActivations[name].words;
