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
  const open = (folder: string) => server.open(folder).then(reload, say);
  return (
    <div class="open-folder">
      <p>Shown: <code>{visible(app.report.spec.explorer!.folder)}</code></p>
      {list && list.folders.length > 0 && (
        <label>Open
          <select value="" onChange={(event) => event.currentTarget.value && void open(event.currentTarget.value)}>
            <option value="">another result folder …</option>
            {list.folders.map((folder) => <option key={folder} value={folder}>{visible(folder)}</option>)}
          </select>
        </label>
      )}
      {problem && <p class="problem" role="alert">{problem}</p>}
    </div>
  );
}
