import { useEffect, useRef } from 'preact/hooks';
import type { App } from '../state/app';
import { kKeys } from './keyboard';

export function Help({ app }: { app: App }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = app.helpOpen.value;
  useEffect(() => {
    if (open && !dialog.current!.open) dialog.current!.showModal();
    if (!open && dialog.current!.open) dialog.current!.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (app.helpOpen.value = false)}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {kKeys.map(([key, what]) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>
        ))}
      </dl>
      <p>Drag in a figure to brush: the other figures and the table show the same units. Click a bar of the layers to look at that layer alone.</p>
      <button type="button" onClick={() => (app.helpOpen.value = false)}>Close</button>
    </dialog>
  );
}
