// How long a page's own thread works, which the load of the machine that tests does not change: CPU time of its tasks, from
// Chromium's trace. On an idle machine it is the time that passes.
import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  tdur?: number; // µs of CPU
}

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
