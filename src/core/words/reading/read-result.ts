import type { Library } from '../../model/library.js';
import type { SearchHit, SearchRequest } from '../../search/search-hit.js';
import { withoutRepeats } from '../../search/text-rank.js';
import { findJudged } from '../find-known.js';
import type { Understanding } from '../understanding.js';
import type { Vocabulary } from '../vocabulary.js';

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
  if (kind === 'concept') return undefined;
  // Rows that people judged for the line as it is written precede the rule.
  const pages = vocabulary.known.findAsWritten(query, language) ? undefined : vocabulary.labResults.find(query);
  if (!pages) return undefined;
  const judged = findJudged(pages.articles, query, language, library);
  if (judged.length === 0) return undefined;
  return { kind: 'words', hits: withoutRepeats([...judged, ...findOthers()]).slice(0, count) };
}
