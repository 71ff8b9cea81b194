// Everything known of the selected unit: in a glance, as distributions, in words, and by what it responds to.
import { useMemo } from 'preact/hooks';
import { correlatedUnits } from '../data/correlated';
import { histograms } from '../data/distributions';
import { strongest } from '../data/examples';
import type { ExampleSpec } from '../payload/types';
import type { App } from '../state/app';
import { cardText, type CardLine } from '../words/card';
import { countText, fixedText } from '../words/numbers';
import { AucStrip } from './auc_strip';
import { Distributions } from './distributions';
import { ExampleList } from './example_list';
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
  const given = app.report.spec.correlated?.[app.report.units.name(row)];
  const units = useMemo(() => {
    if (given) {
      return given.map(([name, r]) => ({ row: app.report.units.rowOf(name), r }))
        .filter((one): one is { row: number; r: number } => one.row !== null);
    }
    return app.report.heat ? correlatedUnits(app.report.heat, row, kCorrelated) : [];
  }, [app, row, app.heatVersion.value]);
  if (units.length === 0) return null;
  return (
    <>
      <h3>Rises and falls with</h3>
      <ul class="correlated">
        {units.map((one) => <li key={one.row}><UnitLink app={app} row={one.row} /> <span>r = {fixedText(one.r, 2)}</span></li>)}
      </ul>
      {!given && <p class="note">Of the units with a heatmap, over all their tokens.</p>}
    </>
  );
}

function Examples({ app, row }: { app: App; row: number }) {
  const { heat, units, spec } = app.report;
  const given = spec.examples?.[units.name(row)];
  const lists = useMemo<[ExampleSpec[], ExampleSpec[]] | null>(() => {
    if (given) return [given.filter((one) => one.is_target), given.filter((one) => !one.is_target)];
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
      <p class="note">
        {given ? spec.examples_are_of ?? 'At natural prevalence.' : 'Of all tokens of the text below, each as often as it occurs; not of the balanced sample.'} h: held-out text.
      </p>
    </>
  );
}

function CardBody({ app, row }: { app: App; row: number }) {
  const { units, heat, activation, spec } = app.report;
  const text = useMemo(() => cardText(app.report, row), [app, row, app.heatVersion.value]);
  const shown = useMemo(() => {
    const given = spec.histograms?.[units.name(row)];
    const values = heat?.of(row);
    return given ?? (heat && values ? histograms(heat.tokens, values, activation) : []);
  }, [app, row, app.heatVersion.value]);
  return (
    <>
      <header>
        <h2 id="card-title"><Sign direction={units.direction[row]} significant={units.significant[row] === 1} /> {text.title}</h2>
        <p class="verdict">{verdict(app, row)}</p>
      </header>
      <p class="headline">{text.headline}</p>
      <AucStrip app={app} row={row} />
      {shown.length > 0 && <Distributions histograms={shown} />}
      <Examples app={app} row={row} />
      <Lines title="Discovery" lines={text.discovery} />
      <Lines title="Held-out text" lines={text.heldOut} />
      <Correlated app={app} row={row} />
      {!units.isExact(row) && (
        <p class="note">For a unit that is neither shown as a heatmap nor among the first, this file keeps only the digits that are shown; all are in units.tsv.</p>
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
