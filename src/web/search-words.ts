import type { Answer, Miss, MissReason } from '../core/knowledge-response.js';
import type { Library } from '../core/library.js';
import type { ArticleHit } from '../core/search-hit.js';
import { searchLibrary } from '../core/text-search.js';
import type { PageContext, PageOptions } from './page-context.js';
import type { Found } from './results.js';
import { wordsOf } from './results.js';

const MOST_ARTICLES = 12;
const MOST_CODES = 8;
const MOST_BY_WORDS = 3;

/** Misses that words may help with; a code that is left without a page on purpose, or a held one, is none of these. */
const HELPED_BY_WORDS: ReadonlySet<MissReason> = new Set([
  'no-code',
  'no-code-system',
  'unknown-code-system',
  'impossible-code',
  'system-not-mapped',
  'system-not-shipped',
  'code-not-mapped',
  'code-not-in-release',
  'drug-name-not-known',
]);

/** Whether words may help where a code found nothing. */
export const isHelpedByWords = ({ reason }: Miss): boolean => HELPED_BY_WORDS.has(reason);

/** Articles that the site gives the page's reader, and codes, by words, English or Spanish, misspelt or not. */
export async function findByWords(query: string, { language, isGiven }: PageContext, library: Library): Promise<Found> {
  const count = MOST_ARTICLES + MOST_CODES;
  const hits = await searchLibrary({ query, language, kind: undefined, count }, library);
  // Codes that begin so come first, and may be many: T4 is a hormone as well.
  const isFullOfCodes = hits.length === count && hits.every(({ kind }) => kind === 'concept');
  const others = isFullOfCodes ? await searchLibrary({ query, language, kind: 'article', count }, library) : hits;
  return {
    articles: others.flatMap((hit) => (hit.kind === 'article' && isGiven(hit) ? [hit] : [])).slice(0, MOST_ARTICLES),
    concepts: hits.flatMap((hit) => (hit.kind === 'concept' ? [hit] : [])).slice(0, MOST_CODES),
  };
}

/** For each code without an article, the articles that its words find and the site gives the page's reader. */
export async function findForMisses(
  answers: readonly Answer[],
  { language, isGiven }: PageContext,
  { library, maxQueryChars }: Pick<PageOptions, 'library' | 'maxQueryChars'>,
): Promise<ReadonlyMap<number, readonly ArticleHit[]>> {
  const found = new Map<number, readonly ArticleHit[]>();
  for (const [index, answer] of answers.entries()) {
    const query = wordsOf(answer).slice(0, maxQueryChars);
    if (!answer.miss || !isHelpedByWords(answer.miss) || query.trim() === '') continue;
    const hits = await searchLibrary({ query, language, kind: 'article', count: MOST_BY_WORDS }, library);
    const articles = hits.flatMap((hit) => (hit.kind === 'article' && isGiven(hit) ? [hit] : []));
    if (articles.length > 0) found.set(index, articles);
  }
  return found;
}
