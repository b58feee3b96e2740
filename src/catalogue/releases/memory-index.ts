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

/** Creates a text index in memory, with the tables of a release file's; built when it is first searched. */
export function createMemoryIndex(documents: readonly NamedDocument[]) {
  let built: BuiltIndex | undefined;
  const build = (): BuiltIndex => {
    const builder = new TextIndexBuilder();
    for (const { names } of documents) builder.add(names());
    const terms = builder.terms();
    return { terms, grams: new Map(gramsOf(terms).map((gram) => [gram.gram, gram.terms])) };
  };
  const index = (): BuiltIndex => (built ??= build());
  const findPlace = (term: string): number => firstPlace(index().terms, ({ term: one }) => one >= term);
  return {
    documents,
    findTerm: (term: string): IndexedTerm[] => {
      const found = index().terms[findPlace(term)];
      return found?.term === term ? [found] : [];
    },
    /** Terms that begin with a prefix and are longer, those in most documents first. */
    findCompletions: (prefix: string, most: number): IndexedTerm[] => {
      const { terms } = index();
      const found: IndexedTerm[] = [];
      for (let place = findPlace(prefix); terms[place]?.term.startsWith(prefix); place += 1) {
        const term = terms[place];
        if (term && term.term !== prefix) found.push(term);
      }
      return found.sort((a, b) => b.documents - a.documents || a.id - b.id).slice(0, most);
    },
    getTerm: (id: number): IndexedTerm[] => index().terms.slice(id, id + 1),
    findGram: (gram: string): { readonly terms: Uint8Array }[] => {
      const terms = index().grams.get(gram);
      return terms ? [{ terms }] : [];
    },
  };
}
