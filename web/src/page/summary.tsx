// What was asked and found, in the program's sentences; the facts of the run beside them.
import type { App } from '../state/app';
import { visible } from '../words/visible';
import { Spoken } from './spoken';

// A command at the end stands apart, to be copied.
function Warning({ text }: { text: string }) {
  const at = text.indexOf('penfield scan ');
  return at < 0 ? <>{text}</> : <>{text.slice(0, at)}<code>{text.slice(at)}</code></>;
}

export function Summary({ app }: { app: App }) {
  const { title, question, found, controls, facts, target_words: words } = app.report.spec.story;
  const warnings = app.report.run.warnings;
  document.title = `${visible(title)} · Penfield`;
  return (
    <section class="summary" aria-labelledby="title">
      <div class="told">
        <p class="kicker">{visible(title)}</p>
        <h1 id="title">{visible(question)}</h1>
        <div class="found">
          {found.map((sentence, i) => <p key={i}><Spoken app={app} sentence={sentence} /></p>)}
        </div>
        {warnings.length > 0 && (
          <aside class="warnings" aria-label="Warnings">
            <h2>Before you rely on it</h2>
            <ul>{warnings.map((warning, i) => <li key={i}><Warning text={visible(warning)} /></li>)}</ul>
          </aside>
        )}
      </div>
      <div class="beside">
        <dl class="facts">
          {facts.map(([name, value]) => <div key={name}><dt>{visible(name)}</dt><dd>{visible(value)}</dd></div>)}
          {words.length > 0 && (
            <div>
              <dt>Examples</dt>
              <dd class="types">
                {words.map(([word, n], i) => <span key={i}><bdi>{visible(word)}</bdi> <small>{n}</small></span>)}
              </dd>
            </div>
          )}
        </dl>
        {controls.length > 0 && (
          <ul class="controls" aria-label="Controls">
            {controls.map((sentence, i) => <li key={i}>{visible(sentence)}</li>)}
          </ul>
        )}
      </div>
    </section>
  );
}
