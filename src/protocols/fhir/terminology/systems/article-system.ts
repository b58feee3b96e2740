import type { CodeSystem } from '@medplum/fhirtypes';
import { textIn, type Article } from '../../../../core/model/article.js';
import type { Library } from '../../../../core/model/library.js';
import { createFlatSystem, type TermConcept, type TermSystem } from './term-system.js';

export function toArticleConcept(article: Article): TermConcept {
  const texts = Object.values(article.texts);
  return {
    code: article.id,
    display: textIn(article, ['en', 'es'])?.title,
    inactive: texts.length === 0,
    designations: texts.map(({ language, title }) => ({ language, value: title })),
    properties: [
      { code: 'kind', valueCode: article.kind },
      { code: 'inactive', valueBoolean: texts.length === 0 },
    ],
    parents: [],
  };
}

/** Our articles as a code system: their ids are its codes. @param all returns all of them, by id */
export const createArticleSystem = (library: Library, header: CodeSystem, all: TermSystem['all']): TermSystem =>
  createFlatSystem(
    header,
    (codes) => new Map(library.findArticles(codes).map((article) => [article.id, toArticleConcept(article)])),
    all,
  );
