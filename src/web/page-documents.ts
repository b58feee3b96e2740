import { ARTICLE_KINDS } from '../core/model/article.js';
import { LANGUAGES } from '../core/model/language.js';
import { INFOBUTTON_ERRORS, INFOBUTTON_QUERY } from '../protocols/infobutton/describe-routes.js';
import { readDescription } from '../protocols/read-description.js';
import type { RouteDocument } from '../protocols/route-document.js';
import { CHAPTERS } from './chapters.js';

type Page = 'about' | 'application' | 'article' | 'browse' | 'code' | 'feedback' | 'find' | 'handout' | 'packet';
type Other = 'assets' | 'handoutPdf' | 'logo' | 'sheet' | 'suggest';

/** What clients read of the pages, of the forms posted to them and of their files. */
export const PAGE_DOCUMENTS = readDescription('pages', {
  kinds: ARTICLE_KINDS,
  languages: LANGUAGES,
  chapters: CHAPTERS.map(({ key }) => key),
  infobuttonQuery: INFOBUTTON_QUERY,
  infobuttonErrors: INFOBUTTON_ERRORS,
}) as Readonly<Record<Page | Other, RouteDocument>>;
