// What a page costs: time of its thread, memory, and how long an answer to the pointer takes.
import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  tdur?: number; // µs of CPU
}

// How long a page's own thread works, which the load of the machine does not change: CPU time of its tasks, from Chromium's
// trace. On an idle machine it is the time that passes.
export async function secondsOfWork(page: Page, act: () => Promise<void>): Promise<number> {
  const client: CDPSession = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await client.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'] }, transferMode: 'ReportEvents' });
  await act();
  const complete = new Promise((done) => client.once('Tracing.tracingComplete', done));
  await client.send('Tracing.end');
  await complete;
  const parser = events.find(({ name }) => name === 'ParseHTML');
  if (!parser) throw new Error('the trace shows no page being parsed');
  const tasks = events.filter(({ name, ph, pid, tid }) =>
    ph === 'X' && pid === parser.pid && tid === parser.tid && name === 'ThreadControllerImpl::RunTask');
  return tasks.reduce((sum, { tdur }) => sum + (tdur ?? 0), 0) / 1e6;
}

// What lives after a collection: script, document, and buffers of typed arrays.
export async function heapBytes(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const heap = (await client.send('Runtime.getHeapUsage')) as unknown as Record<string, number>;
  return heap.usedSize + (heap.embedderHeapUsedSize ?? 0) + (heap.backingStorageSize ?? 0);
}

// Milliseconds from a move of the pointer over the Manhattan figure to the next frame, sorted. The first two build the index.
export function hoverMilliseconds(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const over = document.querySelector<HTMLCanvasElement>('figure.manhattan canvas + canvas')!;
    const box = over.getBoundingClientRect();
    const out: number[] = [];
    for (let i = 0; i < 24; ++i) {
      const clientX = box.left + box.width * (0.2 + 0.025 * i), clientY = box.bottom - 60;
      const start = performance.now();
      over.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
      await Promise.resolve();
      await new Promise((done) => requestAnimationFrame(done));
      out.push(performance.now() - start);
      await new Promise((done) => setTimeout(done, 20));
    }
    return out.slice(2).sort((a, b) => a - b);
  });
}
