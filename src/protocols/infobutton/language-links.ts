import type { Answer, Match } from '../../core/knowledge-response.js';
import type { LanguageLink } from '../../core/article.js';
import {
  SEVERAL_LANGUAGES,
  languageOfReader,
  linksForReader,
  linksIn,
  nameLanguage,
} from '../../core/language-links.js';
import type { Element } from '../element.js';
import { element } from '../element.js';
import type { FeedContext } from './feed-context.js';
import { linkType } from './feed-context.js';

function toElement({ language, title, url, publisher }: LanguageLink, { t }: FeedContext): Element {
  const named = title === undefined ? t('feed.severalLanguages', { publisher }) : t('feed.by', { title, publisher });
  return element('link', [], { href: url, rel: 'related', type: linkType(url), title: named, hreflang: language });
}

/** An entry's links to pages in the reader's language, and to the page that lists all languages. */
export function languageLinks({ article, text }: Match, context: FeedContext): Element[] {
  const reader = languageOfReader(context.parsed.request.context);
  return linksForReader(article, text.language, reader).map((link) => toElement(link, context));
}

/** As `languageLinks`, only those in the reader's language. */
export function ownLanguageLinks(match: Match, context: FeedContext): Element[] {
  return languageLinks(match, context).filter(({ attributes }) => attributes?.['hreflang'] !== SEVERAL_LANGUAGES);
}

/** What an answer says first where the reader's language is none of ours; empty otherwise, and without any article. */
export function languageNotice({ matches }: Answer, { parsed, language, t }: FeedContext): string {
  const { foreignLanguage } = parsed.request.context;
  if (foreignLanguage === undefined || matches.length === 0) return '';
  const isLinked = matches.some(({ article }) => linksIn(article, foreignLanguage).length > 0);
  const name = nameLanguage(foreignLanguage, language);
  return `${t(isLinked ? 'feed.languageLinked' : 'feed.languageAbsent', { language: name })} `;
}
