/** Control characters, and those that turn the direction in which others are read. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}]/gu;

/** A text of others as one line that does no more to a terminal, or to who reads it, than to be read. */
export const printableLine = (text: string): string =>
  text.replace(/\s/g, ' ').replace(UNPRINTABLE, '').replace(/ +/g, ' ');
