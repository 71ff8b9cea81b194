// A text typed or pasted, and how one or two units respond to it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { HeatData, scaleHeat, scaleLike } from '../data/heat';
import { HeatLegend } from '../page/heat_legend';
import { HeatText, shownPieces, type Piece } from '../page/heat_text';
import { pieceWords } from '../page/heatmap';
import type { App } from '../state/app';
import { significantText } from '../words/numbers';
import { Responders } from './responders';
import { type LiveAnswer, type Server, ServerError } from './api';

const kWait_ms = 120;
const kMostCharacters = 20_000;
export const kFirstText = 'In 1928 Wilder Penfield founded the Montreal Neurological Institute with a grant from the Rockefeller Foundation.';

interface Result {
  data: HeatData;
  answer: LiveAnswer;
}

export function liveResult(answer: LiveAnswer): Result {
  const targets = answer.labels.flatMap((label, t) => (label === 1 ? [t] : []));
  const window = { split: 'discovery' as const, window: 0, document: 0, tokens: answer.tokens, targets, token_ids: answer.token_ids };
  return { data: new HeatData([window]), answer };
}

// Colours mean what they mean on the scan's text, so that the two can be compared; where the unit has no heatmap, they are
// of the raw values of the live text alone.
function scaledLive(app: App, row: number, data: HeatData, values: Float64Array) {
  const heat = app.report.heat, own = heat?.of(row), asked = app.scale.value;
  if (!heat || !own) {
    const scaled = { ...scaleHeat(data.tokens, { values, mean: 0, sd: 1 }, 'raw'), scale: 'raw' as const };
    return { scaled, note: 'Raw values, coloured by this text alone' };
  }
  const note = asked === 'quantile'
    ? 'Standardised by the text of the scan, because quantiles of one text do not apply to another'
    : 'The same colours as on the text of the scan';
  return { scaled: scaleLike(heat.tokens, own, values, asked, app.report.activation), note };
}

function Response({ app, row, result, onPoint }: { app: App; row: number; result: Result; onPoint: (words: string, aloud: boolean) => void }) {
  const name = app.report.units.name(row);
  const values = Float64Array.from(result.answer.values[name] ?? []);
  if (values.length !== result.data.tokens.length) return null;
  app.heatVersion.value;
  const { scaled, note } = scaledLive(app, row, result.data, values);
  const { limit, scale } = scaled;
  const pieces = shownPieces(result.data, 0, values, scaled, null);
  return (
    <div class="sheet">
      <h3>{name}</h3>
      <HeatLegend limit={limit} nBeyond={scaled.nBeyond} scale={scale} errors={false} note={note} />
      <HeatText pieces={pieces} limit={limit} whole label={`${name} on your text: arrow keys walk through the tokens`}
        onPoint={(piece: Piece | null, aloud) => onPoint(piece ? pieceWords(piece, piece.raw, scale, piece.shown) : '', aloud)} />
    </div>
  );
}

export function LiveText({ app, server }: { app: App; server: Server }) {
  const [text, setText] = useState(kFirstText);
  const [result, setResult] = useState<Result | null>(null);
  const [problem, setProblem] = useState('');
  const [pointed, setPointed] = useState('');
  const asked = useRef<AbortController | null>(null);
  const row = app.selected.value, other = app.compared.value;
  const shown = [row, other].filter((one): one is number => one !== null);

  useEffect(() => {
    asked.current?.abort();
    if (text.trim() === '' || shown.length === 0) {
      setResult(null);
      setProblem('');
      return;
    }
    const now = new AbortController();
    asked.current = now;
    const timer = setTimeout(() => {
      server.live(text, shown.map((one) => app.report.units.name(one)), now.signal).then(
        (answer) => {
          setResult(liveResult(answer));
          setProblem(answer.truncated ? 'The text is longer than the model’s context; its end is left out.' : '');
        },
        (error: unknown) => error instanceof ServerError && setProblem(error.message),
      );
    }, kWait_ms);
    return () => clearTimeout(timer);
  }, [text, row, other]);

  return (
    <div class="live">
      <label for="live-text">Your text</label>
      <textarea id="live-text" rows={2} maxLength={kMostCharacters} spellcheck={false} value={text}
        onInput={(event) => setText(event.currentTarget.value)} />
      {problem && <p class="problem" role="alert">{problem}</p>}
      {result && (
        <>
          <p class="pointed">{pointed || `${result.answer.tokens.length} tokens, ${significantText(result.answer.milliseconds, 2)} ms`}</p>
          {shown.map((one) => (
            <Response key={one} app={app} row={one} result={result} onPoint={(words, aloud) => {
              setPointed(words);
              if (aloud && words) app.announcement.value = words;
            }} />
          ))}
          <Responders app={app} server={server} text={text} unit={app.report.units.name(shown[0])} />
        </>
      )}
    </div>
  );
}
