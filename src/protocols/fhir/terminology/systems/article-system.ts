import type { CodeSystem, CodeSystemConcept } from '@medplum/fhirtypes';
import { ARTICLE_KINDS, textIn, type Article, type ArticleKind } from '../../../../core/model/article.js';
import type { Library } from '../../../../core/model/library.js';
import { createFlatSystem, type TermConcept, type TermSystem } from './term-system.js';

const KIND_DISPLAYS: Readonly<Record<ArticleKind, string>> = {
  topic: 'MedlinePlus health topic',
  ency: 'Medical encyclopedia article',
  encypi: 'Patient instructions',
  drug: 'Drug information',
  herb: 'Herb or supplement',
  test: 'Medical test',
  genetics: 'Genetics page',
  vis: 'Vaccine Information Statement',
  local: "A site's own handout",
};

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

/** The concepts of the code system of kinds. */
export const ARTICLE_KIND_CONCEPTS: readonly CodeSystemConcept[] = ARTICLE_KINDS.map((code) => ({
  code,
  display: KIND_DISPLAYS[code],
}));

/** Our articles as a code system: their ids are its codes. @param all returns all of them, by id */
export const createArticleSystem = (library: Library, header: CodeSystem, all: TermSystem['all']): TermSystem =>
  createFlatSystem(
    header,
    (codes) => new Map(library.findArticles(codes).map((article) => [article.id, toArticleConcept(article)])),
    all,
  );
