import type { ConceptMapGroupElement } from '@medplum/fhirtypes';
import { textIn } from '../../../../core/model/article.js';
import { truncate } from '../../../../core/codes/code-hierarchy.js';
import type { CodeSystemId } from '../../../../core/codes/code-systems.js';
import { getOrAdd } from '../../../../core/remember.js';
import type { Library } from '../../../../core/model/library.js';
import type { CrosswalkPair } from '../../../../core/codes/terminology-index.js';
import { Collected, PerArticle, type CollectedOptions } from '../../../long-work/collected.js';
import { toArticleConcept } from './article-system.js';
import { toCrosswalkElements, buildCrosswalkId, toMappingElements } from '../definitions.js';
import { toTermConcept } from './library-system.js';
import { createNamelessConcept, type TermConcept } from './term-system.js';

/** Concepts, and codes of a map, read from the library at once. */
const CONCEPTS = 500;
const CODES = 1000;

/** Rows in the order of their codes, page by page. */
function* readPages<Row>(
  read: (after: string) => readonly Row[],
  getCode: (row: Row) => string,
): Generator<readonly Row[]> {
  for (let after = ''; ;) {
    const rows = read(after);
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = getCode(last);
  }
}

const byCode = ({ code }: { readonly code: string }): string => code;

function readSystem(library: Library, system: CodeSystemId): readonly TermConcept[] {
  const found: TermConcept[] = [];
  const pages = readPages((after) => library.terminology.listConcepts(system, after, CONCEPTS), byCode);
  for (const page of pages) found.push(...page.map(toTermConcept));
  if (library.status().completeSystems.has(system)) return found;
  const known = new Set(found.map(({ code }) => code));
  // Codes that the library only maps are in the fragment that it holds, without a name.
  for (const rows of readPages((after) => library.terminology.listMappings(system, after, CODES), byCode)) {
    for (const code of new Set(rows.map((row) => row.code))) {
      if (!known.has(code)) found.push(createNamelessConcept(code, truncate({ system, code })));
    }
  }
  return found.sort((a, b) => (a.code < b.code ? -1 : 1));
}

function readMappingFile(library: Library, from: CodeSystemId): readonly ConceptMapGroupElement[] {
  const elements: ConceptMapGroupElement[] = [];
  const titles = new Map<string, string | undefined>();
  for (const rows of readPages((after) => library.terminology.listMappings(from, after, CODES), byCode)) {
    const unknown = [...new Set(rows.flatMap(({ article }) => (article && !titles.has(article) ? article : [])))];
    for (const id of unknown) titles.set(id, undefined);
    for (const article of library.findArticles(unknown)) titles.set(article.id, textIn(article, ['en', 'es'])?.title);
    elements.push(...toMappingElements(rows, titles));
  }
  return elements;
}

function readCrosswalk(library: Library, pair: CrosswalkPair): readonly ConceptMapGroupElement[] {
  const elements: ConceptMapGroupElement[] = [];
  const pages = readPages(
    (after) => library.terminology.listCrosswalks(pair, after, CODES),
    ({ from }) => from.code,
  );
  for (const rows of pages) elements.push(...toCrosswalkElements(rows));
  return elements;
}

/** Whole code systems and maps of a library, collected at the first request, and cached in memory until a swap changes them. */
export function createWholeTerminology(library: Library) {
  const systems = new Map<CodeSystemId, Collected<readonly TermConcept[]>>();
  const maps = new Map<string, Collected<readonly ConceptMapGroupElement[]>>();
  const articles = new PerArticle(library, (some) => some.map(toArticleConcept));
  const get = <Key, T>(cache: Map<Key, Collected<T>>, key: Key, options: CollectedOptions<T>): Promise<T> =>
    getOrAdd(cache, key, () => new Collected(library, options)).get();
  return {
    /** All concepts of a code system, by code. */
    readConcepts: (system: CodeSystemId) =>
      get(systems, system, {
        collect: () => readSystem(library, system),
        of: [{ concepts: system }, { mappings: system }],
      }),
    /** All articles as concepts, by id. */
    articles: () => articles.all(),
    /** The elements of the map from a code system to articles. */
    readMappings: (from: CodeSystemId) => get(maps, from, { collect: () => readMappingFile(library, from) }),
    /** The elements of the map between two code systems. */
    readCrosswalks: (pair: CrosswalkPair) =>
      get(maps, buildCrosswalkId(pair), {
        collect: () => readCrosswalk(library, pair),
        of: [{ crosswalks: true }],
      }),
  };
}

export type WholeTerminology = ReturnType<typeof createWholeTerminology>;
