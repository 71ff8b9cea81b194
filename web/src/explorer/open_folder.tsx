// Another result folder: the server opens it, the page begins again.
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../state/app';
import { visible } from '../words/visible';
import { type FolderList, type Server, ServerError } from './api';

export function OpenFolder({ app, server, reload }: { app: App; server: Server; reload: () => void }) {
  const [list, setList] = useState<FolderList | null>(null);
  const [problem, setProblem] = useState('');
  const say = (error: unknown) => setProblem(error instanceof ServerError ? error.message : 'the folder cannot be opened');
  useEffect(() => void server.folders().then(setList, say), [server]);
  const [chosen, setChosen] = useState('');
  const open = (event: Event) => {
    event.preventDefault();
    if (chosen) void server.open(chosen).then(reload, say);
  };
  return (
    <div class="open-folder">
      <p>Shown: <code>{visible(app.report.spec.explorer!.folder)}</code></p>
      {list && list.folders.length > 0 && (
        <form onSubmit={open}>
          <label>Another result
            <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
              <option value="">choose a folder …</option>
              {list.folders.map((folder) => <option key={folder} value={folder}>{visible(folder)}</option>)}
            </select>
          </label>
          <button type="submit">Open</button>
        </form>
      )}
      {problem && <p class="problem" role="alert">{problem}</p>}
    </div>
  );
}
