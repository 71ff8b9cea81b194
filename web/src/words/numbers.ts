// Numbers in words, the same as in the terminal and the figures of the program (report/words/words.cc).

const kRaised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

export function raised(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => kRaised[Number(digit)]).join('');
  return (exponent < 0 ? '⁻' : '') + digits;
}

const withMinus = (text: string): string => text.replace(/^-/, '−');

function powerOfTen(value: number, decimals: number): string {
  const [mantissa, exponent] = value.toExponential(decimals).split('e');
  return `${withMinus(mantissa)}×10${raised(Number(exponent))}`;
}

export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function counted(count: number, singular: string): string {
  return `${countText(count)} ${singular}${count === 1 ? '' : 's'}`;
}

const roundsToZero = (value: number, decimals: number): boolean => Math.abs(value) < 0.5 * 10 ** -decimals;

// As toFixed, but of two decimals equally near the even one, as the program rounds: 0.8125 is 0.812.
function roundedText(value: number, decimals: number): string {
  const doubled = Math.abs(value) * 2 ** (decimals + 1); // a tie is an odd number of half last places, which doubles hold exactly
  if (!Number.isInteger(doubled) || doubled % 2 === 0) return value.toFixed(decimals);
  const cut = value.toFixed(decimals + 1).slice(0, decimals === 0 ? -2 : -1);
  return Number(cut.at(-1)) % 2 === 0 ? cut : value.toFixed(decimals);
}

export function fixedText(value: number, decimals: number): string {
  if (Number.isNaN(value)) return 'NA';
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  if (Math.abs(value) >= 1e5) return powerOfTen(value, 2);
  return withMinus(roundedText(roundsToZero(value, decimals) ? 0 : value, decimals));
}

export function signedText(value: number, decimals: number): string {
  return (value > 0 && !roundsToZero(value, decimals) ? '+' : '') + fixedText(value, decimals);
}

export function significantText(value: number, digits: number): string {
  if (!Number.isFinite(value) || value === 0) return fixedText(value, 0);
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]); // of the rounded value: 0.0099999 is 0.0100
  if (exponent >= 5 || exponent < -4) return powerOfTen(value, digits - 1);
  if (exponent >= 3 && exponent >= digits - 1) return (value < 0 ? '−' : '') + countText(Math.abs(value));
  return withMinus(roundedText(value, Math.max(0, digits - 1 - exponent)));
}

// A probability from its −log10, finite at any size: whole and broken part apart, so that nothing underflows.
export function pText(neglog10: number): string {
  if (Number.isNaN(neglog10)) return 'NA';
  if (!Number.isFinite(neglog10)) return neglog10 > 0 ? '0' : '1';
  if (neglog10 < 3) return (10 ** -neglog10).toFixed(neglog10 < 1 ? 2 : 4);
  let exponent = -Math.ceil(neglog10);
  let mantissa = 10 ** (-neglog10 - exponent);
  if (mantissa >= 9.95) {
    mantissa = 1;
    exponent += 1;
  }
  return `${mantissa.toFixed(1)}×10${raised(exponent)}`;
}

export function intervalText(lo: number, hi: number, decimals: number): string {
  if (Number.isNaN(lo) || Number.isNaN(hi)) return '';
  return `[${fixedText(lo, decimals)}, ${fixedText(hi, decimals)}]`;
}

export function percentText(share: number): string {
  if (Number.isNaN(share)) return 'NA';
  const decimals = (share > 0.99 && share < 1) || (share > 0 && share < 0.01) ? 1 : 0;
  return `${roundedText(100 * share, decimals)}%`;
}

// Equations ("p = 0.03", "p < 0.05 / 512") are not broken across lines.
export const keepEquationsWhole = (sentence: string): string => sentence.replace(/ ([=</]) /g, '\u00a0$1\u00a0');
