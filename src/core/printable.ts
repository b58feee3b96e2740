/** Control characters and bidirectional formatting characters. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Foreign text as one line that cannot act on a terminal or reorder what a reader sees. */
export const printableLine = (text: string): string =>
  text.replace(/\s/g, ' ').replace(UNPRINTABLE, '').replace(/ +/g, ' ');
