// Which units respond most to the typed text. All layers are needed for it, so it waits until the typing pauses.
import { useEffect, useState } from 'preact/hooks';
import { UnitLink } from '../page/spoken';
import type { App } from '../state/app';
import { signedText } from '../words/numbers';
import { visible } from '../words/visible';
import type { LiveAnswer, Server } from './api';

const kWait_ms = 500, kResponders = 8;

export function Responders({ app, server, text, unit }: { app: App; server: Server; text: string; unit: string }) {
  const [answer, setAnswer] = useState<LiveAnswer | null>(null);
  useEffect(() => {
    setAnswer(null);
    if (text.trim() === '') return;
    const now = new AbortController();
    const timer = setTimeout(() => {
      // What goes wrong is said beside the text itself, by the request for its colours.
      server.live(text, [unit], now.signal, kResponders).then(setAnswer, () => {});
    }, kWait_ms);
    return () => {
      clearTimeout(timer);
      now.abort();
    };
  }, [text]);
  const found = (answer?.responders ?? [])
    .map((one) => ({ ...one, row: app.report.units.rowOf(one.unit) }))
    .filter((one): one is typeof one & { row: number } => one.row !== null);
  if (found.length === 0) return null;
  return (
    <div class="responders">
      <h3>Units that respond most to this text</h3>
      <ul>
        {found.map(({ row, token, z }) => (
          <li key={row}><UnitLink app={app} row={row} /> {signedText(z, 1)} SD at <bdi>{visible(answer!.tokens[token] ?? '').replace(/^·(?=[^·])/, '')}</bdi></li>
        ))}
      </ul>
    </div>
  );
}
