// AUC with its interval, discovery above held-out text, on one axis from 0 to 1.
import type { App } from '../state/app';
import { knownDigits } from '../words/speaker';
import { fixedText } from '../words/numbers';

const kLeft = 66, kRight = 46, kWidth = 360, kRow = 22;

export function AucStrip({ app, row }: { app: App; row: number }) {
  const { units } = app.report;
  if (Number.isNaN(units.value('auc', row))) return null;
  const x = (auc: number) => kLeft + auc * (kWidth - kLeft - kRight);
  const lines = ([['', 'discovery'], ['held_out_', 'held out']] as const)
    .map(([prefix, label]) => ({
      label, prefix,
      auc: units.value(`${prefix}auc`, row), lo: units.value(`${prefix}auc_lo`, row), hi: units.value(`${prefix}auc_hi`, row),
    }))
    .filter(({ auc }) => !Number.isNaN(auc));
  const bottom = 8 + kRow * lines.length;
  const said = lines.map(({ label, auc }) => `${label} ${fixedText(auc, 3)}`).join(', ');
  return (
    <svg class={`auc ${units.direction[row] < 0 ? 'minus' : 'plus'}`} viewBox={`0 0 ${kWidth} ${bottom + 18}`} role="img" aria-label={`AUC: ${said}`}>
      {[0, 0.25, 0.5, 0.75, 1].map((at) => (
        <g key={at}>
          <line class={at === 0.5 ? 'half' : 'grid'} x1={x(at)} x2={x(at)} y1={4} y2={bottom} />
          <text class="tick" x={x(at)} y={bottom + 13} text-anchor="middle">{at}</text>
        </g>
      ))}
      {lines.map(({ label, prefix, auc, lo, hi }, i) => {
        const y = 4 + kRow * (i + 0.5);
        return (
          <g key={label}>
            <text class="name" x={0} y={y + 4}>{label}</text>
            {!Number.isNaN(lo) && <line class="interval" x1={x(lo)} x2={x(hi)} y1={y} y2={y} />}
            <circle class={prefix === '' ? 'point' : 'point open'} cx={x(auc)} cy={y} r={4.5} />
            <text class="value" x={kWidth} y={y + 4} text-anchor="end">{knownDigits(app.report, `${prefix}auc`, row) ?? fixedText(auc, 3)}</text>
          </g>
        );
      })}
      <text class="tick" x={0} y={bottom + 13}>AUC</text>
    </svg>
  );
}
