// Opens the payload and shows it; says in one line why where that cannot be.
import { render } from 'preact';
import './style/fonts.css';
import './style/base.css';
import './style/page.css';
import './style/unit.css';
import './style/heat.css';
import './style/table.css';
import './style/print.css';
import { openReport } from './data/report';
import { Page } from './page/page';
import { PayloadError } from './payload/blocks';
import { readPayload } from './payload/read';
import { App } from './state/app';
import { followTheme } from './state/theme';

function say(host: HTMLElement, heading: string, text: string): void {
  render(<main class="nothing"><h1>{heading}</h1><p>{text}</p></main>, host);
}

async function main(): Promise<void> {
  const host = document.getElementById('page')!;
  host.textContent = '';
  try {
    const payload = readPayload(document);
    if (!payload) {
      say(host, 'Penfield', 'This page holds no results. Make one that does with “penfield report DIR”.');
      return;
    }
    const report = await openReport(payload);
    const app = new App(report);
    followTheme(app);
    app.linkToAddress();
    await document.fonts.ready;
    render(<Page app={app} />, host);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    say(host, 'This report cannot be opened', `Reading it failed: ${error.message}. Make it again with “penfield report DIR”.`);
  }
}

void main();
