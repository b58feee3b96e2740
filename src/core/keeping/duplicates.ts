import { codingKey, type Coding } from '../codes/concept.js';
import { getOrAdd } from '../remember.js';
import { LOCAL_ID_PREFIX, type Article } from '../model/article.js';
import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';

/** Handouts of the site that answer the same code in the same language for the same readers: one of them is too many. */
export interface DuplicateHandouts {
  readonly coding: Coding;
  readonly language: Language;
  /** Sorted by id. */
  readonly handouts: readonly { readonly article: string; readonly title: string }[];
}

const toAudience = ({ ageGroups, sex }: Article): string => [...[...ageGroups].sort(), sex ?? ''].join(' ');

/** Lists the site's own duplicates, by code and language. */
export function listDuplicates(
  library: Pick<Library, 'findArticles' | 'findArticleIds' | 'findCodes'>,
): DuplicateHandouts[] {
  const groups = new Map<string, DuplicateHandouts & { readonly handouts: { article: string; title: string }[] }>();
  const own = library.findArticles(library.findArticleIds({ prefix: LOCAL_ID_PREFIX }).sort());
  for (const article of own) {
    for (const { system, code } of library.findCodes(article.id).toArray()) {
      const coding = { system, code };
      for (const { language, title } of Object.values(article.texts)) {
        const key = [codingKey(coding), language, toAudience(article)].join('\n');
        getOrAdd(groups, key, () => ({ coding, language, handouts: [] })).handouts.push({ article: article.id, title });
      }
    }
  }
  return [...groups.entries()]
    .filter(([, { handouts }]) => handouts.length > 1)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, found]) => found);
}

/** Columns of the list as CSV, a row a handout. */
export const DUPLICATE_CSV = ['system', 'code', 'language', 'article', 'title'] as const;

/** The lines of a group as CSV. */
export const toDuplicateCells = ({ coding, language, handouts }: DuplicateHandouts): string[][] =>
  handouts.map(({ article, title }) => [coding.system, coding.code, language, article, title]);
