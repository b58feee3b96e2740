import { parseQuery } from '../../search/text-query.js';
import { isPerson } from '../word-weights.js';
import { foldText } from '../../search/text-tokens.js';
import type { ArticleHit, SearchHit, SearchRequest } from '../../search/search-hit.js';
import { withoutRepeats } from '../../search/text-rank.js';
import type { Library } from '../../model/library.js';
import { findJudged } from '../find-known.js';

/** A title of a discharge is meant by its words: `stroke discharge` is `Stroke - discharge`. */
const toKey = (title: string): string => foldText(title.trim()).replace(/ - discharge$/, ' discharge');

/** Articles whose title in the requested language is the line, those that words find first in front. */
function findTitled({ query, language }: SearchRequest, hits: readonly SearchHit[], library: Library): ArticleHit[] {
  const line = toKey(query);
  const ids = library.status().titleFacts?.words.named(query) ?? [];
  const place = (id: string): number => hits.findIndex((hit) => hit.kind === 'article' && hit.article.id === id);
  return findJudged(ids, query, language, library)
    .filter(({ article }) => toKey(article.texts[language]?.title ?? '') === line)
    .sort((a, b) => (place(a.article.id) + 1 || Infinity) - (place(b.article.id) + 1 || Infinity) || 0);
}

/** Below this score a line's words are in no name together. */
const LEAST_CERTAIN_SCORE = 0.6;

/** The articles whose title a line is without whom it is about, where nothing found has all of its words: `fever child`. */
function findWithoutPerson(request: SearchRequest, hits: readonly SearchHit[], library: Library): ArticleHit[] {
  const words = parseQuery(request.query).map(({ word }) => word);
  const others = words.filter((word) => !isPerson(word));
  const isCertain = (hits[0]?.score ?? 0) >= LEAST_CERTAIN_SCORE;
  if (isCertain || others.length === words.length || others.length === 0) return [];
  return findTitled({ ...request, query: others.join(' ') }, hits, library);
}

/** Puts the article whose exact title was typed before whatever else a line finds: a user who types a title means it. */
export function leadWithTitle(
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
): readonly SearchHit[] {
  if (request.kind === 'concept') return hits;
  const exact = findTitled(request, hits, library);
  const titled = exact.length > 0 ? exact : findWithoutPerson(request, hits, library);
  return titled.length > 0 ? withoutRepeats([...titled, ...hits]).slice(0, request.count) : hits;
}
