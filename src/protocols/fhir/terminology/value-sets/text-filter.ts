import type { TermConcept } from '../systems/term-system.js';

const BEYOND_ASCII = /[^\p{ASCII}]/u;

/** Most names have no accents: to look for them in a hundred thousand took most of a search's time. */
function fold(text: string): string {
  const plain = BEYOND_ASCII.test(text) ? text.normalize('NFD').replace(/\p{M}/gu, '') : text;
  return plain.toLowerCase();
}

/** A text filter of $expand: every word is in the code or in one of the names, whatever its case and accents. Undefined without words. */
export function createTextFilter(filter: string): ((concept: TermConcept) => boolean) | undefined {
  const words = [...new Set(fold(filter).split(/\s+/).filter(Boolean))];
  if (words.length === 0) return undefined;
  return ({ code, display, designations }) => {
    const text = fold([code, display ?? '', ...designations.map(({ value }) => value)].join('\n'));
    return words.every((word) => text.includes(word));
  };
}
