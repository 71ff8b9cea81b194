// Statistics of one unit as text, with the digits that the page knows.
import type { Report } from '../data/report';
import { fixedText, pText, significantText, signedText } from './numbers';

export interface CardLine {
  label: string;
  sentence: string;
}

// The value with the digits that its column keeps; null where all digits are known.
export function knownDigits(report: Report, name: string, row: number): string | null {
  const column = report.units.column(name);
  if (!column || report.units.isExact(row)) return null;
  if (column.decimals !== undefined) return fixedText(column.values[row], column.decimals);
  if (column.digits !== undefined) return significantText(column.values[row], column.digits);
  return null;
}

export const withInterval = (value: string, interval: string): string => (interval === '' ? value : `${value} ${interval}`);

export class Speaker {
  constructor(readonly report: Report, readonly row: number) {}

  v(name: string): number {
    return this.report.units.value(name, this.row);
  }
  has(...names: string[]): boolean {
    return names.every((name) => !Number.isNaN(this.v(name)));
  }
  // To the digits asked for where all are known, else to those that are known.
  significant(name: string, digits: number): string {
    return this.known(name) ?? significantText(this.v(name), digits);
  }
  fixed(name: string, decimals: number): string {
    return this.known(name) ?? fixedText(this.v(name), decimals);
  }
  signed(name: string, decimals: number): string {
    const known = this.known(name);
    return known === null ? signedText(this.v(name), decimals) : (this.v(name) > 0 ? '+' : '') + known;
  }
  // "AUC 0.931 [0.902, 0.960]" without its name.
  fixedWithInterval(name: string, decimals: number): string {
    return withInterval(this.fixed(name, decimals), this.interval(name, decimals));
  }
  interval(name: string, decimals: number): string {
    const lo = `${name}_lo`, hi = `${name}_hi`;
    if (!this.has(lo, hi)) return '';
    return `[${this.fixed(lo, decimals)}, ${this.fixed(hi, decimals)}]`;
  }
  p(name: string): string {
    if (!this.has(name)) return 'p not available';
    const known = this.known(name);
    return known === null ? `p = ${pText(this.v(name))}` : `−log₁₀ p = ${known}`;
  }
  private known(name: string): string | null {
    return knownDigits(this.report, name, this.row);
  }
}
