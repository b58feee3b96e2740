import type { Library } from '../library.js';
import type { SearchHit, SearchRequest } from '../search-hit.js';
import { withoutRepeats } from '../text-rank.js';
import { findByText } from '../text-search.js';
import { findMeaning } from './find-known.js';
import { findSubject } from './find-subject.js';
import type { KnownWords } from './known-words.js';

/** From this score on, what a line's words find is not looked for by its subject. */
export const LEAST_CERTAIN_SCORE = 0.5;
/** What a subject finds: a name that holds all its words; of one word, a name that is it. */
const LEAST_OF_WORDS = 0.6;
const LEAST_OF_ONE_WORD = 0.9;

/** Where a subject is looked up. */
interface Places {
  readonly library: Library;
  readonly known: KnownWords;
  /** The pages of the drug that a text is. */
  readonly findDrug: (text: string) => readonly SearchHit[];
}

/**
 * What a line finds by what it is about, without the words around that: `gout diet`, `my knee hurts when I walk up stairs`; a line about
 * several things that are all known finds each, the longest first (`swollen feet and chest pain`). Undefined where that finds nothing certain.
 * @param request `isFound`: the line's words find something: then several things are no better
 */
export function findBySubject(
  line: string,
  request: SearchRequest & { readonly isFound: boolean },
  { library, known, findDrug }: Places,
): readonly SearchHit[] | undefined {
  const subject = findSubject(line, request.language, known);
  if (!subject) return undefined;
  const findNamed = (text: string): readonly SearchHit[] => {
    const drug = findDrug(text);
    if (drug.length > 0) return drug;
    const found = findByText({ ...request, query: text }, library, known);
    return (found[0]?.score ?? 0) < (text.includes(' ') ? LEAST_OF_WORDS : LEAST_OF_ONE_WORD) ? [] : found;
  };
  const { texts, words, rest, isRestFirst } = subject;
  const [word, ...others] = words;
  if (word && others.length === 0 && rest === '') return findMeaning(word, request, library, known);
  const named = texts.map(findNamed).find(({ length }) => length > 0);
  if (named || !word || request.isFound) return named;
  const ofRest = rest === '' ? [] : findNamed(rest);
  if (rest !== '' && ofRest.length === 0) return undefined;
  const ofWords = words.flatMap((one) => findMeaning(one, { ...request, count: 1 }, library, known));
  return withoutRepeats(isRestFirst ? [...ofRest, ...ofWords] : [...ofWords, ...ofRest]);
}
