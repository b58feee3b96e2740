import { TextIndexBuilder, gramsOf, type DocumentName, type IndexedTerm } from '../../core/search/text-index.js';
import { firstPlace } from '../../core/first-place.js';

/** A document of an index: an article (its system is null), or a drug's name. */
export interface NamedDocument {
  readonly system: 'drug-name' | null;
  readonly key: string;
  readonly names: () => readonly DocumentName[];
}

interface BuiltIndex {
  /** In the order of terms, each at the place of its id. */
  readonly terms: readonly IndexedTerm[];
  readonly grams: ReadonlyMap<string, Uint8Array>;
}

/** A text index in memory, with the tables of a release file's; built when it is first searched. */
export class MemoryIndex {
  readonly documents: readonly NamedDocument[];
  #built: BuiltIndex | undefined;

  constructor(documents: readonly NamedDocument[]) {
    this.documents = documents;
  }

  get #index(): BuiltIndex {
    this.#built ??= this.#build();
    return this.#built;
  }

  #build(): BuiltIndex {
    const builder = new TextIndexBuilder();
    for (const { names } of this.documents) builder.add(names());
    const terms = builder.terms();
    return { terms, grams: new Map(gramsOf(terms).map((gram) => [gram.gram, gram.terms])) };
  }

  #findPlace(term: string): number {
    const { terms } = this.#index;
    return firstPlace(terms, ({ term: one }) => one >= term);
  }

  findTerm(term: string): IndexedTerm[] {
    const found = this.#index.terms[this.#findPlace(term)];
    return found?.term === term ? [found] : [];
  }

  /** Terms that begin with a prefix and are longer, those in most documents first. */
  findCompletions(prefix: string, most: number): IndexedTerm[] {
    const { terms } = this.#index;
    const found: IndexedTerm[] = [];
    for (let place = this.#findPlace(prefix); terms[place]?.term.startsWith(prefix); place += 1) {
      const term = terms[place];
      if (term && term.term !== prefix) found.push(term);
    }
    return found.sort((a, b) => b.documents - a.documents || a.id - b.id).slice(0, most);
  }

  getTerm(id: number): IndexedTerm[] {
    return this.#index.terms.slice(id, id + 1);
  }

  findGram(gram: string): { readonly terms: Uint8Array }[] {
    const terms = this.#index.grams.get(gram);
    return terms ? [{ terms }] : [];
  }
}
