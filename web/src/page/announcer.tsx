// What has changed, said to those who do not see it. The text is set a moment after the change, so that a key held down is
// announced once, at its end.
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../state/app';

const kWait_ms = 180;

export function Announcer({ app }: { app: App }) {
  const [text, setText] = useState('');
  const wanted = app.announcement.value;
  useEffect(() => {
    const timer = setTimeout(() => setText(wanted), kWait_ms);
    return () => clearTimeout(timer);
  }, [wanted]);
  return <div class="unseen" role="status" aria-live="polite">{text}</div>;
}
