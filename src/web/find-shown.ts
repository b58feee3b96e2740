import { textIn } from '../core/model/article.js';
import { languagesFrom, type Language } from '../core/model/language.js';
import type { Library } from '../core/model/library.js';
import type { ShownArticle } from '../protocols/feed/language-links.js';

/** Articles by id in the order of the ids, each with its text in a language, else in another; ids that are not in the library are left out. */
export function findShown(
  ids: readonly string[],
  language: Language,
  library: Pick<Library, 'findArticles'>,
): ShownArticle[] {
  const found = new Map(ids.length === 0 ? [] : library.findArticles(ids).map((article) => [article.id, article]));
  return ids.flatMap((id) => {
    const article = found.get(id);
    const text = article && textIn(article, languagesFrom(language));
    return article && text ? [{ article, text }] : [];
  });
}
