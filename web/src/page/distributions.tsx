// The two groups' activations as histograms: targets above the line, comparison tokens below it; before and after the
// activation function side by side, discovery above held-out text.
import type { Histogram as Counts } from '../data/distributions';
import { significantText } from '../words/numbers';

const kWidth = 172, kHalf = 30, kGap = 30;


function Histogram({ histogram, width }: { histogram: Counts; width: number }) {
  const { target, comparison, lo, hi, split, stage } = histogram;
  const nTarget = target.reduce((a, b) => a + b, 0), nComparison = comparison.reduce((a, b) => a + b, 0);
  // Shares of the group, so that groups of unequal size compare; one height for both.
  const most = Math.max(...target.map((n) => n / nTarget || 0), ...comparison.map((n) => n / nComparison || 0));
  const step = width / target.length;
  const zero = lo < 0 && hi > 0 ? (-lo / (hi - lo)) * width : null;
  const bars = (counts: number[], total: number, up: boolean) => counts.map((n, i) => {
    const height = total > 0 ? (n / total / most) * kHalf : 0;
    if (n === 0) return null;
    return <rect key={i} class={up ? 'target' : 'comparison'} x={i * step} width={Math.max(0.5, step - 0.6)} y={up ? kHalf - height : kHalf + 1} height={height} />;
  });
  const where = split === 'discovery' ? 'discovery' : 'held-out text';
  return (
    <svg viewBox={`0 0 ${width} ${2 * kHalf + kGap}`} role="img"
      aria-label={`Activations ${stage === 'post' ? 'after' : 'before'} the activation function, ${where}: ${nTarget} targets above, ${nComparison} comparison tokens below, from ${significantText(lo, 3)} to ${significantText(hi, 3)}`}>
      {bars(target, nTarget, true)}
      {bars(comparison, nComparison, false)}
      <line class="base" x1={0} x2={width} y1={kHalf + 0.5} y2={kHalf + 0.5} />
      {zero !== null && <line class="zero" x1={zero} x2={zero} y1={0} y2={2 * kHalf} />}
      <text class="tick" x={0} y={2 * kHalf + 13}>{significantText(lo, 2)}</text>
      {zero !== null && zero > 34 && zero < width - 34 && <text class="tick" x={zero} y={2 * kHalf + 13} text-anchor="middle">0</text>}
      <text class="tick" x={width} y={2 * kHalf + 13} text-anchor="end">{significantText(hi, 2)}</text>
      <text class="tick" x={width / 2} y={2 * kHalf + 26} text-anchor="middle">activation</text>
    </svg>
  );
}

// after: the name of the activation function.
export function Distributions({ histograms, after }: { histograms: Counts[]; after: string }) {
  const stages = (['pre', 'post'] as const).filter((stage) => histograms.some((one) => one.stage === stage));
  const splits = (['discovery', 'held_out'] as const).filter((split) => histograms.some((one) => one.split === split));
  return (
    <div class="distributions">
      <p class="key"><span class="swatch target" /> targets, above <span class="swatch comparison" /> comparison tokens, below; share of each group</p>
      <table>
        <thead>
          <tr><td />{stages.map((stage) => <th key={stage} scope="col">{stages.length === 1 ? '' : `${stage === 'pre' ? 'before' : 'after'} ${after}`}</th>)}</tr>
        </thead>
        <tbody>
          {splits.map((split) => (
            <tr key={split}>
              <th scope="row">{split === 'discovery' ? 'discovery' : 'held out'}</th>
              {stages.map((stage) => {
                const one = histograms.find((h) => h.stage === stage && h.split === split);
                return <td key={stage}>{one && <Histogram histogram={one} width={stages.length === 1 ? 2 * kWidth : kWidth} />}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
