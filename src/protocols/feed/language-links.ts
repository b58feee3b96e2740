import { handoutName, type Article, type ArticleText, type LanguageLink } from '../../core/model/article.js';
import {
  type ReaderLanguage,
  SEVERAL_LANGUAGES,
  findLanguageOffer,
  languageOfReader,
  linksForReader,
  nameLanguage,
} from '../../core/model/language-links.js';
import type { Language } from '../../core/model/language.js';
import type { Translate } from '../../texts.js';
import { element, type Element } from './atom.js';

/** An article's address; a site's handouts are served by us. */
export function absoluteUrl(url: string, baseUrl: string): string {
  return handoutName(url) === undefined ? url : `${baseUrl}/${url}`;
}

/** The media type behind an article's address. */
export function linkType(url: string): string {
  return /\.pdf$/i.test(url) ? 'application/pdf' : 'text/html';
}

function toElement({ language, title, url, publisher }: LanguageLink, t: Translate): Element {
  const named = title === undefined ? t('feed.severalLanguages', { publisher }) : t('feed.by', { title, publisher });
  return element('link', [], { href: url, rel: 'related', type: linkType(url), title: named, hreflang: language });
}

/** An article as it is shown to a reader. */
export interface ShownArticle {
  readonly article: Article;
  readonly text: ArticleText;
}

/** An entry's Atom links to pages in the reader's language, and to the page that lists all languages. */
export function languageLinks({ article, text }: ShownArticle, reader: ReaderLanguage, t: Translate): Element[] {
  return linksForReader(article, text.language, languageOfReader(reader)).map((link) => toElement(link, t));
}

/** As `languageLinks`, only those in the reader's language. */
export function ownLanguageLinks(shown: ShownArticle, reader: ReaderLanguage, t: Translate): Element[] {
  const links = linksForReader(shown.article, shown.text.language, languageOfReader(reader));
  return links.filter(({ language }) => language !== SEVERAL_LANGUAGES).map((link) => toElement(link, t));
}

/** The notice with which an answer in `language` begins if the reader's language is not one of ours. */
export interface LanguageNotice {
  readonly code: 'language-linked' | 'language-absent';
  readonly text: string;
}

/** The notice of a reader's language that is none of ours; undefined otherwise, and without any article. */
export function findLanguageNotice(
  articles: readonly Article[],
  foreignLanguage: string | undefined,
  language: Language,
  t: Translate,
): LanguageNotice | undefined {
  if (foreignLanguage === undefined || articles.length === 0) return undefined;
  const isLinked = findLanguageOffer(articles, foreignLanguage) === 'linked';
  const text = t(isLinked ? 'feed.languageLinked' : 'feed.languageAbsent', {
    language: nameLanguage(foreignLanguage, language),
  });
  return { code: isLinked ? 'language-linked' : 'language-absent', text };
}
