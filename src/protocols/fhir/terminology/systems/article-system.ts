import type { CodeSystem } from '@medplum/fhirtypes';
import type { Article, ArticleKind } from '../../../../core/model/article.js';
import { ARTICLE_KINDS, textIn } from '../../../../core/model/article.js';
import type { Library } from '../../../../core/model/library.js';
import type { TermConcept, TermSystem } from './term-system.js';
import { flatSystem } from './term-system.js';

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
    abstract: false,
    inactive: texts.length === 0,
    designations: texts.map(({ language, title }) => ({ language, value: title })),
    properties: [
      { code: 'kind', valueCode: article.kind },
      { code: 'inactive', valueBoolean: texts.length === 0 },
    ],
    parents: [],
  };
}

const common = {
  resourceType: 'CodeSystem',
  status: 'active',
  experimental: false,
  caseSensitive: true,
  compositional: false,
  versionNeeded: false,
  content: 'complete',
} as const;

export interface ArticleSystemFacts {
  readonly canonicalBase: string;
  readonly version: string;
  readonly date: string;
  readonly articles: number;
}

export function articleHeader({ canonicalBase, version, date, articles }: ArticleSystemFacts): CodeSystem {
  return {
    ...common,
    id: 'articles',
    url: `${canonicalBase}/CodeSystem/articles`,
    version,
    name: 'EducationConnectArticles',
    title: 'Articles of Education Connect',
    date,
    description: 'The patient education articles of the library; a code is an article in all its languages.',
    valueSet: `${canonicalBase}/ValueSet/articles-all`,
    count: articles,
    property: [
      { code: 'kind', description: 'The kind of article, a code of article-kinds', type: 'code' },
      { code: 'inactive', uri: 'http://hl7.org/fhir/concept-properties#inactive', type: 'boolean' },
    ],
  };
}

/** The kinds of article, whole. */
export function articleKinds({ canonicalBase, version, date }: ArticleSystemFacts): CodeSystem {
  return {
    ...common,
    id: 'article-kinds',
    url: `${canonicalBase}/CodeSystem/article-kinds`,
    version,
    name: 'EducationConnectArticleKinds',
    title: 'Kinds of article',
    date,
    description: 'What kinds of patient education article there are; the kind opens an id of an article.',
    valueSet: `${canonicalBase}/ValueSet/article-kinds-all`,
    count: ARTICLE_KINDS.length,
    concept: ARTICLE_KINDS.map((code) => ({ code, display: KIND_DISPLAYS[code] })),
  };
}

/** Our articles as a code system: their ids are its codes. @param all returns all of them, by id */
export const articleSystem = (library: Library, header: CodeSystem, all: TermSystem['all']): TermSystem =>
  flatSystem(
    header,
    (codes) => new Map(library.findArticles(codes).map((article) => [article.id, toArticleConcept(article)])),
    all,
  );
