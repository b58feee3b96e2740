import type { Library } from '../../model/library.js';
import type { SearchHit, SearchRequest } from '../../search/search-hit.js';
import { withoutRepeats } from '../../search/text-rank.js';
import { findJudged } from '../find-known.js';
import { isAmbiguous } from '../known-word.js';
import { parseQuery } from '../../search/text-query.js';
import { isAsking } from '../word-weights.js';
import type { Understanding } from '../understanding.js';
import type { Vocabulary } from '../vocabulary.js';

/** The pages of what stands behind a value: none of a question (`what to do`). Undefined where the words are nothing known. */
function findBeside(
  rest: string,
  { language }: SearchRequest,
  library: Library,
  { known }: Vocabulary,
): readonly SearchHit[] | undefined {
  const words = parseQuery(rest).map(({ word }) => word);
  if (words.every((word) => known.isContext(word, language) || isAsking(word))) return [];
  const word = known.find(rest, language);
  if (word && !isAmbiguous(word))
    return findJudged((word.meanings[0]?.articles ?? []).slice(0, 1), rest, language, library);
  const named =
    library
      .status()
      .titleFacts?.words.named(rest)
      .filter((id) => id.startsWith('topic-')) ?? [];
  return named.length > 0 ? findJudged(named.slice(0, 1), rest, language, library) : undefined;
}

/**
 * Reads a line as a laboratory result: the page on the test, then that on what the result is, then what its words find. Undefined where it is none.
 * @param findOthers finds what the line is known as
 */
export function readResult(
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
  findOthers: () => readonly SearchHit[],
): Understanding | undefined {
  const { query, language, kind, count } = request;
  // Rows that people judged for the line as it is written precede the rule.
  if (kind === 'concept' || vocabulary.known.findAsWritten(query, language)) return undefined;
  const before = vocabulary.labResults.findBefore(query);
  // A value that is high or low is what the line is about, whatever stands behind it.
  const isLevel = (before?.articles.length ?? 0) > 1;
  const beside = before && (findBeside(before.rest, request, library, vocabulary) ?? (isLevel ? [] : undefined));
  const pages = vocabulary.labResults.find(query) ?? (beside && before);
  if (!pages) return undefined;
  const [first, ...others] = findJudged(pages.articles, query, language, library);
  if (!first) return undefined;
  // Where the value is high or low, what the line is known as without it may be on the other.
  const known = others.length > 0 ? [] : findOthers();
  return { kind: 'words', hits: withoutRepeats([first, ...(beside ?? []), ...others, ...known]).slice(0, count) };
}
