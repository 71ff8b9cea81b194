// The words beside the mark under the pointer. Only the view that holds the pointer or the focus shows it.
import { useRef } from 'preact/hooks';
import type { Picker } from '../plots/picking';
import type { Units } from '../data/units';
import { hasNearMiss, isJudged, kEffectWords, verdictOf } from '../data/verdict';
import type { Scene } from '../plots/scene';
import type { App } from '../state/app';
import { knownDigits } from '../words/speaker';
import { fixedText, signedText } from '../words/numbers';

const kWidth = 190;

export function unitNumbers(app: App, row: number): [string, string][] {
  const { units } = app.report;
  const shown = (name: string, decimals: number, signed = false) =>
    knownDigits(app.report, name, row) ?? (signed ? signedText : fixedText)(units.value(name, row), decimals);
  const out: [string, string][] = [
    ['−log₁₀ p', shown('neglog10_p', 3)],
    ['β per SD', shown('beta_sd', 3, true)],
    ['AUC', shown('auc', 3)],
  ];
  if (app.report.hasHeldOut && units.has('held_out_auc')) out.push(['AUC held out', shown('held_out_auc', 3)]);
  if (hasNearMiss(units)) {
    for (const [head, name] of [['AUC matched', 'auc_matched'], ['AUC near miss', 'auc_near_miss']] as const) {
      if (!Number.isNaN(units.value(name, row))) out.push([head, shown(name, 3)]);
    }
  }
  return out;
}

// ", strong, specific"; nothing where the run did not judge it.
function judged(units: Units, row: number): string {
  if (!isJudged(units, 'effect')) return '';
  const what = verdictOf(units, row);
  if (what === 'none') return '';
  return `, ${kEffectWords[units.value('effect', row)]}${isJudged(units, 'specific') ? `, ${what}` : ''}`;
}

export function verdict(app: App, row: number): string {
  const { units, words } = app.report;
  const isSeparated = app.report.isSeparated(row);
  if (units.status[row] !== 0 && !isSeparated) return words.statuses[units.status[row]]?.label ?? '?';
  if (!units.significant[row]) return 'not significant';
  const separated = isSeparated ? ', separated' : '';
  if (!app.report.hasHeldOut) return `significant${separated}`;
  return (units.replicated[row] ? 'significant, replicated' : 'significant, not replicated') + separated + judged(units, row);
}

export function FigureTip({ app, scene, picker }: { app: App; scene: Scene; picker: Picker }) {
  const anchor = useRef<HTMLSpanElement>(null);
  const row = app.hovered.value;
  const mark = row === null ? -1 : picker.markOf(row);
  const host = anchor.current?.parentElement;
  const active = host && (host.matches(':hover') || host === document.activeElement);
  if (row === null || mark < 0 || !active) return <span ref={anchor} />;
  const x = scene.marks.x[mark], y = scene.marks.y[mark];
  const left = x + 14 + kWidth > scene.width ? Math.max(0, x - 14 - kWidth) : x + 14;
  const below = y < 96;
  const style = { left: `${left}px`, width: `${kWidth}px`, ...(below ? { top: `${y + 12}px` } : { bottom: `${host!.clientHeight - y + 12}px` }) };
  return (
    <>
      <span ref={anchor} />
      <div class="tip" style={style} aria-hidden="true">
        <strong>{app.report.units.name(row)}</strong>
        <dl>{unitNumbers(app, row).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
        <p>{verdict(app, row)}</p>
      </div>
    </>
  );
}
