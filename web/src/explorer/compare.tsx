// Two units beside each other: their numbers, and how they go together over the text.
import { useMemo, useState } from 'preact/hooks';
import { correlatedUnits } from '../data/correlated';
import { unitNumbers, verdict } from '../page/figure_tip';
import type { App } from '../state/app';
import { fixedText } from '../words/numbers';

export function Compare({ app }: { app: App }) {
  const [name, setName] = useState(app.compared.value === null ? '' : app.report.units.name(app.compared.value));
  const [problem, setProblem] = useState('');
  const row = app.selected.value, other = app.compared.value;
  const find = (text: string) => app.report.units.rowOf(text.trim().replace(/^l/, 'L'));
  // A whole name compares at once, an empty field shows one unit again; what is no name is said when the field is left.
  const onInput = (text: string) => {
    setName(text);
    setProblem('');
    app.compared.value = find(text);
  };
  const say = () => setProblem(name.trim() !== '' && find(name) === null ? `No unit is called “${name.trim()}”.` : '');
  const refused = other === null ? '' : app.asked.value.get(other)?.words;
  const r = useMemo(() => {
    if (row === null || other === null || !app.report.heat) return NaN;
    return correlatedUnits(app.report.heat, row, Infinity).find((one) => one.row === other)?.r ?? NaN;
  }, [row, other, app.heatVersion.value]);
  return (
    <form class="compare" onSubmit={(event) => { event.preventDefault(); say(); }}>
      <label for="compare">Compare with</label>
      <input id="compare" type="search" value={name} placeholder="another unit" autocomplete="off" spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)} onBlur={say} />
      {problem && <p class="problem" role="alert">{problem}</p>}
      {refused && <p class="problem">{app.report.units.name(other!)}: {refused}</p>}
      {row !== null && other !== null && (
        <table>
          <thead><tr><td />{[row, other].map((one) => <th key={one} scope="col">{app.report.units.name(one)}</th>)}</tr></thead>
          <tbody>
            {unitNumbers(app, row).map(([label, value], i) => (
              <tr key={label}><th scope="row">{label}</th><td>{value}</td><td>{unitNumbers(app, other)[i][1]}</td></tr>
            ))}
            <tr><th scope="row">found</th><td>{verdict(app, row)}</td><td>{verdict(app, other)}</td></tr>
            {!Number.isNaN(r) && <tr><th scope="row">r over the text</th><td colSpan={2}>{fixedText(r, 2)}</td></tr>}
          </tbody>
        </table>
      )}
    </form>
  );
}
