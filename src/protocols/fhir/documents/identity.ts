import { hash } from 'node:crypto';
import { LANGUAGES, type Language } from '../../../core/model/language.js';

/** FHIR R4 allows an id no more. */
const MAX_ID_CHARS = 64;
const KEPT_CHARS = 50;
const HASH_DIGITS = 8;

/** The id of an article's DocumentReference in one language; longer ones are cut and distinguished by a hash. */
export function documentId(articleId: string, language: Language): string {
  const id = `${articleId}-${language}`;
  if (id.length <= MAX_ID_CHARS) return id;
  return `${articleId.slice(0, KEPT_CHARS)}-${hash('sha256', articleId).slice(0, HASH_DIGITS)}-${language}`;
}

/** An id's parts: the article's id (or, where it was cut, its beginning) and the language. */
export interface DocumentIdParts {
  readonly article: string;
  readonly language: Language;
  readonly cut: string | undefined;
}

/** The parts of an id; undefined for no id of ours. */
export function readDocumentId(id: string): DocumentIdParts | undefined {
  const language = LANGUAGES.find((known) => id.endsWith(`-${known}`));
  if (!language || id.length > MAX_ID_CHARS) return undefined;
  const article = id.slice(0, -language.length - 1);
  const cut = article.length === KEPT_CHARS + 1 + HASH_DIGITS ? article.slice(0, KEPT_CHARS) : undefined;
  return { article, language, cut };
}
