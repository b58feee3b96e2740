import { join } from 'node:path';
import {
  ARTICLE_KINDS,
  handoutName,
  type Publisher,
  type PublisherText,
  type Sensitivity,
  type LanguageLink,
} from '../core/model/article.js';
import { isCodeSystemId, type CodeSystemId } from '../core/codes/code-systems.js';
import type { Relationship } from '../core/answer/knowledge-response.js';
import { LANGUAGES, type Language } from '../core/model/language.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import type { Synonym } from '../core/search/search-index.js';
import { phraseOf } from '../core/search/text-query.js';
import { ON_DISK, RowReader, type Row, type RowKind, type SourceFiles, type TakeRow } from './read-rows.js';
import { addTexts } from './read-texts.js';
import {
  NO_ROWS,
  type ArticleFacts,
  type ConceptFacts,
  type CrosswalkFacts,
  type LibrarySource,
  type MappingFacts,
  type TextFacts,
} from './source.js';
import { escapeHtml } from '../core/escape.js';
import { groupBy } from '../core/group-by.js';

/** The file of links to pages in further languages, in a folder of articles. */
const LANGUAGE_LINKS = 'language-link.csv';

interface LinkRow {
  readonly article: string;
  readonly link: LanguageLink;
}

function readRows(folder: string, reader: RowReader): LinkRow[] {
  const rows: LinkRow[] = [];
  const seen = new Set<string>();
  reader.readIfThere(join(folder, LANGUAGE_LINKS), 'languageLink', (row) => {
    const { article, language, title, url, publisher } = row as unknown as LanguageLink & { article: string };
    const key = `${article} ${language} ${url}`;
    if (seen.has(key)) return `${article} has this link already`;
    seen.add(key);
    rows.push({ article, link: { language, ...(title === undefined ? {} : { title }), url, publisher } });
    return undefined;
  });
  return rows;
}

/**
 * Adds a folder's links to its articles' facts. An article for which the folder has only links gets facts with only
 * these: a lower layer's facts remain.
 */
function addLanguageLinks(folder: string, reader: RowReader, articles: readonly ArticleFacts[]): ArticleFacts[] {
  const byArticle = groupBy(readRows(folder, reader), ({ article }) => article);
  const links = new Map([...byArticle].map(([id, own]) => [id, own.map(({ link }) => link)]));
  const known = new Set(articles.map(({ id }) => id));
  const withLinks = articles.map((facts) => {
    const own = links.get(facts.id);
    return own ? { ...facts, links: own } : facts;
  });
  const others = [...links].flatMap(([id, own]) => (known.has(id) ? [] : [{ id, links: own }]));
  return [...withLinks, ...others];
}

const list = (value: Row[string]): readonly string[] | undefined => value as readonly string[] | undefined;
const text = (value: Row[string]): string | undefined => value as string | undefined;

/** The columns of an article's facts, and of its text, in their order in a release. */
const ARTICLE_COLUMNS =
  'id publisher sex age_groups institute sensitivity care reviewed_on edition_on gdti seen_on reviewers related_topics patient_instructions images reference_count';
const TEXT_COLUMNS = 'title url origin also_called';

/** Cells of a row by the names of their fields. An empty one is left out: a lower layer's value applies. */
const toFields = (row: Row, columns: string): object =>
  Object.fromEntries(
    columns.split(' ').flatMap((column) => {
      const field = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return row[column] === undefined ? [] : [[field, row[column]]];
    }),
  );

function toText(row: Row, language: Language): TextFacts {
  const summary = text(row.summary);
  const own = { article: row.id as string, language, ...toFields(row, TEXT_COLUMNS) };
  return summary === undefined ? own : { ...own, summaryHtml: `<p>${escapeHtml(summary)}</p>` };
}

function toMapping(row: Row, system: CodeSystemId, code: string, line: number): MappingFacts {
  return {
    line,
    system,
    code,
    article: text(row.article),
    relationship: row.relationship as Relationship | 'none',
    rank: (row.rank as number | undefined) ?? 1,
    sensitivity: row.sensitivity as Sensitivity | undefined,
    origin: text(row.origin) ?? 'curated',
    note: text(row.note) ?? '',
  };
}

function readPublishers(folder: string, reader: RowReader): Publisher[] {
  const texts = new Map<string, Partial<Record<Language, PublisherText>>>();
  const publishers: Publisher[] = [];
  for (const language of LANGUAGES) {
    reader.readIfThere(join(folder, `publisher.${language}.csv`), 'publisherText', (row) => {
      const words = { attribution: row.attribution, rights: row.rights ?? '', disclaimer: row.disclaimer ?? '' };
      texts.set(row.id as string, { ...texts.get(row.id as string), [language]: words as PublisherText });
      return undefined;
    });
  }
  reader.readIfThere(join(folder, 'publisher.csv'), 'publisher', (row) => {
    const { id, name, url = '', licensed } = row as unknown as Omit<Publisher, 'url'> & { readonly url?: string };
    publishers.push({ id, name, url, licensed, texts: texts.get(id) ?? {} });
    return undefined;
  });
  return publishers;
}

function readArticles(
  folder: string,
  reader: RowReader,
  handouts: ReadonlySet<string>,
): Pick<LibrarySource, 'articles' | 'texts'> {
  const articles: ArticleFacts[] = [];
  const texts: TextFacts[] = [];
  for (const name of reader.list(folder).filter((file) => !file.startsWith('publisher.') && file !== LANGUAGE_LINKS)) {
    const [kind = '', second] = name.split('.');
    const language = LANGUAGES.find((known) => known === second);
    if (!ARTICLE_KINDS.some((known) => known === kind) || (second !== 'csv' && !language)) {
      reader.reject(name, 'not a known kind of article and language');
      continue;
    }
    const take = (row: Row): string | undefined => {
      if (!(row.id as string).startsWith(`${kind}-`)) return `the id of a ${kind} article begins with ${kind}-`;
      const handout = handoutName(text(row.url) ?? '');
      if (handout !== undefined && !handouts.has(handout)) return `there is no handout ${handout}`;
      if (language) texts.push(toText(row, language));
      else articles.push(toFields(row, ARTICLE_COLUMNS) as ArticleFacts);
      return undefined;
    };
    reader.read(join(folder, name), language ? 'articleText' : 'article', take);
  }
  return { articles: addLanguageLinks(folder, reader, articles), texts };
}

/**
 * Reads the files of a folder that are named after a code system.
 * @param createTaker creates the reader of one file's rows
 */
function readSystemFiles(
  folder: string,
  kind: RowKind,
  reader: RowReader,
  createTaker: (system: CodeSystemId) => TakeRow,
): void {
  for (const name of reader.list(folder)) {
    const system = name.replace(/\.csv$/, '');
    if (isCodeSystemId(system)) reader.read(join(folder, name), kind, createTaker(system));
    else reader.reject(name, 'the file name is not a known code system');
  }
}

function readMappings(folder: string, reader: RowReader): MappingFacts[] {
  const mappings: MappingFacts[] = [];
  const seen = new Set<string>();
  readSystemFiles(folder, 'mapping', reader, (system) => (row, line) => {
    const code = normalizeCode(system, row.code as string);
    if (code === undefined) return `${row.code as string} is not a possible code of ${system}`;
    const mapping = toMapping(row, system, code, line);
    const key = `${system}|${code}|${mapping.article ?? ''}`;
    if (seen.has(key)) return `${code} has this row already`;
    seen.add(key);
    mappings.push(mapping);
    return undefined;
  });
  return mappings;
}

function readCrosswalks(folder: string, reader: RowReader): CrosswalkFacts[] {
  const crosswalks: CrosswalkFacts[] = [];
  for (const name of reader.list(folder)) {
    const [from = '', to = ''] = name.split('.');
    if (!isCodeSystemId(from) || !isCodeSystemId(to)) {
      reader.reject(name, 'a crosswalk is named <code system>.<code system>.csv');
      continue;
    }
    const take = (row: Row): string | undefined => {
      const code = normalizeCode(from, row.code as string);
      const target = normalizeCode(to, row.target as string);
      if (code === undefined || target === undefined) return 'an impossible code';
      crosswalks.push({
        from: { system: from, code },
        to: { system: to, code: target },
        relationship: (row.relationship as Relationship | undefined) ?? 'equivalent',
      });
      return undefined;
    };
    reader.read(join(folder, name), 'crosswalk', take);
  }
  return crosswalks;
}

function readConcepts(folder: string, reader: RowReader): ConceptFacts[] {
  const concepts: ConceptFacts[] = [];
  readSystemFiles(folder, 'concept', reader, (system) => (row) => {
    const { title = '', parent, billable, names } = row;
    // A heading (chapter, block) does not have the form of a code and is accepted as written.
    const code = normalizeCode(system, row.code as string) ?? (row.code as string);
    concepts.push({
      system,
      code,
      title: title as string,
      parent: text(parent),
      billable: billable as boolean | undefined,
      active: true,
      names: list(names) ?? [],
    });
    return undefined;
  });
  return concepts;
}

function readSynonyms(folder: string, reader: RowReader): Synonym[] {
  const synonyms: Synonym[] = [];
  reader.readIfThere(join(folder, 'synonyms.csv'), 'synonym', (row) => {
    const term = phraseOf(row.term as string);
    const means = row.means as string;
    if (term === '' || phraseOf(means) === '') return 'no searchable words';
    synonyms.push({ term, means, language: row.language as Language });
    return undefined;
  });
  return synonyms;
}

/** The folders of a library's files; each may be absent. */
export interface SourceFolders {
  /** <kind>.csv, <kind>.<language>.csv, language-link.csv, publisher.csv, publisher.<language>.csv */
  readonly articlesDir: string;
  /** <code system>.csv, crosswalks/<from>.<to>.csv */
  readonly mappingsDir: string;
  /** <code system>.csv */
  readonly conceptsDir: string;
  /** synonyms.csv */
  readonly searchDir: string;
  /** <language>/<letter>.html; only the program's own library has it. */
  readonly textsDir?: string;
}

/**
 * Reads a library's files. Bad rows are left out and reported; they do not throw.
 * @param handouts names of the handout files that a text's address may refer to
 */
export function readSource(
  { articlesDir, mappingsDir, conceptsDir, searchDir, textsDir }: SourceFolders,
  resourcesDir: string,
  handouts: ReadonlySet<string> = new Set(),
  files: SourceFiles = ON_DISK,
): LibrarySource {
  const reader = new RowReader(resourcesDir, files);
  // In this order: complaints are reported in it.
  const publishers = readPublishers(articlesDir, reader);
  const { articles, texts } = readArticles(articlesDir, reader, handouts);
  return {
    ...NO_ROWS,
    publishers,
    articles,
    texts: textsDir === undefined ? texts : addTexts(textsDir, texts, files, reader.complaints),
    mappings: readMappings(mappingsDir, reader),
    crosswalks: readCrosswalks(join(mappingsDir, 'crosswalks'), reader),
    concepts: readConcepts(conceptsDir, reader),
    synonyms: readSynonyms(searchDir, reader),
    complaints: reader.complaints,
  };
}
