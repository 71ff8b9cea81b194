// Tokens in context. Each piece stands in its own direction, so that a right-to-left word moves none of its neighbours.
import type { Example } from '../data/examples';
import { significantText } from '../words/numbers';
import { visible } from '../words/visible';

const joined = (tokens: string[]): string => visible(tokens.join('')).replace(/·/g, ' ').replace(/↵+/g, ' ↵ ');

// Cut between characters as readers see them, and marked as cut.
const letters = (text: string): string[] => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
const startOf = (text: string, n: number): string => {
  const all = letters(text);
  return all.length > n ? `${all.slice(0, n).join('')}…` : text;
};
const endOf = (text: string, n: number): string => {
  const all = letters(text);
  return all.length > n ? `…${all.slice(-n).join('')}` : text;
};

export function ExampleList({ examples }: { examples: Example[] }) {
  if (examples.length === 0) return <p class="note">There are none.</p>;
  return (
    <ol class="examples">
      {examples.map((one, i) => {
        const token = visible(one.token).replace(/^·(?=[^·])/, '');
        const gap = /^·[^·]/.test(one.token);
        return (
          <li key={i}>
            <span class="context">
              <bdi class="before">{endOf(joined(one.before), 46) + (gap ? ' ' : '')}</bdi>
              <mark class={one.isTarget ? 'is-target' : ''}><bdi>{token}</bdi></mark>
              <bdi class="after">{startOf(joined(one.after), 40)}</bdi>
            </span>
            <span class="value">{significantText(one.value, 3)}{one.split === 'held_out' && <abbr title="held-out text"> h</abbr>}</span>
          </li>
        );
      })}
    </ol>
  );
}
