import type { Answer, Match } from '../../core/answer/knowledge-response.js';
import type { Element } from '../feed/element.js';
import { findLanguageNotice, languageLinks, ownLanguageLinks } from '../feed/language-links.js';
import type { FeedContext } from './feed-context.js';

/** An entry's links to pages in the reader's language, and to the page that lists all languages. */
export const renderLanguageLinks = (match: Match, { parsed, t }: FeedContext): Element[] =>
  languageLinks(match, parsed.request.context, t);

/** As `languageLinksOf`, only those in the reader's language. */
export const renderOwnLanguageLinks = (match: Match, { parsed, t }: FeedContext): Element[] =>
  ownLanguageLinks(match, parsed.request.context, t);

/** The notice with which an answer begins if the reader's language is not one of ours; empty otherwise, and without any article. */
export function languageNotice({ matches }: Answer, { parsed, language, t }: FeedContext): string {
  const articles = matches.map(({ article }) => article);
  const notice = findLanguageNotice(articles, parsed.request.context.foreignLanguage, language, t);
  return notice ? `${notice.text} ` : '';
}
