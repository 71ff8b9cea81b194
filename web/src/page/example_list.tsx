// Tokens in context. Each piece stands in its own direction, so that a right-to-left word moves none of its neighbours.
import type { ExampleSpec } from '../payload/types';
import { significantText } from '../words/numbers';
import { visible } from '../words/visible';

const joined = (tokens: string[]): string => visible(tokens.join('')).replace(/·/g, ' ').replace(/↵+/g, ' ↵ ');

export function ExampleList({ examples }: { examples: ExampleSpec[] }) {
  if (examples.length === 0) return <p class="note">There are none.</p>;
  return (
    <ol class="examples">
      {examples.map((one, i) => {
        const token = visible(one.token).replace(/^·(?=[^·])/, '');
        const gap = /^·[^·]/.test(one.token);
        return (
          <li key={i}>
            <span class="context">
              <bdi class="before">{joined(one.before).slice(-46) + (gap ? ' ' : '')}</bdi>
              <mark class={one.is_target ? 'is-target' : ''}><bdi>{token}</bdi></mark>
              <bdi class="after">{joined(one.after).slice(0, 40)}</bdi>
            </span>
            <span class="value">{significantText(one.value, 3)}{one.split === 'held_out' && <abbr title="held-out text"> h</abbr>}</span>
          </li>
        );
      })}
    </ol>
  );
}
