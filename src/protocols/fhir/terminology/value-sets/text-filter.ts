import type { Member } from './compose.js';

/** Characters of a code's names that are looked through; longer ones only come with a value set that was sent. */
const MOST_TEXT = 10_000;

const BEYOND_ASCII = /[^\p{ASCII}]/u;

/** Most names have no accents: to look for them in a hundred thousand took most of a search's time. */
function fold(text: string): string {
  const plain = BEYOND_ASCII.test(text) ? text.normalize('NFD').replace(/\p{M}/gu, '') : text;
  return plain.toLowerCase();
}

/** A text filter of $expand: every word is in the code or in one of the names, whatever its case and accents. Undefined without words. */
export function createTextFilter(filter: string): ((member: Member) => boolean) | undefined {
  const words = [...new Set(fold(filter).split(/\s+/).filter(Boolean))];
  if (words.length === 0) return undefined;
  return ({ concept, stated }) => {
    const names = [
      concept.code,
      stated?.display ?? concept.display ?? '',
      ...concept.designations.map(({ value }) => value),
    ];
    const text = fold(names.join('\n').slice(0, MOST_TEXT));
    return words.every((word) => text.includes(word));
  };
}
