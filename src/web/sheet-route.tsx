import { textIn } from '../core/article.js';
import { dayInZone } from '../core/day-in-zone.js';
import { RequestError } from '../core/errors.js';
import { findForeignLanguage } from '../core/language-links.js';
import type { Language } from '../core/language.js';
import { chooseLanguage, languagesFrom } from '../core/language.js';
import type { Library } from '../core/library.js';
import { giveArticle } from '../protocols/answer-facts.js';
import type { Handler, Route } from '../protocols/route.js';
import { SHEET } from './describe-forms.js';
import { createErrorRenderer } from './error-page.js';
import { NO_STORE, pageResponse } from './layout.js';
import type { PageOptions } from './page-context.js';
import { createPageContext, firstValue, languageOf } from './page-context.js';
import type { Sheet, SheetArticle, SheetLimits } from './sheet-page.js';
import { SHEET_FORM, SheetView } from './sheet-page.js';
import { LOGO_PATH } from './site-logo.js';

export interface SheetOptions extends PageOptions {
  readonly limits: SheetLimits;
  /** The hospital's name; undefined where it is not configured. */
  readonly siteName: string | undefined;
  /** IANA name of the time zone whose day it was printed on. */
  readonly timeZone: string;
  readonly hasLogo: boolean;
}

/** No id is longer, and what is no id is not shown again. */
const ID = /^[a-z]+-[A-Za-z0-9._-]{1,200}$/;

function findOnSheet(ids: readonly string[], language: Language, library: Library): SheetArticle[] {
  const found = new Map(library.findArticles(ids).map((article) => [article.id, article]));
  return ids.flatMap((id) => {
    const article = found.get(id);
    const text = article && textIn(article, languagesFrom(language));
    return article && text ? [{ article, text }] : [];
  });
}

/**
 * `/sheet?article=…&article=…&language=es`: the chosen articles as a sheet to print, in the language that the patient reads
 * (`lang`, as everywhere, is the page's). A note is posted, shown and kept nowhere.
 */
export function sheetRoute(options: SheetOptions): Route {
  const { library, limits, siteName, timeZone, hasLogo } = options;
  const handle: Handler = async ({ parameters, baseUrl, now, method }) => {
    const ownLanguage = languageOf(parameters);
    const reads = firstValue(parameters, 'language') || firstValue(parameters, 'lang');
    const language = chooseLanguage(reads) ?? ownLanguage;
    const foreignLanguage = findForeignLanguage(reads);
    const asked = parameters.flatMap(([name, value]) => (name === 'article' ? value.split(',') : []));
    const ids = [...new Set(asked.map((id) => id.trim()))].filter((id) => ID.test(id));
    const kept = ids.slice(0, limits.maxArticles);
    const note = method === 'POST' ? firstValue(parameters, 'note') : '';
    if (note.length > limits.maxNoteChars) throw new RequestError('query-too-long', { most: limits.maxNoteChars });
    const address = { baseUrl, path: '/sheet', query: { article: kept, language: foreignLanguage ?? language } };
    const page = createPageContext(options, ownLanguage, address);
    const paper = createPageContext(options, language, { ...address, foreignLanguage });
    const articles = findOnSheet(kept, language, library);
    const onSheet = new Set(articles.map(({ article }) => article.id));
    const sheet: Sheet = {
      articles,
      unknown: kept.filter((id) => !onSheet.has(id)),
      isCut: ids.length > kept.length,
      note,
      printedOn: dayInZone(now, timeZone),
      siteName,
      logoUrl: hasLogo ? `${page.basePath}${LOGO_PATH}` : undefined,
    };
    const main = <SheetView sheet={sheet} limits={limits} page={page} paper={paper} />;
    // A browser prints the title above the sheet: it is the sheet's.
    const title = articles.length > 0 ? paper.t('sheet.heading') : page.t('sheet.title');
    const stateForm = articles.length > 0 ? SHEET_FORM : undefined;
    const document = { title, main, searched: '', scripts: ['sheet.js'], stateForm };
    const audit = { articles: articles.map((one) => giveArticle(one.article, one.text)) };
    return pageResponse(page, document, { facts: { outcome: 'ok', audit }, headers: NO_STORE });
  };
  const renderError = createErrorRenderer(options);
  return {
    path: '/sheet',
    protocol: 'page',
    headerKind: 'page',
    get: handle,
    post: handle,
    renderError,
    document: SHEET,
  };
}
