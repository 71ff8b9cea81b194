// Titles and captions of the views; those that the program draws too have its words (report/figures/figure.cc).
import { permutedBands, type Report } from '../data/report';
import type { Verdict } from '../data/verdict';
import { inflation } from '../data/quantiles';
import { squared } from './placement';
import { layerWords } from '../data/units';
import type { App } from '../state/app';
import type { ViewName } from '../state/hash';
import { countText, significantText } from '../words/numbers';
import { visible } from '../words/visible';
import type { Ink } from './scene';

// How a verdict is marked and named.
export const kVerdictSigns: Record<Verdict, { sign: string; name: string; ink: Ink }> = {
  specific: { sign: '◆', name: 'specific', ink: 'specific' },
  carrier: { sign: '■', name: 'carrier', ink: 'carrier' },
  undecided: { sign: '○', name: 'undecided', ink: 'muted' },
  none: { sign: '●', name: 'no effect', ink: 'rest' },
};

// "capitals that begin a sentence"
export const nearMissOf = (report: Report): string => visible(report.run.controls?.near_miss || 'the near miss');

const kPermutedBand =
  ' The dashed lines enclose 95% of 200 permutations of the labels at each rank; permuting keeps the correlation between units, which the grey band ignores.';

function layerPhrase(app: App): string {
  const group = app.group.value;
  return group === null ? '' : ` of ${layerWords(app.report.units.groups[group])}`;
}

export function viewTitle(app: App, view: ViewName): string {
  switch (view) {
    case 'specificity':
      return `Concept or near miss: what the units${layerPhrase(app)} distinguish`;
    case 'funnel':
      return `Size and certainty of every unit${layerPhrase(app)}`;
    case 'index':
      return `The units of ${layerWords(app.report.units.groups[app.indexGroup.value])}`;
    case 'manhattan':
      return 'Where in the model the tuned units lie';
    case 'layers':
      return 'Tuned units by layer';
    case 'qq':
      return 'Observed p-values against those of an untuned model';
    case 'replication':
      return 'Discovery against held-out text';
  }
}

export function viewCaption(app: App, view: ViewName): string {
  const rule = `${app.report.words.test}; significant: ${app.report.words.threshold}`;
  const scale = app.perUnit.value ? 'unit' : 'SD';
  switch (view) {
    case 'specificity': {
      const { units } = app.report, n = app.placement('specificity').rows.length;
      const all = app.group.value === null ? units.n : units.groups[app.group.value].n;
      const some = 2 * n < all ? ` This file holds both AUCs of ${countText(n)} units.` : '';
      return `AUC of each unit${layerPhrase(app)} on held-out text, against matched tokens and against ${nearMissOf(app.report)}; of a unit that fires less on targets (▼), 1 − AUC. 0.5 is chance, the grey strips are 0.5 ± 0.1. Units at the upper right distinguish the concept from both; units at the right inside the horizontal strip only from matched tokens.${some}`;
    }
    case 'funnel':
      return `Each mark is a unit${layerPhrase(app)}: log-odds of a target per ${scale} of its activation (right: fires more on targets) against −log₁₀ p (${rule}).`;
    case 'index':
      return `Log-odds of a target per ${scale} of activation for each unit of ${layerWords(app.report.units.groups[app.indexGroup.value])}, in the order of the model’s weights.`;
    case 'manhattan':
      return `−log₁₀ p of each unit, the layers side by side${app.group.value === null ? ', every other one paler and on a grey strip' : ''} (${rule}).`;
    case 'layers':
      return 'Number of significant units in each layer: above the line those that fire more on targets, below it those that fire less.' +
        (app.report.hasHeldOut ? ' The full bar is significant in discovery, its dark part replicated on held-out text.' : '');
    case 'qq': {
      const lambda = significantText(inflation(squared(app.placement('qq').y)), 3);
      const permuted = permutedBands(app.report, app.group.value).length > 0 ? kPermutedBand : '';
      return `Each mark is a unit${layerPhrase(app)}, ranked by p. If no unit were tuned and units were independent, the marks would lie within the grey band (95%, pointwise).${permuted} λ = ${lambda} is the median χ² over its expectation; it exceeds 1 where many units are tuned.`;
    }
    case 'replication':
      return `AUC of each unit${layerPhrase(app)} on the text on which it was found and on held-out text. On the diagonal: equal on both. The farther from 0.5, the stronger; “stronger” and “weaker” compare the held-out text with discovery.`;
  }
}
