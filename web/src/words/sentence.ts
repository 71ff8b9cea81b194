// Sentences whose numbers can be set bold and whose units can be clicked.
export type Part = string | { strong: string } | { unit: number; name: string };
export type Sentence = Part[];

export const strong = (text: string): Part => ({ strong: text });

export function say(texts: TemplateStringsArray, ...parts: (Part | Sentence)[]): Sentence {
  return texts.flatMap((text, i) => [text, ...(i < parts.length ? [parts[i]].flat() : [])]).filter((part) => part !== '');
}

export function plain(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === 'string' ? part : 'strong' in part ? part.strong : part.name)).join('');
}
