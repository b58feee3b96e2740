import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';
import { answerCoding } from '../search/code-search.js';
import type { ArticleHit } from '../search/search-hit.js';
import { hitsOfPages } from '../search/text-search.js';
import { findFamilyHistoryCode } from '../titles/statements/family-history.js';
import type { OfferedReading } from './understanding.js';

/**
 * The reading of a relative's condition: the code for that family history, with its pages. Undefined if these are none.
 * @param subject the first article on the condition itself
 */
export async function findFamilyHistory(
  subject: Pick<ArticleHit, 'article'> | undefined,
  language: Language,
  library: Library,
): Promise<OfferedReading | undefined> {
  if (!subject) return undefined;
  const coding = findFamilyHistoryCode(subject.article.id, library);
  const articles = hitsOfPages(await answerCoding(coding, language, library));
  const [first] = articles;
  return first && { means: first.text.title, language: first.text.language, query: coding.code, articles };
}
