import type { Library } from '../../model/library.js';
import { toAmericanSpelling } from '../../search/american-spelling.js';
import { phraseOf } from '../../search/text-query.js';
import { foldPlural, foldText } from '../../search/text-tokens.js';
import type { Vocabulary } from '../vocabulary.js';

const WORD = /\p{L}{5,}/gu;

/**
 * A line with the British spellings of words that the library has in American spelling: `oestrogen` → `estrogen`. The line itself where it
 * is known as it is written: a site's own synonym, a lay word.
 */
export function spellAsPages(line: string, library: Library, { stocks, known }: Vocabulary): string {
  const spelt = new Map<string, string>();
  for (const [word] of line.matchAll(WORD)) {
    const [folded, isCapitals] = [foldText(word), word === word.toUpperCase()];
    const american = toAmericanSpelling(folded);
    if (american !== folded) spelt.set(word, isCapitals ? american.toUpperCase() : american);
  }
  if (spelt.size === 0 || library.search.findSynonyms([phraseOf(line)]).length > 0) return line;
  if (known.findAsWritten(line, 'en')) return line;
  const terms = [...spelt.values()].map((word) => foldPlural(foldText(word)));
  const records = library.search.findTerms({ terms, prefix: undefined, mostCompletions: 0 });
  const found = new Set(records.map(({ term }) => term));
  const isThere = (word: string): boolean => stocks.en.has(word) || found.has(foldPlural(word));
  return line.replace(WORD, (word) => {
    const american = spelt.get(word) ?? word;
    return isThere(foldText(american)) ? american : word;
  });
}
