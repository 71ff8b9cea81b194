// The signs of the gate and of the second product of a gated neuron, whose product the unit is: at targets and at comparison tokens.
import { quadrantShares } from '../data/quadrants';
import type { App } from '../state/app';
import { countText, percentText } from '../words/numbers';

export function Quadrants({ app, row }: { app: App; row: number }) {
  const found = app.report.run.gate_quadrants?.find(({ unit }) => unit === app.report.units.name(row));
  if (!found) return null;
  const groups = [
    { name: 'targets', shares: quadrantShares(found.n_target) },
    { name: 'comparison tokens', shares: quadrantShares(found.n_comparison) },
  ].filter(({ shares }) => shares.n > 0);
  if (groups.length === 0) return null;
  return (
    <div class="quadrants">
      <h3>Signs of gate and up</h3>
      <table>
        <thead>
          <tr>
            <td />
            {groups.map(({ name, shares }) => <th key={name} scope="colgroup" colSpan={2}>{`${countText(shares.n)} ${name}`}</th>)}
          </tr>
          <tr>
            <td />
            {groups.map(({ name }) => [<th key={`${name}+`} scope="col">gate +</th>, <th key={`${name}-`} scope="col">gate −</th>])}
          </tr>
        </thead>
        <tbody>
          {[0, 1].map((up) => (
            <tr key={up}>
              <th scope="row">{up === 0 ? 'up +' : 'up −'}</th>
              {groups.map(({ name, shares }) => shares.rows[up].map((share, gate) => (
                <td key={`${name}${gate}`} class={share === shares.largest ? 'largest' : ''}>{percentText(share)}</td>
              )))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">
        Shares of the sampled tokens in the text below. The unit is the activated gate times up. The sign of up is a convention:
        negating the unit’s up and down weights together exchanges the two rows and changes nothing in the model.
      </p>
    </div>
  );
}
