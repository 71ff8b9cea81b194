// Everything known of the selected unit: in a glance, as distributions, in words, and by what it responds to.
import { useMemo } from 'preact/hooks';
import { activationWords } from '../data/activation';
import { correlatedUnits } from '../data/correlated';
import { histograms } from '../data/distributions';
import { type Example, strongest } from '../data/examples';
import type { App } from '../state/app';
import { cardText } from '../words/card';
import type { CardLine } from '../words/speaker';
import { countText, fixedText } from '../words/numbers';
import { AucStrip } from './auc_strip';
import { Distributions } from './distributions';
import { ExampleList } from './example_list';
import { Ladder } from './ladder';
import { Quadrants } from './quadrants';
import { Sign, UnitLink } from './spoken';
import { verdict } from './figure_tip';

const kExamples = 6, kCorrelated = 6;

function Lines({ title, lines }: { title: string; lines: CardLine[] }) {
  return (
    <>
      <h3>{title}</h3>
      <dl class="lines">{lines.map(({ label, sentence }) => <div key={label}><dt>{label}</dt><dd>{sentence}</dd></div>)}</dl>
    </>
  );
}

function Correlated({ app, row }: { app: App; row: number }) {
  const units = useMemo(
    () => (app.report.heat ? correlatedUnits(app.report.heat, row, kCorrelated) : []), [app, row, app.heatVersion.value]);
  if (units.length === 0) return null;
  return (
    <>
      <h3>Correlated units</h3>
      <ul class="correlated">
        {units.map((one) => <li key={one.row}><UnitLink app={app} row={one.row} /> <span>r = {fixedText(one.r, 2)}</span></li>)}
      </ul>
      <p class="note">Among the units with a heatmap, over all their tokens.</p>
    </>
  );
}

function Examples({ app, row }: { app: App; row: number }) {
  const { heat, units } = app.report;
  const lists = useMemo<[Example[], Example[]] | null>(() => {
    const values = heat?.of(row);
    if (!heat || !values) return null;
    const of = (inside: boolean) => strongest(heat, values, units.direction[row], inside, kExamples);
    return [of(true), of(false)];
  }, [app, row, app.heatVersion.value]);
  if (!lists) return null;
  const how = units.direction[row] < 0 ? 'Lowest' : 'Highest';
  return (
    <>
      <h3>{how} on targets</h3>
      <ExampleList examples={lists[0]} />
      <h3>{how} on other tokens</h3>
      <ExampleList examples={lists[1]} />
      <p class="note">Over all tokens of the text below, not over the balanced sample. h: held-out text.</p>
    </>
  );
}

function CardBody({ app, row }: { app: App; row: number }) {
  const { units, heat, activation } = app.report;
  const text = useMemo(() => cardText(app.report, row), [app, row, app.heatVersion.value]);
  const shown = useMemo(() => {
    const values = heat?.of(row);
    return heat && values ? histograms(heat.tokens, values, activation) : [];
  }, [app, row, app.heatVersion.value]);
  return (
    <>
      <header>
        <h2 id="card-title"><Sign direction={units.direction[row]} significant={units.significant[row] === 1} /> {text.title}</h2>
        <p class="verdict">{verdict(app, row)}</p>
      </header>
      {text.tally && <p class="headline">{text.tally}</p>}
      <p class="headline">{text.headline}</p>
      <AucStrip app={app} row={row} />
      <Ladder app={app} row={row} />
      {shown.length > 0 && <Distributions histograms={shown} after={activation ? activationWords(activation) : ''} />}
      <Quadrants app={app} row={row} />
      <Examples app={app} row={row} />
      <Lines title="Discovery" lines={text.discovery} />
      <Lines title="Held-out text" lines={text.heldOut} />
      <Correlated app={app} row={row} />
      {shown.length === 0 && (
        <p class="note">
          {app.report.spec.explorer ? 'Histograms and examples need the model: start “penfield serve” with -m.' : 'This file holds no activations of this unit; “penfield serve” shows its histograms and examples.'}
        </p>
      )}
      {!units.isExact(row) && (
        <p class="note">For units without a heatmap and outside the top units, this file keeps only the digits shown here; units.tsv has all.</p>
      )}
    </>
  );
}

export function UnitCard({ app }: { app: App }) {
  const row = app.selected.value;
  const rows = app.rows.value;
  const at = row === null ? -1 : rows.indexOf(row);
  return (
    <section class="card" aria-labelledby="card-title" tabIndex={0}>
      <nav aria-label="Units in the order of the table">
        <button type="button" class="plain" onClick={() => app.step(-1)} title="previous (k)">← previous</button>
        <span>{at >= 0 ? `${countText(at + 1)} of ${countText(rows.length)}` : ''}</span>
        <button type="button" class="plain" onClick={() => app.step(1)} title="next (j)">next →</button>
      </nav>
      {row === null ? <h2 id="card-title">No unit selected</h2> : <CardBody app={app} row={row} />}
    </section>
  );
}
