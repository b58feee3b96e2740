import { ARTICLE_KINDS } from '../../core/model/article.js';

const ARTICLE_ID = new RegExp(`^(${ARTICLE_KINDS.join('|')})-[A-Za-z0-9][A-Za-z0-9.-]*$`);
/** As in resources/schemas/library-rows.json. */
const MAX_ID_CHARS = 120;

/** Whether a text is an article's id: its kind and the key of its address. */
export function isArticleId(text: string): boolean {
  return text.length <= MAX_ID_CHARS && ARTICLE_ID.test(text);
}
