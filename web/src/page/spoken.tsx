// A sentence with its numbers set strong and its units to be clicked.
import type { App } from '../state/app';
import type { SentencePart } from '../payload/types';
import { visible } from '../words/visible';

export function Spoken({ app, sentence }: { app: App; sentence: SentencePart[] }) {
  return (
    <>
      {sentence.map((part, i) => {
        if (typeof part === 'string') return visible(part);
        if ('strong' in part) return <strong key={i}>{visible(part.strong)}</strong>;
        if ('sign' in part) return <Sign key={i} direction={part.sign} significant />;
        const row = app.report.units.rowOf(part.unit);
        return row === null ? visible(part.unit) : <UnitLink key={i} app={app} row={row} />;
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

// ▲ or ▼; ● where the unit is not significant.
export function Sign({ direction, significant }: { direction: number; significant: boolean }) {
  if (!significant || direction === 0) return <span class="sign rest" role="img" aria-label="not significant">●</span>;
  return direction > 0
    ? <span class="sign plus" role="img" aria-label="fires more on targets">▲</span>
    : <span class="sign minus" role="img" aria-label="fires less on targets">▼</span>;
}
