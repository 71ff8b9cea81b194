// What was asked and found, in sentences; the facts of the run beside them.
import { useMemo } from 'preact/hooks';
import type { App } from '../state/app';
import { visible } from '../words/visible';
import { tellRun } from '../words/story';
import { Spoken } from './spoken';

export function Summary({ app }: { app: App }) {
  const story = useMemo(() => tellRun(app.report), [app]);
  const types = app.report.run.top_target_types ?? [];
  document.title = `${story.title} · Penfield`;
  return (
    <section class="summary" aria-labelledby="title">
      <div class="told">
        <p class="kicker">{story.title}</p>
        <h1 id="title">{story.question}</h1>
        <div class="found">
          {story.found.map((sentence, i) => <p key={i}><Spoken app={app} sentence={sentence} /></p>)}
        </div>
        {story.controls.length > 0 && (
          <ul class="controls" aria-label="Controls">
            {story.controls.map((sentence, i) => <li key={i}>{sentence}</li>)}
          </ul>
        )}
        {story.warnings.length > 0 && (
          <aside class="warnings" aria-label="Warnings">
            <h2>Before you rely on it</h2>
            <ul>{story.warnings.map((warning, i) => <li key={i}>{warning}</li>)}</ul>
          </aside>
        )}
      </div>
      <dl class="facts">
        {story.facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        {types.length > 0 && (
          <div>
            <dt>Targets</dt>
            <dd class="types">
              {types.slice(0, 12).map(({ token, n_target }, i) => (
                <span key={i}><bdi>{visible(token)}</bdi> <small>{n_target}</small></span>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
