// Keys that work anywhere on the page but in a field.
import type { App } from '../state/app';
import { nextTheme } from '../state/theme';

export const kKeys: [string, string][] = [
  ['/', 'search for a unit or a token'],
  ['j  k', 'next, previous unit of the table'],
  ['[  ]', 'previous, next layer; before the first and after the last: all layers'],
  ['t', 'light or dark'],
  ['?', 'this list'],
  ['Escape', 'close; then clear the search, the brush and the layer'],
  ['← → ↑ ↓', 'in a figure: from unit to unit; in the text: from token to token; in the table: from row to row'],
  ['Enter', 'select the unit under the cursor'],
  ['Shift + arrows', 'in a figure: grow a brush around the unit'],
];

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function escape(app: App): void {
  if (app.helpOpen.value) app.helpOpen.value = false;
  else if (app.query.value) app.query.value = '';
  else if (app.brush.value) app.brush.value = null;
  else if (app.group.value !== null) app.zoom(null);
}

export function listenToKeys(app: App): () => void {
  const listen = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape') return escape(app);
    if (isField(event.target) || app.helpOpen.value) return;
    const actions: Record<string, () => void> = {
      '/': () => document.getElementById('search')?.focus(),
      j: () => app.step(1),
      k: () => app.step(-1),
      '[': () => app.stepLayer(-1),
      ']': () => app.stepLayer(1),
      t: () => nextTheme(app),
      '?': () => (app.helpOpen.value = true),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
