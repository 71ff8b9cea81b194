// Text that others wrote, made safe and visible before it is shown (report/words/visible_text.h): what has no ink is spelled out,
// so that no bidirectional override turns the page around and no zero-width character hides. visible(visible(s)) = visible(s).

const kInkless = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function visible(text: string): string {
  return text.replace(kInkless, (character) => {
    if (character === '\u200c' || character === '\u200d') return character; // shape letters and emoji; inert
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}
