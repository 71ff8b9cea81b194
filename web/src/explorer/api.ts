// What the explorer asks of its server; specified in PAYLOAD.md. Answers are checked before they are believed.

export interface UnitAnswer {
  unit: string;
  row: Record<string, number | string | null>; // of units.tsv, exact
  values: number[] | null; // over the tokens of the payload's windows; null: no model is loaded
  tally?: string; // with values: what its strongest tokens are
}

export interface LiveAnswer {
  tokens: string[];
  token_ids: number[];
  labels: number[]; // 0 other, 1 target, 2 excluded
  values: Record<string, number[]>; // by unit
  responders?: { unit: string; token: number; z: number }[]; // the units that respond most, where they were asked for
  truncated: boolean; // the text was longer than the model's context
  milliseconds: number;
}

export interface FolderList {
  folder: string; // the one that is shown
  folders: string[]; // others beside it
}

export class ServerError extends Error {}

const kTimeout_ms = 30_000;

export class Server {
  private isLeaving = false; // another result is being opened, after which this token is refused and the page loads again

  constructor(private readonly token: string, private readonly send: typeof fetch = (...args) => fetch(...args)) {}

  async unit(name: string, signal?: AbortSignal): Promise<UnitAnswer> {
    const answer = (await this.ask(`units/${encodeURIComponent(name)}`, { signal })) as UnitAnswer;
    if (answer?.unit !== name || typeof answer.row !== 'object') throw new ServerError('the server’s answer about the unit is not in a known format');
    return answer;
  }

  async live(text: string, units: string[], signal?: AbortSignal, responders = 0): Promise<LiveAnswer> {
    const answer = (await this.post('live', { text, units, responders }, signal)) as LiveAnswer;
    const n = answer?.tokens?.length;
    const whole = n !== undefined && answer.labels?.length === n && units.every((unit) => answer.values?.[unit]?.length === n);
    if (!whole) throw new ServerError('the server’s answer about the text is not in a known format');
    return answer;
  }

  async folders(): Promise<FolderList> {
    const answer = (await this.ask('folders', {})) as FolderList;
    if (!Array.isArray(answer?.folders)) throw new ServerError('the server’s list of folders is not in a known format');
    return answer;
  }

  async open(folder: string): Promise<void> {
    this.isLeaving = true;
    try {
      await this.ask('open', this.postOf({ folder }));
    } catch (error) {
      this.isLeaving = false;
      throw error;
    }
  }

  private postOf(body: unknown, signal?: AbortSignal): RequestInit {
    return { method: 'POST', body: JSON.stringify(body), signal, headers: { 'content-type': 'application/json' } };
  }
  private post(path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.ask(path, this.postOf(body, signal));
  }

  private async ask(path: string, init: RequestInit): Promise<unknown> {
    if (this.isLeaving && path !== 'open') return new Promise(() => {}); // nobody is there to take the answer
    const timeout = AbortSignal.timeout(kTimeout_ms);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const headers = { ...init.headers, 'x-penfield-token': this.token };
    let response: Response;
    try {
      response = await this.send(`/api/v1/${path}`, { ...init, headers, signal, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ServerError('the server does not answer; is “penfield serve” still running?');
    }
    let answer: unknown;
    try {
      answer = await response.json();
    } catch {
      throw new ServerError(`the server answered ${response.status} without JSON`);
    }
    if (!response.ok) throw new ServerError((answer as { error?: string })?.error ?? `the server answered ${response.status}`);
    return answer;
  }
}
