// English of our own making, cut into pieces as GPT-2 cuts it, with the targets of a proper-noun rule; and the tokens that a
// page must survive.
export interface TextToken {
  text: string; // as shown: · ↵ ⇥
  isTarget: boolean;
}

const kNames = ['Wilder Penfield', 'Montreal', 'Brenda Milner', 'Oxford', 'Herbert Jasper', 'Princeton', 'Canada', 'Spokane',
  'Charles Sherrington', 'Madrid', 'Edwin Boldrey', 'London', 'Rasmussen', 'Quebec', 'Ada Lovelace', 'Vienna'];
const kSentences = [
  'In the spring {N} travelled to {N}, where the new laboratory had opened its doors.',
  'The surgeon mapped the cortex while the patient stayed awake and spoke of old songs.',
  '{N} wrote that memory is not a store but a stream, and {N} did not agree.',
  'Letters from {N} arrived slowly that winter; most of them were about money.',
  'He drew a small figure whose hands were larger than its head, and called it a joke.',
  'When {N} came back from {N}, the hospital had already bought the building next door.',
  'Nobody knew how the current should be measured, so they built an instrument for it.',
  'A stimulus of two volts made the thumb move; at three volts {N} heard a piano.',
  'The operation took eleven hours and was described in a paper of forty pages.',
  'Years later {N} asked whether single cells could stand for single words.',
];
export const kHostileTokens = ['·<script>', '"></style>', '·\u202etxet', '<!--', '·--!>', '&lt;', '·😀', '', '\u0000', '·na\u200bme', '\u2028', '·שלום'];

function pieces(word: string): string[] {
  return word.length > 9 ? [word.slice(0, 5), word.slice(5)] : [word];
}

export function syntheticText(n: number, random: () => number, hostile: boolean): TextToken[] {
  const out: TextToken[] = [];
  while (out.length < 1.2 * n + 100) {
    const sentence = kSentences[Math.floor(random() * kSentences.length)];
    const filled = sentence.replace(/\{N\}/g, () => `{${kNames[Math.floor(random() * kNames.length)]}}`);
    let inName = false;
    filled.split(/(?=[ ,.;])/).forEach((part) => {
      let word = part;
      if (word.includes('{')) inName = true;
      const isTarget = inName && out.length > 0 && !/[.]$/.test(out[out.length - 1].text) && /[A-Z]/.test(word);
      if (word.includes('}')) inName = false;
      word = word.replace(/[{}]/g, '').replace(/^ /, '·');
      if (word === '') return;
      for (const text of pieces(word)) out.push({ text, isTarget });
    });
    if (random() < 0.25) out.push({ text: '↵', isTarget: false });
    else if (out[out.length - 1].text === '.') out.push({ text: '·', isTarget: false });
  }
  if (hostile) kHostileTokens.forEach((text, i) => (out[40 + 3 * i] = { text, isTarget: false }));
  for (let t = 0; t < out.length - 1; ++t) {
    // A space of its own belongs to the next word.
    if (out[t].text === '·' && /^[A-Z]/.test(out[t + 1].text)) {
      out[t + 1] = { ...out[t + 1], text: '·' + out[t + 1].text };
      out.splice(t, 1);
    }
  }
  return out.slice(0, n);
}
