// What the selected unit was judged by: its AUC on words that discovery did not have, and against ever closer comparisons.
import { isJudged, kEffectWords, kSpecificWords } from '../data/verdict';
import { nearMissOf } from '../plots/view_words';
import type { App } from '../state/app';
import { fixedText, intervalText } from '../words/numbers';

export function Ladder({ app, row }: { app: App; row: number }) {
  const { units } = app.report;
  const near = nearMissOf(app.report);
  const rungs = ([
    ['on unseen words', 'held_out_unseen_auc', 'auc_words'],
    ['against all other tokens', 'auc_all', 'auc_all'],
    ['against matched tokens', 'auc_matched', 'auc_matched'],
    [`against ${near}`, 'auc_near_miss', 'auc_near_miss'],
    [`${near} against all other tokens`, 'auc_carrier', 'auc_carrier'],
  ] as const)
    .filter(([, name, bounds]) => !Number.isNaN(units.value(name, row)) && units.has(`${bounds}_lo`))
    .map(([label, name, bounds]) => ({
      label, name, auc: fixedText(units.value(name, row), 3),
      interval: intervalText(units.value(`${bounds}_lo`, row), units.value(`${bounds}_hi`, row), 3),
    }));
  const judged = [
    ...(isJudged(units, 'effect') ? [`effect: ${kEffectWords[units.value('effect', row)]}`] : []),
    ...(isJudged(units, 'specific') ? [`against the near miss: ${kSpecificWords[units.value('specific', row)]}`] : []),
  ];
  if (rungs.length === 0 && judged.length === 0) return null;
  return (
    <div class="ladder">
      <h3>What it distinguishes</h3>
      <table>
        {judged.length > 0 && <caption>{`${judged.join('; ').replace(/^./, (first) => first.toUpperCase())}.`}</caption>}
        {rungs.length > 0 && <thead><tr><th scope="col">AUC, words as clusters</th><td /><th scope="col">95%</th></tr></thead>}
        <tbody>
          {rungs.map(({ label, name, auc, interval }) => (
            <tr key={name}><th scope="row">{label}</th><td>{auc}</td><td>{interval}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
