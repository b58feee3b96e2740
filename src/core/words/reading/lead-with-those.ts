import { listNames } from '../../model/article.js';
import type { Library } from '../../model/library.js';
import type { SearchHit, SearchRequest } from '../../search/search-hit.js';
import { withoutRepeats } from '../../search/text-rank.js';
import { parseQuery } from '../../search/text-query.js';
import { findJudged } from '../find-known.js';
import { findNamedGroup } from './populations.js';

const termsOf = (text: string): string[] => parseQuery(text).map(({ term }) => term);

/**
 * Puts the page on the same for those whom a line is about before the general one: of `baby yellow skin` that on jaundice of newborns. A page that
 * is of their group already, and one that was judged right for a line with them, stays first.
 * @param isJudged whether a line is known as a whole
 */
export function leadWithThose(
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
  isJudged: (line: string) => boolean,
): readonly SearchHit[] {
  const [first] = hits;
  const group = findNamedGroup(termsOf(request.query));
  if (!group || first?.kind !== 'article' || request.kind === 'concept') return hits;
  const names = listNames(first.article);
  const isOfGroup = names.some((name) => termsOf(name).some((term) => group.terms.has(term)));
  if (isOfGroup || isJudged(request.query)) return hits;
  const { titleFacts } = library.status();
  const own = group.names.flatMap((of) => names.flatMap((name) => titleFacts?.words.named(`${name} ${of}`) ?? []));
  const pages = findJudged([...new Set(own)], request.query, request.language, library);
  return withoutRepeats([...pages, ...hits]).slice(0, request.count);
}
