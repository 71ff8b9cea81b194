// What the page can do besides when a server with the model stands behind it.
import { useEffect, useMemo } from 'preact/hooks';
import type { App } from '../state/app';
import { Server } from './api';
import { Compare } from './compare';
import { fetchSelected } from './fetch_unit';
import { LiveText } from './live_text';
import { OpenFolder } from './open_folder';

export function Explorer({ app }: { app: App }) {
  const { token, live } = app.report.spec.explorer!;
  const server = useMemo(() => new Server(token), [token]);
  useEffect(() => fetchSelected(app, server), [app, server]);
  return (
    <section class="explorer" aria-labelledby="explorer-title">
      <h2 id="explorer-title">Try it</h2>
      <div class="explorer-parts">
        {live ? <LiveText app={app} server={server} /> : <p class="note">Start “penfield serve” with a model (-m) to type a text here.</p>}
        <div>
          <Compare app={app} />
          <OpenFolder app={app} server={server} reload={() => location.reload()} />
        </div>
      </div>
    </section>
  );
}
