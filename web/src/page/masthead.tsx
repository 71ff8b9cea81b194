// The line at the top: name, search, layer, colours, help.
import { useState } from 'preact/hooks';
import type { App } from '../state/app';
import { isDark, nextTheme } from '../state/theme';

function Search({ app }: { app: App }) {
  const found = app.found.value;
  const [answered, setAnswered] = useState(false); // by Enter: the result would cover the card
  const submit = (event: Event) => {
    event.preventDefault();
    const now = app.found.value;
    if (now?.kind === 'unit') app.select(now.row);
    if (now?.kind === 'token') app.select(now.rows[0]);
    if (now?.kind === 'none') app.announcement.value = now.sentence;
    setAnswered(now !== null && now.kind !== 'none');
  };
  const example = app.best === null ? 'L0.0' : app.report.units.name(app.best);
  return (
    <form class="search" role="search" onSubmit={submit}>
      <label class="unseen" for="search">Search a unit or a token</label>
      <input id="search" type="search" autocomplete="off" spellcheck={false} placeholder={`${example}, or a token of the text`}
        value={app.query.value} maxLength={200} aria-describedby="search-result"
        onInput={(event) => {
          setAnswered(false);
          app.query.value = event.currentTarget.value;
        }} />
      <kbd aria-hidden="true">/</kbd>
      <p id="search-result" class={found && !answered ? 'result' : 'unseen'} aria-live="polite">
        {found && (found.kind === 'unit' ? `Enter selects ${app.report.units.name(found.row)}.` : found.sentence)}
      </p>
    </form>
  );
}

export function LayerSelect({ app }: { app: App }) {
  const { groups } = app.report.units;
  return (
    <span class="layer-select">
      <label for="layer">Layer</label>
      <select id="layer" value={app.group.value === null ? 'all' : String(app.group.value)}
        onChange={(event) => app.zoom(event.currentTarget.value === 'all' ? null : Number(event.currentTarget.value))}>
        <option value="all">all {groups.length}</option>
        {groups.map((group, g) => <option key={g} value={String(g)}>{group.label}</option>)}
      </select>
    </span>
  );
}

export function Masthead({ app }: { app: App }) {
  const dark = isDark(app.theme.value);
  return (
    <header class="masthead">
      <p class="wordmark">Penfield</p>
      <Search app={app} />
      <div class="tools">
        <button type="button" onClick={() => nextTheme(app)} title="light or dark (t)"
          aria-label={dark ? 'Light colours' : 'Dark colours'}>{dark ? '☀' : '☾'}</button>
        <button type="button" onClick={() => (app.helpOpen.value = true)} title="keys (?)" aria-label="Keys">?</button>
      </div>
    </header>
  );
}
