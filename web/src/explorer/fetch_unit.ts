// Any unit in full: what the payload does not hold of the selected unit is asked of the server.
import { effect } from '@preact/signals';
import type { App, Asked } from '../state/app';
import { Server, ServerError } from './api';

const kNames = new Set(['layer', 'neuron']); // numbers that are known from the payload

export function takeUnit(app: App, row: number, answer: Awaited<ReturnType<Server['unit']>>): void {
  const { units, heat } = app.report;
  const columns = Object.entries(answer.row)
    .filter(([name, value]) => !kNames.has(name) && (value === null || typeof value === 'number'))
    .map(([name, value]) => [name, { name, values: Float64Array.of((value as number | null) ?? NaN) }] as const);
  units.addExact([row], new Map(columns));
  if (heat && answer.values?.length === heat.tokens.length) heat.add(row, Float64Array.from(answer.values), answer.tally);
  app.heatVersion.value = app.heatVersion.peek() + 1;
}

// The selected unit and the one beside it.
export function fetchSelected(app: App, server: Server): () => void {
  const open = new Map<number, AbortController>();
  const set = (row: number, asked: Asked | null) => {
    const all = new Map(app.asked.peek());
    if (asked) all.set(row, asked);
    else all.delete(row);
    app.asked.value = all;
  };
  const ask = (row: number) => {
    const now = new AbortController();
    open.set(row, now);
    set(row, { state: 'fetching', words: '' });
    server.unit(app.report.units.name(row), now.signal)
      .then((answer) => {
        takeUnit(app, row, answer);
        set(row, null);
      })
      .catch((error: unknown) => {
        if (now.signal.aborted) return;
        const words = error instanceof ServerError ? error.message : 'the answer about the unit cannot be read';
        set(row, { state: 'problem', words });
        app.announcement.value = words;
      })
      .finally(() => open.get(row) === now && open.delete(row));
  };
  const stop = effect(() => {
    const wanted = [app.selected.value, app.compared.value].filter((row): row is number => row !== null);
    for (const [row, controller] of open) {
      if (wanted.includes(row)) continue;
      controller.abort();
      open.delete(row);
      set(row, null);
    }
    for (const row of new Set(wanted)) {
      const isWhole = app.report.units.isExact(row) && (!app.report.heat || app.report.heat.of(row));
      if (!isWhole && !open.has(row)) ask(row);
    }
  });
  return () => {
    stop();
    for (const controller of open.values()) controller.abort();
  };
}
