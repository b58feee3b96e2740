import type { ConceptMapGroupElement } from '@medplum/fhirtypes';
import { textIn } from '../../../../core/model/article.js';
import { truncate } from '../../../../core/codes/code-hierarchy.js';
import type { CodeSystemId } from '../../../../core/codes/code-systems.js';
import type { Concept } from '../../../../core/codes/concept.js';
import type { Library } from '../../../../core/model/library.js';
import type { CrosswalkPair } from '../../../../core/codes/terminology-index.js';
import type { Pause } from '../../../gathered.js';
import { Gathered, MadeOfArticles } from '../../../gathered.js';
import { toArticleConcept } from './article-system.js';
import { crosswalkElements, crosswalkId, mappingElements } from '../definitions.js';
import { toTermConcept } from './library-system.js';
import type { TermConcept } from './term-system.js';
import { namelessConcept } from './term-system.js';

/** Articles, concepts, and codes of a map, read from the library at once: some milliseconds of the process. */
const ARTICLES = 200;
const CONCEPTS = 500;
const CODES = 1000;

/** The concepts of a system in the order of their codes, page by page. */
async function* pagesOf(library: Library, system: CodeSystemId, pause: Pause): AsyncGenerator<readonly Concept[]> {
  for (let after = ''; ;) {
    const page = library.listConcepts(system, after, CONCEPTS);
    yield page;
    const last = page.at(-1);
    if (!last || page.length < CONCEPTS) return;
    after = last.code;
    await pause();
  }
}

async function readSystem(library: Library, system: CodeSystemId, pause: Pause): Promise<readonly TermConcept[]> {
  const found: TermConcept[] = [];
  for await (const page of pagesOf(library, system, pause)) found.push(...page.map(toTermConcept));
  if (library.status().completeSystems.has(system)) return found;
  const known = new Set(found.map(({ code }) => code));
  // Codes that the library only maps are in the fragment that it holds, without a name.
  for (let after = ''; ;) {
    const rows = library.listMappings(system, after, CODES);
    const last = rows.at(-1);
    if (!last) return found.sort((a, b) => (a.code < b.code ? -1 : 1));
    for (const code of new Set(rows.map((row) => row.code))) {
      if (!known.has(code)) found.push(namelessConcept(code, truncate({ system, code })));
    }
    after = last.code;
    await pause();
  }
}

async function readMappingFile(
  library: Library,
  from: CodeSystemId,
  pause: Pause,
): Promise<readonly ConceptMapGroupElement[]> {
  const elements: ConceptMapGroupElement[] = [];
  const titles = new Map<string, string | undefined>();
  for (let after = ''; ;) {
    const rows = library.listMappings(from, after, CODES);
    const last = rows.at(-1);
    if (!last) return elements;
    const named = new Set(rows.flatMap(({ article }) => (article && !titles.has(article) ? article : [])));
    const unknown = [...named];
    for (let from = 0; from < unknown.length; from += ARTICLES) {
      await pause();
      const ids = unknown.slice(from, from + ARTICLES);
      for (const id of ids) titles.set(id, undefined);
      for (const article of library.findArticles(ids)) {
        titles.set(article.id, textIn(article, ['en', 'es'])?.title);
      }
    }
    elements.push(...mappingElements(rows, titles));
    after = last.code;
    await pause();
  }
}

async function readCrosswalk(
  library: Library,
  pair: CrosswalkPair,
  pause: Pause,
): Promise<readonly ConceptMapGroupElement[]> {
  const elements: ConceptMapGroupElement[] = [];
  for (let after = ''; ;) {
    const rows = library.listCrosswalks(pair, after, CODES);
    const last = rows.at(-1);
    if (!last) return elements;
    elements.push(...crosswalkElements(rows));
    after = last.from.code;
    await pause();
  }
}

/**
 * Whole code systems and maps of a library, gathered when somebody first wants them, and kept in memory for as long as no
 * swap touches them.
 */
export class WholeTerminology {
  readonly #library: Library;
  readonly #systems = new Map<CodeSystemId, Gathered<readonly TermConcept[]>>();
  readonly #mappings = new Map<CodeSystemId, Gathered<readonly ConceptMapGroupElement[]>>();
  readonly #crosswalks = new Map<string, Gathered<readonly ConceptMapGroupElement[]>>();
  readonly #articles: MadeOfArticles<TermConcept>;

  constructor(library: Library) {
    this.#library = library;
    this.#articles = new MadeOfArticles(library, {
      batch: ARTICLES,
      make: (articles) => articles.map(toArticleConcept),
    });
  }

  /** All concepts of a code system, by code. */
  conceptsOf(system: CodeSystemId): Promise<readonly TermConcept[]> {
    const library = this.#library;
    return gatheredAs(this.#systems, system, () => {
      return new Gathered<readonly TermConcept[]>(library, {
        gather: (pause) => readSystem(library, system, pause),
        of: [{ concepts: system }, { mappings: system }],
      });
    }).get();
  }

  /** All articles as concepts, by id. */
  articles(): Promise<readonly TermConcept[]> {
    return this.#articles.all();
  }

  /** The elements of the map from a code system to articles. */
  mappingsOf(from: CodeSystemId): Promise<readonly ConceptMapGroupElement[]> {
    const library = this.#library;
    return gatheredAs(this.#mappings, from, () => {
      return new Gathered<readonly ConceptMapGroupElement[]>(library, {
        gather: (pause) => readMappingFile(library, from, pause),
      });
    }).get();
  }

  /** The elements of the map between two code systems. */
  crosswalksOf(pair: CrosswalkPair): Promise<readonly ConceptMapGroupElement[]> {
    const library = this.#library;
    return gatheredAs(this.#crosswalks, crosswalkId(pair), () => {
      return new Gathered<readonly ConceptMapGroupElement[]>(library, {
        gather: (pause) => readCrosswalk(library, pair, pause),
        of: [{ crosswalks: true }],
      });
    }).get();
  }
}

function gatheredAs<Key, T>(kept: Map<Key, Gathered<T>>, key: Key, make: () => Gathered<T>): Gathered<T> {
  const gathered = kept.get(key) ?? make();
  kept.set(key, gathered);
  return gathered;
}
