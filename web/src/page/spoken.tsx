// A sentence with its numbers set strong and its units to be clicked.
import type { App } from '../state/app';
import type { Sentence } from '../words/sentence';

export function Spoken({ app, sentence }: { app: App; sentence: Sentence }) {
  return (
    <>
      {sentence.map((part, i) => {
        if (typeof part === 'string') return part;
        if ('strong' in part) return <strong key={i}>{part.strong}</strong>;
        return <UnitLink key={i} app={app} row={part.unit} />;
      })}
    </>
  );
}

export function UnitLink({ app, row }: { app: App; row: number }) {
  const sign = ['minus', 'none', 'plus'][app.report.units.direction[row] + 1];
  return (
    <button type="button" class={`unit-link ${sign}`} onClick={() => app.select(row)}
      onPointerEnter={() => (app.hovered.value = row)} onPointerLeave={() => (app.hovered.value = null)}>
      {app.report.units.name(row)}
    </button>
  );
}

export function Sign({ direction, significant }: { direction: number; significant: boolean }) {
  if (!significant || direction === 0) return <span class="sign rest" role="img" aria-label="not significant">●</span>;
  return direction > 0
    ? <span class="sign plus" role="img" aria-label="fires more on targets">▲</span>
    : <span class="sign minus" role="img" aria-label="fires less on targets">▼</span>;
}
