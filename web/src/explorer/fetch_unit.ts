// Any unit in full: what the payload does not hold of the selected unit is asked of the server.
import { effect } from '@preact/signals';
import type { App } from '../state/app';
import { Server, ServerError } from './api';

const kNames = new Set(['site', 'layer', 'index', 'status', 'direction']); // known from the payload

export function takeUnit(app: App, row: number, answer: Awaited<ReturnType<Server['unit']>>): void {
  const { units, heat } = app.report;
  const columns = Object.entries(answer.row)
    .filter(([name, value]) => !kNames.has(name) && (value === null || typeof value === 'number'))
    .map(([name, value]) => [name, { name, values: Float64Array.of((value as number | null) ?? NaN) }] as const);
  units.addExact([row], new Map(columns));
  if (heat && answer.values?.length === heat.tokens.length) heat.add(row, Float64Array.from(answer.values));
  app.heatVersion.value = app.heatVersion.peek() + 1;
}

export function fetchSelected(app: App, server: Server): () => void {
  let asked: AbortController | null = null;
  return effect(() => {
    const row = app.selected.value;
    asked?.abort();
    if (row === null || (app.report.units.isExact(row) && app.report.heat?.of(row))) return;
    asked = new AbortController();
    server.unit(app.report.units.name(row), asked.signal)
      .then((answer) => takeUnit(app, row, answer))
      .catch((error: unknown) => {
        if (error instanceof ServerError) app.announcement.value = error.message;
      });
  });
}
