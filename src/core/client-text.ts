/** Control characters and bidirectional formatting characters. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Foreign text as one line that cannot act on a terminal or reorder what a reader sees. */
export const printableLine = (text: string): string =>
  text.replace(/\s/g, ' ').replace(UNPRINTABLE, '').replace(/ +/g, ' ');

/** Characters of a client's text that are matched: titles, codes, names and references are shorter. */
export const MAX_TEXT_CHARS = 1000;

/** Ends a text that was cut. No code, address or id has it, so that a cut one is never read as another one. */
const CUT_MARK = '…';

/**
 * Returns a text of a client as it is matched: at most `MAX_TEXT_CHARS`, so that no text makes matching slow. Every reader of
 * requests passes its texts through here. Blanks around a longer text are dropped first; its end is replaced by a mark.
 */
export function capText(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const trimmed = text.trim();
  if (trimmed.length <= MAX_TEXT_CHARS) return trimmed;
  // Half of a character would be none.
  return trimmed.slice(0, MAX_TEXT_CHARS - CUT_MARK.length).replace(/[\uD800-\uDBFF]$/, CUT_MARK) + CUT_MARK;
}

/** Whether a text that was read was longer. */
export const isCutText = (text: string): boolean => text.length === MAX_TEXT_CHARS && text.endsWith(CUT_MARK);
