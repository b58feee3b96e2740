import type { Answer, Miss, MissReason } from '../../core/answer/knowledge-response.js';
import type { ArticleHit } from '../../core/search/search-hit.js';
import { addFromSummaries } from '../../core/words/find-in-summaries.js';
import type { Understanding } from '../../core/words/understanding.js';
import { understandWords } from '../../core/words/understand-words.js';
import { ARTICLE_KINDS, type ArticleKind } from '../../core/model/article.js';
import { LANGUAGES, type Language } from '../../core/model/language.js';
import { LIMITS } from '../../limits.js';
import { firstValue, type Parameters } from '../../protocols/route.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { findWords, type Found } from './results.js';

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
  'billing-code',
  'code-not-mapped',
  'code-not-in-release',
  'drug-name-not-known',
  'drug-without-page',
]);

/** Whether words may help where a code found nothing. */
export const isHelpedByWords = ({ reason }: Miss): boolean => HELPED_BY_WORDS.has(reason);

/** Whether a line was understood otherwise than by its words: then its words are not searched beside a code either. */
export const isDecided = ({ understood: { kind } }: Found): boolean => kind !== 'words' && kind !== 'code';

/** Filters of the hits; undefined: any. */
export interface Narrowing {
  readonly kind?: ArticleKind | undefined;
  /** Articles that are in this language too. */
  readonly inLanguage?: Language | undefined;
  /** All of them, in place of the first. */
  readonly isWhole?: boolean;
}

/** Reads what filters of `/find` say. */
export function readNarrowing(parameters: Parameters): Narrowing {
  return {
    kind: ARTICLE_KINDS.find((kind) => kind === firstValue(parameters, 'kind')),
    inLanguage: LANGUAGES.find((language) => language === firstValue(parameters, 'in')),
    isWhole: firstValue(parameters, 'all') === 'true',
  };
}

/** Articles that the site gives the page's reader, and codes, for what a person typed. */
export async function findByWords(
  query: string,
  { language, isGiven }: PageContext,
  { library, vocabulary }: Pick<PageOptions, 'library' | 'vocabulary'>,
  narrowing: Narrowing = {},
): Promise<Found> {
  const count = LIMITS.maxHits + MOST_CODES;
  const understand = async (kind?: 'article'): Promise<Understanding> => {
    const request = { query, language, kind, count };
    return addFromSummaries(await understandWords(request, library, vocabulary), request, library, vocabulary);
  };
  const understood = await understand();
  const { hits } = understood;
  // Codes that begin so come first, and may be many: T4 is a hormone as well.
  const isFullOfCodes = hits.length === count && hits.every(({ kind }) => kind === 'concept');
  const others = isFullOfCodes ? (await understand('article')).hits : hits;
  const all = others.flatMap((hit) => (hit.kind === 'article' && isGiven(hit) ? [hit] : [])).slice(0, LIMITS.maxHits);
  const { kind, inLanguage, isWhole } = narrowing;
  const wanted = all
    .filter(({ article }) => kind === undefined || article.kind === kind)
    .filter(({ article }) => inLanguage === undefined || article.texts[inLanguage] !== undefined);
  return {
    understood,
    narrowing,
    all,
    wanted: wanted.length,
    articles: isWhole ? wanted : wanted.slice(0, MOST_ARTICLES),
    concepts: hits.flatMap((hit) => (hit.kind === 'concept' ? [hit] : [])).slice(0, MOST_CODES),
  };
}

/** For each code without an article, the articles that its words find and the site gives the page's reader. */
export async function findForMisses(
  answers: readonly Answer[],
  { language, isGiven }: PageContext,
  { library, vocabulary }: Pick<PageOptions, 'library' | 'vocabulary'>,
): Promise<ReadonlyMap<number, readonly ArticleHit[]>> {
  const found = new Map<number, readonly ArticleHit[]>();
  for (const [index, answer] of answers.entries()) {
    const query = findWords(answer).slice(0, LIMITS.maxQueryChars);
    if (!answer.miss || !isHelpedByWords(answer.miss) || query.trim() === '') continue;
    const request = { query, language, kind: 'article', count: MOST_BY_WORDS } as const;
    const { hits } = await understandWords(request, library, vocabulary);
    const articles = hits.flatMap((hit) => (hit.kind === 'article' && isGiven(hit) ? [hit] : []));
    if (articles.length > 0) found.set(index, articles);
  }
  return found;
}
