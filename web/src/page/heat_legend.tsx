// What the colours and the marks of the text mean.
import { kHeatSteps, type HeatScale } from '../data/heat';
import { significantText } from '../words/numbers';

const kEnds: Record<HeatScale, (limit: number) => [string, string, string]> = {
  raw: (limit) => [significantText(-limit, 2), '0', `+${significantText(limit, 2)}`],
  activated: (limit) => [significantText(-limit, 2), '0', `+${significantText(limit, 2)}`],
  standardised: (limit) => [`${significantText(-limit, 2)} SD`, 'mean', `+${significantText(limit, 2)} SD`],
  quantile: () => ['lowest', 'median', 'highest'],
};

interface Props {
  limit: number;
  nBeyond: number;
  scale: HeatScale;
  errors: boolean;
  note: string;
}

export function HeatLegend({ limit, nBeyond, scale, errors, note }: Props) {
  const [lo, middle, hi] = kEnds[scale](limit);
  const steps = Array.from({ length: 2 * kHeatSteps + 1 }, (_, i) => i - kHeatSteps);
  return (
    <div class="heat-legend">
      <div class="ramp">
        <div class="swatches" aria-hidden="true">{steps.map((step) => <i key={step} class={`h${step < 0 ? 'n' : 'p'}${Math.abs(step)}`} />)}</div>
        <p class="ends"><span>{lo}</span><span>{middle}</span><span>{hi}</span></p>
      </div>
      <p class="marks">
        <span class="tok target">target</span>
        {errors && <><span class="tok false-positive">false positive</span><span class="tok target missed">missed</span></>}
        <span class="note">{note}{nBeyond > 0 && `; ${nBeyond} ${nBeyond === 1 ? 'token lies' : 'tokens lie'} beyond them`}.</span>
      </p>
    </div>
  );
}
