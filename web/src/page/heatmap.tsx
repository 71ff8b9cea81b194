// The text, coloured by the selected unit. One tab stop; arrow keys walk from token to token and each value is said.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { activationWords } from '../data/activation';
import { detectorOf, detects, rates, type Detector } from '../data/detector';
import { scaleHeat, type HeatScale } from '../data/heat';
import type { ActivationName, SplitName } from '../payload/types';
import type { App } from '../state/app';
import { percentText, significantText } from '../words/numbers';
import { HeatText, shownPieces, type Piece } from './heat_text';
import { HeatLegend } from './heat_legend';
import { UnitLink } from './spoken';

function scales(activation: ActivationName | null): [HeatScale, string][] {
  const after: [HeatScale, string][] = activation ? [['activated', `after ${activationWords(activation)}`]] : [];
  return [['raw', 'raw'], ...after, ['standardised', 'standardised'], ['quantile', 'quantile']];
}
const kSplitWords: Record<SplitName, string> = { discovery: 'Discovery', held_out: 'Held-out text' };

export function pieceWords(piece: Piece, raw: number, scale: HeatScale, shown: number): string {
  const value = significantText(raw, 4);
  const other = scale === 'raw' ? '' : `, ${scale === 'activated' ? 'after the activation function' : scale} ${significantText(shown, 3)}`;
  const roles = [piece.isTarget && 'target', piece.isFalsePositive && 'false positive', piece.isMissed && 'missed'];
  return [`${piece.label}: ${value}${other}`, ...roles.filter(Boolean)].join(', ');
}

function Detection({ app, row, detector }: { app: App; row: number; detector: Detector }) {
  const { heat, hasHeldOut } = app.report;
  const values = heat!.of(row)!;
  const lines = (['discovery', 'held_out'] as const).filter((split) => split === 'discovery' || hasHeldOut).map((split) => {
    const found = rates(heat!.tokens, values, detector, split);
    return `${kSplitWords[split]}: precision ${percentText(found.precision)}, recall ${percentText(found.recall)} (${found.falsePositive} false positives, ${found.missed} missed)`;
  });
  return (
    <p class="detection">
      A token is called a target where the activation is {detector.direction > 0 ? 'at least' : 'at most'} {significantText(detector.threshold, 3)}, where
      Youden’s J is largest on the discovery {detector.isOfTextShown ? 'text shown here' : 'sample'}. Over the text shown here, at natural prevalence: {lines.join('. ')}.
    </p>
  );
}

// Pieces that the threshold does not call stay without colour.
function paled(pieces: Piece[], only: Detector | null): Piece[] {
  return only ? pieces.map((piece) => ({ ...piece, isPale: !detects(only, piece.raw) })) : pieces;
}

function NoHeatmap({ app, row }: { app: App; row: number }) {
  const rows = app.report.heat?.rows ?? [];
  const asked = app.asked.value.get(row);
  if (asked?.state === 'fetching') return <p class="none">Fetching {app.report.units.name(row)} from the server …</p>;
  if (asked) return <p class="problem">{app.report.units.name(row)}: {asked.words}</p>;
  return (
    <p class="none">
      This file has no activations of {app.report.units.name(row)}, so it cannot show its coloured text, histograms or examples.
      “penfield serve” shows them for every unit.{' '}
      {rows.length > 0 && <>Shown here: {rows.slice(0, 12).map((one, i) => <span key={one}>{i > 0 && ', '}<UnitLink app={app} row={one} /></span>)}{rows.length > 12 && ` and ${rows.length - 12} more`}.</>}
    </p>
  );
}

export function Heatmap({ app }: { app: App }) {
  const row = app.selected.value;
  if (!app.report.heat || row === null) return null;
  return (
    <section class="heatmap" aria-labelledby="heat-title">
      <div class="section-head">
        <h2 id="heat-title">The text as {app.report.units.name(row)} sees it</h2>
        <fieldset class="segments">
          <legend class="unseen">Scale of the colours</legend>
          {scales(app.report.activation).map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="heat-scale" checked={app.scale.value === value} onChange={() => (app.scale.value = value)} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        <label class="check">
          <input type="checkbox" checked={app.errors.value} onChange={(event) => (app.errors.value = event.currentTarget.checked)} />
          false positives and misses
        </label>
        <label class="check">
          <input type="checkbox" checked={app.onlyCalled.value} onChange={(event) => (app.onlyCalled.value = event.currentTarget.checked)} />
          only {app.report.units.direction[row] < 0 ? 'below' : 'above'} the threshold
        </label>
      </div>
      <HeatBody app={app} row={row} key={row} />
    </section>
  );
}

function HeatBody({ app, row }: { app: App; row: number }) {
  const data = app.report.heat!;
  const version = app.heatVersion.value;
  const values = data.of(row);
  const scale = app.scale.value;
  const scaled = useMemo(() => (values ? scaleHeat(data.tokens, values, scale, app.report.activation) : null), [values, scale, version]);
  const detector = useMemo(() => detectorOf(app.report, row), [app, row, values, version]);
  const shownDetector = app.errors.value ? detector : null;
  const only = app.onlyCalled.value ? detector : null;
  const windows = useMemo(
    () => (values && scaled ? data.windows.map((_, w) => paled(shownPieces(data, w, values.values, scaled, shownDetector), only)) : []),
    [values, scaled, shownDetector, only],
  );
  const [pointed, setPointed] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  useEffect(() => setPointed(''), [row, scale]);
  if (!values || !scaled) return <NoHeatmap app={app} row={row} />;
  const say = (piece: Piece | null, aloud: boolean) => {
    const words = piece ? pieceWords(piece, piece.raw, scale, piece.shown) : '';
    setPointed(words);
    if (aloud && words) app.announcement.value = words;
  };
  return (
    <>
      <div class="heat-bar">
        <HeatLegend limit={scaled.limit} nBeyond={scaled.nBeyond} scale={scale} errors={app.errors.value} note="The same colours on both texts" />
        <p ref={status} class="pointed">{pointed || ' '}</p>
      </div>
      {shownDetector && <Detection app={app} row={row} detector={shownDetector} />}
      <div class="sheets">
        {(['discovery', 'held_out'] as const).map((split) => {
          const shown = data.windows.map(({ spec }, w) => ({ spec, w })).filter(({ spec }) => spec.split === split);
          if (shown.length === 0) return null;
          return (
            <div class="sheet" key={split}>
              <h3>{kSplitWords[split]}</h3>
              {shown.map(({ spec, w }) => (
                <HeatText key={w} pieces={windows[w]} limit={scaled.limit} onPoint={say}
                  label={`${kSplitWords[split]}, window ${spec.window + 1}, document ${spec.document + 1}: arrow keys walk through the tokens`} />
              ))}
            </div>
          );
        })}
      </div>
    </>
  );
}
