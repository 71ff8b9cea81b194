// The page from top to bottom: in the explorer a text to type, then what was asked and found, every unit, one unit, its text, all units as a table.
import { useEffect, useState } from 'preact/hooks';
import { Explorer } from '../explorer/explorer';
import type { App } from '../state/app';
import { Announcer } from './announcer';
import { FigureGrid } from './figure_grid';
import { Heatmap } from './heatmap';
import { Help } from './help';
import { listenToKeys } from './keyboard';
import { Masthead } from './masthead';
import { Summary } from './summary';
import { UnitCard } from './unit_card';
import { UnitTable } from './unit_table';

export function Page({ app }: { app: App }) {
  useEffect(() => listenToKeys(app), [app]);
  // The answer first, in a frame of its own; then what takes longer to draw.
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    requestAnimationFrame(() => setTimeout(() => setWhole(true)));
  }, []);
  useEffect(() => {
    if (whole) document.documentElement.dataset.ready = 'yes';
  }, [whole]);
  return (
    <>
      <a class="skip" href="#units-table" onClick={(event) => {
        event.preventDefault();
        document.getElementById('units-table')?.focus();
      }}>To the table of units</a>
      <Masthead app={app} />
      <main>
        {app.report.spec.explorer && <Explorer app={app} />}
        <Summary app={app} />
        {whole && (
          <>
            <div class="linked">
              <FigureGrid app={app} />
              <UnitCard app={app} />
            </div>
            <Heatmap app={app} />
            <UnitTable app={app} />
          </>
        )}
      </main>
      <Colophon app={app} />
      <Help app={app} />
      <Announcer app={app} />
    </>
  );
}

function Colophon({ app }: { app: App }) {
  const { run } = app.report;
  const stages = (run.stages ?? []).map(({ name, seconds }) => `${name} ${seconds.toFixed(seconds < 1 ? 2 : 1)} s`);
  return (
    <footer class="colophon">
      <p>
        Made by Penfield {run.penfield_version}. {stages.length > 0 && `Time: ${stages.join(', ')}`}
        {run.threads ? ` on ${run.threads} ${run.threads === 1 ? 'thread' : 'threads'}.` : ''}
        {run.model.config_sha256 && <> Model configuration <code>{run.model.config_sha256.slice(0, 12)}</code>.</>}
      </p>
      {app.report.spec.mode === 'report' && <p>This file contains all its data and makes no network requests.</p>}
    </footer>
  );
}
