import { ARTICLE_KINDS } from '../core/model/article.js';
import { LANGUAGES } from '../core/model/language.js';
import { INFOBUTTON } from '../protocols/infobutton/describe-routes.js';
import { readDescriptions } from '../protocols/read-description.js';
import { CHAPTERS } from './chapters.js';

/** Describes a page, the form posted to it or a file, by its name in resources/openapi/pages.yaml. */
export const describePage = readDescriptions('pages', () => ({
  kinds: ARTICLE_KINDS,
  languages: LANGUAGES,
  chapters: CHAPTERS.map(({ key }) => key),
  infobuttonQuery: INFOBUTTON.query,
  infobuttonErrors: INFOBUTTON.errors,
}));
