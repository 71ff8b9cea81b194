// Coloured tokens of one window. Pieces and not tokens: tokens that share one character are one piece, with the value that
// is farthest from zero (report/words/heatmap_text.cc). A space before a word stands outside the colour; line breaks break lines.
import { useRef } from 'preact/hooks';
import { detects, type Detector } from '../data/detector';
import { heatStep, type HeatData, type ScaledHeat } from '../data/heat';

export interface Piece {
  text: string; // visible, without the space before a word
  label: string; // what is said of it, with its space
  hasGap: boolean;
  endsLine: boolean;
  raw: number;
  shown: number; // on the scale of the colours
  isTarget: boolean;
  isFalsePositive: boolean;
  isMissed: boolean;
  isPale?: boolean; // without its colour
}

export function shownPieces(
  data: HeatData, window: number, raw: Float64Array, scaled: ScaledHeat, detector: Detector | null,
): Piece[] {
  const { first, n } = data.windows[window];
  const pieces: Piece[] = [];
  for (let t = first; t < first + n; ++t) {
    const token = data.tokens[t];
    const last = pieces[pieces.length - 1];
    if (token.text === '' && last) {
      if (Math.abs(scaled.shown[t]) > Math.abs(last.shown)) {
        last.shown = scaled.shown[t];
        last.raw = raw[t];
      }
      last.isTarget ||= token.isTarget;
      continue;
    }
    const hasGap = /^·[^·]/.test(token.text);
    pieces.push({
      text: hasGap ? token.text.slice(1) : token.text,
      label: token.text,
      hasGap,
      endsLine: token.text.endsWith('↵'),
      raw: raw[t],
      shown: scaled.shown[t],
      isTarget: token.isTarget,
      isFalsePositive: false,
      isMissed: false,
    });
  }
  if (detector) {
    for (const piece of pieces.slice(1)) {
      const found = detects(detector, piece.raw);
      piece.isFalsePositive = found && !piece.isTarget;
      piece.isMissed = !found && piece.isTarget;
    }
  }
  return pieces;
}

// A window is cut out of a longer text wherever its tokens end; only a line break shows that nothing is missing there.
const isCutBefore = (pieces: Piece[]): boolean => pieces.length > 0 && (pieces[0].hasGap || /^[\p{Ll},;:)]/u.test(pieces[0].text));
const isCutAfter = (pieces: Piece[]): boolean => pieces.length > 0 && !pieces[pieces.length - 1].endsLine;

interface Props {
  pieces: Piece[];
  limit: number;
  label: string;
  whole?: boolean; // not cut out of a longer text
  onPoint: (piece: Piece | null, aloud: boolean) => void;
}

function classOf(piece: Piece, limit: number): string {
  const step = piece.isPale ? 0 : heatStep(piece.shown, limit);
  const names = ['tok', `h${step < 0 ? 'n' : 'p'}${Math.abs(step)}`];
  if (piece.isTarget) names.push('target');
  if (piece.isFalsePositive) names.push('false-positive');
  if (piece.isMissed) names.push('missed');
  return names.join(' ');
}

export function HeatText({ pieces, limit, label, whole, onPoint }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const cursor = useRef(0);
  const spans = () => host.current!.querySelectorAll<HTMLElement>('.tok');
  const moveTo = (index: number) => {
    const all = spans();
    const next = Math.max(0, Math.min(all.length - 1, index));
    all[cursor.current]?.classList.remove('cursor');
    cursor.current = next;
    all[next].classList.add('cursor');
    all[next].scrollIntoView({ block: 'nearest' });
    onPoint(pieces[next], true);
  };
  // The token nearest to the same place on the line above or below.
  const overLine = (by: number) => {
    const all = spans();
    const from = all[cursor.current].getBoundingClientRect();
    let best = -1, least = Infinity;
    for (let i = cursor.current + by; i >= 0 && i < all.length; i += by) {
      const box = all[i].getBoundingClientRect();
      const away = by * (box.top - from.top);
      if (away < 4) continue;
      if (away > 3 * from.height + 8) break;
      const distance = Math.abs(box.left - from.left) + 4 * away;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    if (best >= 0) moveTo(best);
  };
  const indexOf = (target: EventTarget | null): number => Number((target instanceof HTMLElement && target.dataset.i) || NaN);
  const pieceOf = (target: EventTarget | null): Piece | null => pieces[indexOf(target)] ?? null;
  // A click puts the cursor where it fell; focus by pointer alone leaves it, so that nothing scrolls away below the hand.
  const onClick = (event: Event) => {
    const index = indexOf(event.target);
    if (!Number.isNaN(index)) moveTo(index);
  };
  const onFocus = () => {
    if (host.current!.matches(':focus-visible')) moveTo(cursor.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const actions: Record<string, () => void> = {
      ArrowRight: () => moveTo(cursor.current + 1),
      ArrowLeft: () => moveTo(cursor.current - 1),
      ArrowDown: () => overLine(1),
      ArrowUp: () => overLine(-1),
      Home: () => moveTo(0),
      End: () => moveTo(pieces.length - 1),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  };
  return (
    <div ref={host} class="heat-text" role="application" tabIndex={0} aria-label={label} dir="ltr"
      onKeyDown={onKeyDown} onFocus={onFocus} onClick={onClick}
      onBlur={() => spans()[cursor.current]?.classList.remove('cursor')}
      onPointerOver={(event) => onPoint(pieceOf(event.target), false)}
      onPointerLeave={() => onPoint(null, false)}>
      {!whole && isCutBefore(pieces) && <span class="cut">…</span>}
      {pieces.map((piece, i) => (
        <>
          {piece.hasGap && ' '}
          <span class={classOf(piece, limit)} data-i={i}>{piece.text}</span>
          {piece.endsLine && <br />}
        </>
      ))}
      {!whole && isCutAfter(pieces) && <span class="cut">…</span>}
    </div>
  );
}
