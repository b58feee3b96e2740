import type { RowPage } from '../../build/articles-with-text.js';
import type { LibraryRows } from '../../build/source.js';
import type { PagesOfRow } from './concept-graph.js';
import type { CodeSystemId } from '../../core/codes/code-systems.js';
import { CodeSet, compareCodes, type CodeChanges } from '../../core/codes/code-changes.js';
import { BY_TRUNCATION } from '../../core/codes/code-hierarchy.js';
import { codingKey, type Coding } from '../../core/codes/concept.js';
import { isInEditions } from '../../core/codes/editions.js';

/** A row whose page shares no word with the names that a release gives its code. */
export interface DoubtfulRow {
  readonly code: string;
  readonly name: string;
  readonly article: string;
  readonly title: string;
}

/** Collects, as a release is read, the rows whose code may mean something else than the row supposes. */
export class RowComparison {
  readonly #system: CodeSystemId;
  readonly #pages: ReadonlyMap<string, readonly RowPage[]>;
  readonly #sharesWord: (ofCode: readonly string[], ofPage: readonly string[]) => boolean;
  readonly doubtful: DoubtfulRow[] = [];

  /** @param pages the pages of each code with rows */
  constructor(
    system: CodeSystemId,
    pages: ReadonlyMap<string, readonly RowPage[]>,
    sharesWord: (ofCode: readonly string[], ofPage: readonly string[]) => boolean,
  ) {
    this.#system = system;
    this.#pages = pages;
    this.#sharesWord = sharesWord;
  }

  /** Compares the concepts of a batch with their rows: one page that shares a word is enough for all. */
  take({ concepts }: Pick<LibraryRows, 'concepts'>): void {
    for (const { system, code, title, names } of concepts) {
      const pages = system === this.#system ? (this.#pages.get(code) ?? []) : [];
      const [first] = pages;
      if (!first || pages.some((page) => this.#sharesWord([title, ...names], [...page.titles, ...page.alsoCalled])))
        continue;
      this.doubtful.push({ code, name: title, article: first.article, title: first.titles[0] ?? '' });
    }
  }
}

/** Which kind of page the rows of each code lead to. @param isGrave whether a title names a subject that no code inherits */
export function createRowFinder(
  pages: ReadonlyMap<string, readonly RowPage[]>,
  isGrave: (titles: readonly string[]) => boolean,
): (code: string) => PagesOfRow {
  return (code) => {
    const ofCode = pages.get(code);
    if (ofCode === undefined) return undefined;
    if (ofCode.length === 0) return 'none';
    return ofCode.some(({ titles }) => isGrave(titles)) ? 'grave' : 'page';
  };
}

/** Collects an import's codes and compares them with those that it would replace. */
export class CodeComparison {
  readonly #before: CodeSet | undefined;
  readonly #after = new CodeSet();
  /** Titles of the codes that were not there before, by coding key. */
  readonly titles = new Map<string, string>();

  /** @param before the codes of the source's active release; undefined: it has none */
  constructor(before: CodeSet | undefined) {
    this.#before = before;
  }

  take({ concepts }: LibraryRows): void {
    for (const concept of concepts) {
      this.#after.add(concept);
      if (this.#isNew(concept)) this.titles.set(codingKey(concept), concept.title);
    }
  }

  #isNew(coding: Coding): boolean {
    if (!BY_TRUNCATION.has(coding.system)) return false;
    return this.#before ? !this.#before.all.has(codingKey(coding)) : !isInEditions(coding.system, coding.code);
  }

  /** @param complete the systems of which the release has every code */
  changes(complete: readonly CodeSystemId[]): CodeChanges {
    return compareCodes(this.#before, this.#after, complete);
  }
}
