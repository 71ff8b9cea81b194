// What stands above a figure that is saved, since it leaves the page: its title, the run, and what the marks mean.
import { countFlag } from '../data/order';
import type { Report } from '../data/report';
import { countText } from '../words/numbers';
import { visible } from '../words/visible';
import { countVerdicts, kVerdicts } from '../data/verdict';
import { kVerdictSigns } from './view_words';
import { Mark, type Ink, type Scene } from './scene';

export interface LegendEntry {
  text: string;
  ink: Ink;
  x: number; // pixels from the first
}
export interface Heading {
  title: string;
  run: string[]; // lines
  legend: LegendEntry[];
}

// Base lines from the upper edge, and the height of all.
export const kTitleY = 20, kRunY = 36, kRunStep = 14, kLegendY = 68, kHeading = 74;
export const kIndent = 14;

function cut(text: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= room) return text;
  const letters = [...text];
  while (letters.length > 0 && widthOf(`${letters.join('')}…`) > room) letters.pop();
  return `${letters.join('')}…`;
}

// widthOf: of a text in pixels, at the legend's size.
export function headingOf(report: Report, scene: Scene, title: string, widthOf: (text: string) => number): Heading {
  const { spec, units, run } = report;
  const { n_target, n_comparison } = run.counts.discovery;
  const found = countFlag(units, units.significant);
  const isBars = scene.rects.length > 0;
  const verdicts = () => {
    const counts = countVerdicts(units, null);
    return kVerdicts.map((one): [string, Ink] => [`${kVerdictSigns[one].sign} ${kVerdictSigns[one].name} (${countText(counts[one])})`, kVerdictSigns[one].ink]);
  };
  const entries: [string, Ink][] = scene.marksBy === 'verdict' ? verdicts() : isBars
    ? [[`fires more on targets (${countText(found.positive)})`, 'positive'], [`fires less (${countText(found.negative)})`, 'negative']]
    : [[`▲ fires more on targets`, 'positive'], [`▼ fires less`, 'negative'], ['● not significant', 'rest']];
  if (scene.marks.kind.some((kind) => (kind & Mark.hollow) !== 0)) entries.push(['△ hollow: separated', 'muted']);
  let x = 0;
  const legend = entries.map(([text, ink]): LegendEntry => {
    const entry = { text, ink, x };
    x += widthOf(text) + 18;
    return entry;
  });
  const n = scene.marks.rows.length > 0 ? scene.marks.rows.length : units.n;
  return {
    title,
    run: [
      cut(visible(spec.story.title), scene.width - 2 * kIndent, widthOf),
      `n = ${countText(n)} units; ${countText(n_target)} targets, ${countText(n_comparison)} comparison tokens`,
    ],
    legend,
  };
}
