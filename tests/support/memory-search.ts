import type { Coding } from '../../src/core/model/library.js';
import type {
  DocumentRef,
  IndexFacts,
  SearchDocument,
  SimilarTerm,
  TermRecord,
  TermRequest,
} from '../../src/core/search/search-index.js';
import { likeliestTerms } from '../../src/core/search/similar-terms.js';
import type { DocumentName, IndexedGram, IndexedTerm } from '../../src/core/search/text-index.js';
import { TextIndexBuilder, gramsOf } from '../../src/core/search/text-index.js';

/** A document to be indexed, in the order of the port: articles, drug names, concepts. */
export interface MemoryDocument {
  readonly system: Coding['system'] | undefined;
  readonly key: string;
  readonly names: readonly DocumentName[];
}

interface MemoryIndex {
  readonly facts: IndexFacts;
  readonly documents: readonly MemoryDocument[];
  readonly terms: readonly IndexedTerm[];
  readonly grams: readonly IndexedGram[];
}

function toIndex(documents: readonly MemoryDocument[], release: number): MemoryIndex {
  const builder = new TextIndexBuilder();
  for (const { names } of documents) builder.add(names);
  const terms = builder.terms();
  const concepts = documents.filter(({ system }) => system !== undefined && system !== 'drug-name').length;
  const facts = { release, documents: documents.length, conceptsFrom: documents.length - concepts };
  return { facts, documents, terms, grams: gramsOf(terms) };
}

/** Search indexes in memory, one for each list of documents. */
export class MemorySearch {
  readonly #indexes: readonly MemoryIndex[];

  constructor(releases: readonly (readonly MemoryDocument[])[]) {
    this.#indexes = releases.map(toIndex);
  }

  get facts(): IndexFacts[] {
    return this.#indexes.map(({ facts }) => facts);
  }

  findTerms({ terms: asked, prefix, mostCompletions }: TermRequest): TermRecord[] {
    return this.#indexes.flatMap(({ facts: { release }, terms }) => {
      const exact = terms.filter(({ term }) => asked.includes(term));
      const longer = prefix === undefined ? [] : terms.filter(({ term }) => term.startsWith(prefix) && term !== prefix);
      const commonest = longer.sort((a, b) => b.documents - a.documents).slice(0, mostCompletions);
      return [...new Set([...exact, ...commonest])].map(({ term, documents, postings }) => ({
        release,
        term,
        documents,
        postings,
      }));
    });
  }

  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][] {
    return sounds.map((sound) =>
      this.#indexes.flatMap(({ facts: { release }, grams, terms }) => {
        const rows = grams.map(({ gram, terms: ids }) => ({ release, gram, terms: ids }));
        return likeliestTerms(sound, rows, most).flatMap(({ id }) => terms[id] ?? []);
      }),
    );
  }

  findDocuments(refs: readonly DocumentRef[]): SearchDocument[] {
    return refs.flatMap((ref) => {
      const found = this.#indexes[ref.release]?.documents[ref.document];
      return found ? [{ ...ref, system: found.system, key: found.key }] : [];
    });
  }
}
