// The first figure: what each unit distinguishes, against matched tokens and against the near miss, with the verdicts beside it.
import { countVerdicts, kVerdicts, type Verdict } from '../data/verdict';
import { kVerdictSigns, nearMissOf } from '../plots/view_words';
import type { App } from '../state/app';
import { countText } from '../words/numbers';
import { FigurePanel } from './figure_panel';

function meaning(app: App, verdict: Verdict): string {
  const near = nearMissOf(app.report);
  switch (verdict) {
    case 'specific':
      return `has an effect and distinguishes the concept from ${near} too (95% interval of the AUC above 0.6)`;
    case 'carrier':
      return `has an effect, but responds only to what the concept and ${near} share (90% interval of the AUC between them within 0.4 to 0.6)`;
    case 'undecided':
      return 'has an effect; the data do not decide between the two';
    case 'none':
      return 'not replicated on words not seen in discovery, or the 95% interval of the AUC there is not above 0.7';
  }
}

export function LeadFigure({ app }: { app: App }) {
  const counts = countVerdicts(app.report.units, app.group.value);
  return (
    <FigurePanel app={app} view="specificity" height={432}>
      <dl class="verdicts">
        {kVerdicts.map((verdict) => (
          <div key={verdict}>
            <dt class={verdict}><i aria-hidden="true">{kVerdictSigns[verdict].sign}</i> {kVerdictSigns[verdict].name} <b>{countText(counts[verdict])}</b></dt>
            <dd>{meaning(app, verdict)}</dd>
          </div>
        ))}
      </dl>
    </FigurePanel>
  );
}
