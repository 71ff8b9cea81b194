// All units as a table: what the figures show, for those who read rather than look. Only the rows in sight are in the page.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { saveFile } from '../plots/save';
import { kSpecificFilters, type EffectFilter, type SpecificFilter } from '../data/order';
import { isJudged } from '../data/verdict';
import type { App } from '../state/app';
import { countText } from '../words/numbers';
import { Sign } from './spoken';
import { shownColumns, tsvOf, type TableColumn } from './table_columns';

const kRow = 30, kRowsInSight = 16, kMargin = 6;

function Filters({ app }: { app: App }) {
  const n = app.rows.value.length;
  const { units } = app.report;
  return (
    <div class="filters">
      <label>Sign
        <select value={app.sign.value} onChange={(event) => (app.sign.value = event.currentTarget.value as 'any')}>
          <option value="any">▲ and ▼</option>
          <option value="+">▲ fires more</option>
          <option value="-">▼ fires less</option>
        </select>
      </label>
      <label class="check"><input type="checkbox" checked={app.onlySignificant.value}
        onChange={(event) => (app.onlySignificant.value = event.currentTarget.checked)} /> significant</label>
      {app.report.hasHeldOut && (
        <label class="check"><input type="checkbox" checked={app.onlyReplicated.value}
          onChange={(event) => (app.onlyReplicated.value = event.currentTarget.checked)} /> replicated</label>
      )}
      {isJudged(units, 'effect') && (
        <label>Effect
          <select value={app.effect.value} onChange={(event) => (app.effect.value = event.currentTarget.value as EffectFilter)}>
            <option value="any">any</option>
            <option value="moderate">moderate or strong</option>
            <option value="strong">strong</option>
          </select>
        </label>
      )}
      {isJudged(units, 'specific') && (
        <label>Near miss
          <select value={app.specific.value} onChange={(event) => (app.specific.value = event.currentTarget.value as SpecificFilter)}>
            {kSpecificFilters.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        </label>
      )}
      <span class="count">{countText(n)} {n === 1 ? 'unit' : 'units'}</span>
      <button type="button" onClick={() =>
        saveFile('penfield-units.tsv', new Blob([tsvOf(app, app.rows.value)], { type: 'text/tab-separated-values' }))}>Save as TSV</button>
    </div>
  );
}

function Head({ app, column }: { app: App; column: TableColumn }) {
  const sorted = app.sort.value === column.name;
  const order = !sorted ? 'none' : app.descending.value ? 'descending' : 'ascending';
  return (
    <div role="columnheader" aria-sort={order} class={`${column.name} ${column.wide ? 'wide' : ''}`}>
      <button type="button" class="plain" title={column.title} onClick={() => {
        app.descending.value = sorted ? !app.descending.value : column.name !== 'unit';
        app.sort.value = column.name;
      }}>{column.head}<span aria-hidden="true">{!sorted ? '' : app.descending.value ? ' ↓' : ' ↑'}</span></button>
    </div>
  );
}

export function UnitTable({ app }: { app: App }) {
  const body = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const rows = app.rows.value;
  const columns = shownColumns(app);
  const narrow = columns.filter(({ wide }) => !wide);
  const counts = {
    '--columns': columns.length - 1, '--narrow-columns': narrow.length - 1,
    '--least-columns': narrow.filter(({ name }) => name !== 'replicated').length - 1,
  };
  const selected = app.selected.value;
  const at = selected === null ? -1 : rows.indexOf(selected);

  useEffect(() => {
    const element = body.current!;
    if (at < 0) return;
    const y = at * kRow;
    if (y < element.scrollTop || y + kRow > element.scrollTop + element.clientHeight) {
      element.scrollTop = Math.max(0, y - element.clientHeight / 2);
    }
  }, [at, rows]);

  const first = Math.max(0, Math.floor(top.value / kRow) - kMargin);
  const last = Math.min(rows.length, first + kRowsInSight + 2 * kMargin);
  const { units } = app.report;
  const onKeyDown = (event: KeyboardEvent) => {
    const page = kRowsInSight - 1;
    const steps: Record<string, number> = {
      ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length,
    };
    if (!(event.key in steps) || event.target !== body.current) return;
    event.preventDefault();
    app.step(steps[event.key]);
    const row = app.selected.value;
    if (row !== null) app.announcement.value = columns.map((c) => `${c.head} ${c.text(app, row)}`).join(', ');
  };
  return (
    <section class="table" aria-labelledby="table-title">
      <div class="section-head"><h2 id="table-title">The units as a table</h2><Filters app={app} /></div>
      <div class="grid-table" style={counts} role="grid" aria-rowcount={rows.length + 1} aria-colcount={columns.length} aria-labelledby="table-title">
        <div role="rowgroup" class="head"><div role="row" aria-rowindex={1}>{columns.map((column) => <Head key={column.name} app={app} column={column} />)}</div></div>
        <div ref={body} id="units-table" role="rowgroup" class="rows" tabIndex={0} aria-label="Units; arrow keys move from row to row"
          style={{ maxHeight: `${kRow * kRowsInSight}px` }} onKeyDown={onKeyDown}
          onScroll={(event) => (top.value = event.currentTarget.scrollTop)}>
          <div class="space" style={{ height: `${rows.length * kRow}px` }} role="presentation">
            {Array.from({ length: last - first }, (_, i) => {
              const row = rows[first + i];
              return (
                <div key={row} role="row" aria-rowindex={first + i + 2} aria-selected={row === selected} style={{ top: `${(first + i) * kRow}px` }}
                  onClick={() => app.select(row)} onPointerEnter={() => (app.hovered.value = row)} onPointerLeave={() => (app.hovered.value = null)}>
                  {columns.map((column) => (
                    <div key={column.name} role="gridcell" class={`${column.name} ${column.wide ? 'wide' : ''}`}>
                      {column.name === 'unit' && <><Sign direction={units.direction[row]} significant={units.significant[row] === 1} /> </>}
                      {column.text(app, row)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {rows.length === 0 && <p class="none">No unit passes these filters.</p>}
    </section>
  );
}
