import { foldText } from '../../search/text-tokens.js';
import type { ArticleHit, SearchHit, SearchRequest } from '../../search/search-hit.js';
import { withoutRepeats } from '../../search/text-rank.js';
import type { Library } from '../../model/library.js';
import { findJudged } from '../find-known.js';

/** Articles whose title in the requested language is the line, those that words find first in front. */
function findTitled({ query, language }: SearchRequest, hits: readonly SearchHit[], library: Library): ArticleHit[] {
  const line = foldText(query.trim());
  const ids = library.status().titleFacts?.words.named(query) ?? [];
  const place = (id: string): number => hits.findIndex((hit) => hit.kind === 'article' && hit.article.id === id);
  return findJudged(ids, query, language, library)
    .filter(({ article }) => foldText(article.texts[language]?.title ?? '') === line)
    .sort((a, b) => (place(a.article.id) + 1 || Infinity) - (place(b.article.id) + 1 || Infinity) || 0);
}

/** Puts the article whose exact title was typed before whatever else a line finds: a user who types a title means it. */
export function leadWithTitle(
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
): readonly SearchHit[] {
  const titled = request.kind === 'concept' ? [] : findTitled(request, hits, library);
  return titled.length > 0 ? withoutRepeats([...titled, ...hits]).slice(0, request.count) : hits;
}
