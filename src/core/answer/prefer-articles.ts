import type { Article } from '../model/article.js';
import type { Language } from '../model/language.js';
import type { Rejection } from './knowledge-response.js';
import type { Candidate } from './rank.js';
import type { SitePolicy } from '../policy/site-policy.js';

/** Ids of the articles that may be shown where these are. */
export function listPreferred(ids: ReadonlySet<string>, { preferences }: SitePolicy): string[] {
  return preferences.flatMap(({ article, over }) => (over !== undefined && ids.has(over) ? [article] : []));
}

/** Whether a site's rule puts an article before all others: only if the reader can read it. */
export function isPreferred({ id, texts }: Article, language: Language, { preferences }: SitePolicy): boolean {
  return texts[language] !== undefined && preferences.some(({ article, over }) => article === id && over === undefined);
}

export interface Preferring<Ranked extends Candidate> {
  readonly policy: SitePolicy;
  readonly language: Language;
  /** The article in the other's place for this reader; undefined if it does not suit them. */
  readonly findReplacement: (article: string, other: Ranked) => Ranked | undefined;
}

/**
 * Puts a site's preferred articles before others or in their place. A preferred article that does not suit this reader
 * changes nothing, and neither does one that lacks the reader's language if the other has it. It inherits the replaced
 * article's relationship to the code.
 * @param ranked best first
 */
export function preferArticles<Ranked extends Candidate>(
  ranked: readonly Ranked[],
  { policy, language, findReplacement }: Preferring<Ranked>,
): { ranked: Ranked[]; rejections: Rejection[] } {
  const { preferences } = policy;
  const result = new Map<string, Ranked>();
  const rejections: Rejection[] = [];
  for (const other of ranked) {
    let isReplaced = false;
    for (const { article, over, replaces } of preferences) {
      if (over !== other.article.id) continue;
      const preferred = result.get(article) ?? findReplacement(article, other);
      if (!preferred || (!preferred.article.texts[language] && other.article.texts[language])) continue;
      result.set(article, preferred);
      isReplaced ||= replaces;
    }
    if (isReplaced) rejections.push({ article: other.article.id, reason: 'replaced' });
    // The preferred article may already stand before the one it replaces.
    else if (!result.has(other.article.id)) result.set(other.article.id, other);
  }
  return { ranked: [...result.values()], rejections };
}
