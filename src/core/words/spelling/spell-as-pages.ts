import type { Library } from '../../model/library.js';
import { isAmbiguous } from '../known-word.js';
import type { KnownWords } from '../known-words.js';
import type { Language } from '../../model/language.js';
import { editDistance } from '../../search/edit-distance.js';
import { toAmericanSpelling } from '../../search/american-spelling.js';
import { phraseOf } from '../../search/text-query.js';
import { foldPlural, foldText } from '../../search/text-tokens.js';
import type { Vocabulary } from '../vocabulary.js';

const WORD = /\p{L}{5,}/gu;

/** Letters in which a misspelling differs from its word. */
const MOST_ERRORS = 2;

/** The word of which a folded word is known as a misspelling, else the word itself: `vertago` → `vertigo`. */
function toCorrectSpelling(word: string, language: Language, known: KnownWords): string {
  const lay = known.findAsWritten(word, language);
  const meaning = lay && !isAmbiguous(lay) ? foldText(lay.meanings[0]?.means ?? '') : '';
  return /^[a-z]{5,}$/.test(meaning) && editDistance(word, meaning, MOST_ERRORS) <= MOST_ERRORS ? meaning : word;
}

/**
 * A line with the British spellings of words that the library has in American spelling (`oestrogen` → `estrogen`), and with known misspellings
 * corrected. The line itself where it is known as it is written: a site's own synonym, a lay word.
 */
export function spellAsPages(
  line: string,
  language: Language,
  library: Library,
  { stocks, known }: Vocabulary,
): string {
  const spelt = new Map<string, string>();
  for (const [word] of line.matchAll(WORD)) {
    const [folded, isCapitals] = [foldText(word), word === word.toUpperCase()];
    const american = toAmericanSpelling(folded);
    const right = american === folded ? toCorrectSpelling(folded, language, known) : american;
    if (right !== folded) spelt.set(word, isCapitals ? right.toUpperCase() : right);
  }
  if (spelt.size === 0 || library.search.findSynonyms([phraseOf(line)]).length > 0) return line;
  if (known.findAsWritten(line, language)) return line;
  const terms = [...spelt].flat().map((word) => foldPlural(foldText(word)));
  const records = library.search.findTerms({ terms, prefix: undefined, mostCompletions: 0 });
  const found = new Set(records.map(({ term }) => term));
  const isThere = (word: string): boolean => stocks.en.has(word) || found.has(foldPlural(word));
  return line.replace(WORD, (word) => {
    const [folded, right] = [foldText(word), spelt.get(word) ?? word];
    // A word that pages have is misspelt nowhere: `pregnant` is not for `pregnancy`.
    const isRight = toAmericanSpelling(folded) === folded && found.has(foldPlural(folded));
    return !isRight && isThere(foldText(right)) ? right : word;
  });
}
