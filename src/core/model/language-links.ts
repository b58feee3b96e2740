import type { Article, LanguageLink } from './article.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import { chooseLanguage, type Language } from './language.js';
import { readOnce } from '../read-once.js';
import { findOwn } from '../find-own.js';

/** A page that lists the same subject in several languages (ISO 639-2). */
export const SEVERAL_LANGUAGES = 'mul';

/** Maximum length of a language tag (RFC 5646, section 4.4.1). */
const MOST_TAG_CHARS = 35;

const createNames = (language: Language, fallback: 'code' | 'none') => (): Intl.DisplayNames =>
  new Intl.DisplayNames([language], { type: 'language', fallback });

/** Names of languages in each of ours, and `known`: English ones only where there is one. Creating one of these takes far longer than using it. */
const NAMES = readOnce({
  en: createNames('en', 'code'),
  es: createNames('es', 'code'),
  known: createNames('en', 'none'),
});

/** Normalises a tag to its language and usual script: `zh-CN` is `zh Hans`, `tl` is `fil Latn`. */
function readTag(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return script === undefined ? undefined : `${language} ${script}`;
  } catch {
    return undefined;
  }
}

/**
 * The language that a sender requests if it is not one of ours: a BCP 47 tag without region, from any well-formed tag
 * or ISO 639 code (`vi`, `vie`, `zh_CN`). Undefined for ours and for unknown languages.
 */
export function findForeignLanguage(sent: string): string | undefined {
  const tag = sent.trim().replaceAll('_', '-');
  if (tag === '' || tag.length > MOST_TAG_CHARS || chooseLanguage(tag) !== undefined) return undefined;
  try {
    const { language, script } = new Intl.Locale(tag);
    if (language === SEVERAL_LANGUAGES || language === 'und' || NAMES.known.of(language) === undefined)
      return undefined;
    const written = new Intl.Locale(tag).maximize().script;
    const isUsual = script === undefined && written === new Intl.Locale(language).maximize().script;
    return isUsual || written === undefined ? language : `${language}-${written}`;
  } catch {
    return undefined;
  }
}

/** Names that differ from Intl's: it maps Tagalog to Filipino, its standard form. */
const OTHER_NAMES: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  tl: { en: 'Tagalog', es: 'tagalo' },
};

/** The name of a language, in one of ours. */
export const nameLanguage = (tag: string, language: Language): string =>
  findOwn(OTHER_NAMES, tag)?.[language] ?? NAMES[language].of(tag) ?? tag;

/** The language that a reader requests. */
export type ReaderLanguage = Pick<RequestContext, 'language' | 'foreignLanguage'>;

/** The language that the reader requests, one of ours or not. */
export const languageOfReader = ({ language, foreignLanguage }: ReaderLanguage): string => foreignLanguage ?? language;

/** The article's links to pages in one language (BCP 47), in any region. */
export function linksIn({ links }: Pick<Article, 'links'>, tag: string): readonly LanguageLink[] {
  if (links.length === 0) return links;
  const wanted = readTag(tag);
  return wanted === undefined ? [] : links.filter(({ language }) => readTag(language) === wanted);
}

/** Offer of articles for a reader of a further language: pages in it, a list of pages in many languages, or neither. */
export type LanguageOffer = 'linked' | 'listed' | 'absent';

/** The best offer of any of the articles to a reader of a further language. */
export function findLanguageOffer(articles: readonly Pick<Article, 'links'>[], tag: string): LanguageOffer {
  if (articles.some((article) => linksIn(article, tag).length > 0)) return 'linked';
  const isListed = articles.some(({ links }) => links.some(({ language }) => language === SEVERAL_LANGUAGES));
  return isListed ? 'listed' : 'absent';
}

/**
 * The article's links for a reader whose language differs from the shown text's, then the page that lists all
 * languages.
 */
export function linksForReader(article: Article, shown: Language, reader: string): readonly LanguageLink[] {
  const own = shown === reader ? [] : linksIn(article, reader);
  return [...own, ...article.links.filter(({ language }) => language === SEVERAL_LANGUAGES)];
}
