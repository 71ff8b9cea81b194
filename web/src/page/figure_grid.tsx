// The views, small multiples on one selection.
import { countText } from '../words/numbers';
import { hasNearMiss } from '../data/verdict';
import type { App } from '../state/app';
import { FigurePanel } from './figure_panel';
import { LeadFigure } from './lead_figure';
import { LayerSelect } from './masthead';

function Legend({ app }: { app: App }) {
  const { units } = app.report;
  let positive = 0, negative = 0, separated = 0;
  for (let row = 0; row < units.n; ++row) {
    if (!units.significant[row]) continue;
    if (units.direction[row] > 0) ++positive;
    if (units.direction[row] < 0) ++negative;
    if (units.status[row] === 2 || units.status[row] === 3) ++separated;
  }
  return (
    <p class="legend">
      <span><i class="sign plus" aria-hidden="true">▲</i> fires more on targets ({countText(positive)})</span>
      <span><i class="sign minus" aria-hidden="true">▼</i> fires less ({countText(negative)})</span>
      <span><i class="sign rest" aria-hidden="true">●</i> not significant</span>
      {separated > 0 && <span><i class="sign rest" aria-hidden="true">△</i> hollow: separated ({countText(separated)})</span>}
    </p>
  );
}

function BrushLine({ app }: { app: App }) {
  const member = app.brushed.value;
  if (!member) return null;
  const n = member.reduce((sum, one) => sum + one, 0);
  return (
    <p class="brushed">
      {countText(n)} {n === 1 ? 'unit' : 'units'} brushed; the table lists those that pass its filters.{' '}
      <button type="button" class="plain" onClick={() => (app.brush.value = null)}>Clear the brush</button>
    </p>
  );
}

export function FigureGrid({ app }: { app: App }) {
  const { units, hasHeldOut } = app.report;
  const hasLead = hasHeldOut && hasNearMiss(units);
  const hasReplication = hasHeldOut && units.has('held_out_auc');
  return (
    <section class="figures" aria-labelledby="figures-title">
      <div class="section-head">
        <h2 id="figures-title">Every unit</h2>
        <LayerSelect app={app} />
        {units.has('beta') && (
          <label class="check">
            <input type="checkbox" checked={app.perUnit.value}
              onChange={(event) => (app.perUnit.value = event.currentTarget.checked)} />
            β per unit of activation
          </label>
        )}
      </div>
      {hasLead && <LeadFigure app={app} />}
      <Legend app={app} />
      <BrushLine app={app} />
      <div class={hasReplication ? 'grid' : 'grid odd'}>
        <FigurePanel app={app} view="manhattan" height={262} />
        <FigurePanel app={app} view="funnel" height={360} />
        {hasReplication && <FigurePanel app={app} view="replication" height={360} />}
        <FigurePanel app={app} view="layers" height={270} />
        <FigurePanel app={app} view="qq" height={270} />
        <FigurePanel app={app} view="index" height={210} />
      </div>
    </section>
  );
}
