import type { Library } from '../model/library.js';
import type { SearchHit, SearchRequest } from '../search/search-hit.js';
import { parseQuery } from '../search/text-query.js';
import { withoutOtherSubjects } from '../search/further-hits.js';
import { withoutRepeats } from '../search/text-rank.js';
import { findAsWritten } from '../search/text-search.js';
import { findMeaning } from './find-known.js';
import { isAmbiguous } from './known-word.js';
import type { KnownWords } from './known-words.js';
import { isTelling } from './word-weights.js';

/** Words between things of equal rank. */
const WORDS_BETWEEN = /\s+(?:and|y|e|&|\+)\s+/i;
/** The same with marks: a comma may also stand before what only tells more of the same, `fracture, hip`. */
const BETWEEN = /\s*[,;]\s*(?:(?:and|y|e)\s+)?|\s+(?:and|y|e|&|\+)\s+/i;
const WITH = /\b(?:with|con)\b/i;
/** From this score on, the whole line is a name, or has all words of one. */
const LEAST_OF_A_WHOLE = 0.8;
const LEAST_BEHIND_A_COMMA = 0.6;
/** Lowest score of a part's page: a name that is it. */
const LEAST_OF_A_PART = 0.9;
const MOST_PARTS = 4;
/** Pages of each part. */
const MOST_OF_A_PART = 2;

/**
 * Results of a line that names several things: `diabetes and high blood pressure`, `gota y diabetes`. The page of each comes before further
 * ones, that of the most telling first. Undefined where it is not divided, where a part is no name by itself (`foot and ankle pain`), and
 * where the whole of it is one.
 * @param best score of the first hit of the whole line
 */
export function findEachPart(
  line: string,
  request: SearchRequest,
  { library, known, best }: { readonly library: Library; readonly known: KnownWords; readonly best: number },
): readonly SearchHit[] | undefined {
  // A thing that comes with others may be all that follows: `niño con fiebre y manchas`.
  if (WITH.test(line)) return undefined;
  if (best >= (WORDS_BETWEEN.test(line) ? LEAST_OF_A_WHOLE : LEAST_BEHIND_A_COMMA)) return undefined;
  const divided = line.split(BETWEEN).filter((part) => part.trim() !== '');
  const parts = [true, false].flatMap((isFirst) => divided.filter((part) => hasTelling(part) === isFirst));
  if (parts.length < 2 || parts.length > MOST_PARTS) return undefined;
  const found: (readonly SearchHit[])[] = [];
  for (const part of parts) {
    const hits = findPart(part, { ...request, query: part, count: MOST_OF_A_PART }, library, known);
    if (hits.length === 0) return undefined;
    found.push(hits);
  }
  return withoutRepeats([...found.flatMap((hits) => hits.slice(0, 1)), ...found.flatMap((hits) => hits.slice(1))]);
}

/** Whether a text has a word that tells by itself what a line is about. */
export const hasTelling = (text: string): boolean => parseQuery(text).some(({ word }) => isTelling(word));

/** The pages of a part that is known, or is a page's name. A part of the body alone is none. */
function findPart(part: string, request: SearchRequest, library: Library, known: KnownWords): readonly SearchHit[] {
  const words = parseQuery(part).map(({ word }) => word);
  if (words.every((word) => known.isPart(word, request.language))) return [];
  const word = known.find(part, request.language);
  if (word) return isAmbiguous(word) ? [] : findMeaning(word, request, library, known);
  const hits = findAsWritten({ ...request, isSpelt: true }, library, known);
  if ((hits[0]?.score ?? 0) < LEAST_OF_A_PART) return [];
  return withoutOtherSubjects(hits, [part], request.language).slice(0, MOST_OF_A_PART);
}
