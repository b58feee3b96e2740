import type { CodeSystemId } from '../core/codes/code-systems.js';
import type {
  DocumentRef,
  IndexFacts,
  SearchIndex,
  SearchDocument,
  SimilarTerm,
  Synonym,
  TermRecord,
  TermRequest,
} from '../core/search/search-index.js';
import { likeliestTerms } from '../core/search/similar-terms.js';
import { findWithAll } from '../core/search/summary-words.js';
import { trigramsOf } from '../core/search/text-tokens.js';
import { once } from './merge-lists.js';
import type { ReleaseFile } from './releases/release-file.js';

/** Of a release: a word of more articles tells nothing. */
const MOST_SUMMARIES = 60;

type TermRow = Omit<TermRecord, 'release'>;

/** The text indexes of releases, read in place: the core reads and scores what they hold. */
export class LayeredSearch implements SearchIndex {
  readonly indexes: readonly IndexFacts[];
  readonly #files: ReadonlyMap<number, ReleaseFile>;
  readonly #suppressed: ReadonlySet<string>;

  /** @param suppressed articles that are not found */
  constructor(files: readonly ReleaseFile[], suppressed: ReadonlySet<string>) {
    this.#suppressed = suppressed;
    const indexed = [...files].sort((a, b) => a.place.id - b.place.id);
    this.#files = new Map(indexed.map((file) => [file.place.id, file]));
    this.indexes = indexed.map(({ place, facts: { documents, conceptsFrom } }) => {
      return { release: place.id, documents, conceptsFrom };
    });
  }

  findTerms({ terms, prefix, mostCompletions }: TermRequest): TermRecord[] {
    return [...this.#files].flatMap(([release, file]) => {
      const found = new Set<number>();
      const add = (rows: readonly { readonly id: number }[]): void => {
        for (const { id } of rows) found.add(id);
      };
      for (const term of terms) add(file.read('termIds', term));
      if (prefix !== undefined) add(file.read('completions', prefix, prefix, mostCompletions));
      const ids = [...found].sort((a, b) => a - b);
      return ids.flatMap((id) => file.read<TermRow>('postings', id).map((row): TermRecord => ({ release, ...row })));
    });
  }

  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][] {
    const requested = [...new Set(sounds.flatMap(trigramsOf))];
    const grams = [...this.#files].flatMap(([release, file]) =>
      requested.flatMap((gram) =>
        file.read<{ terms: Uint8Array }>('gram', gram).map(({ terms }) => ({ release, gram, terms })),
      ),
    );
    return sounds.map((sound) =>
      likeliestTerms(sound, grams, most).flatMap(
        ({ release, id }) => this.#files.get(release)?.read<SimilarTerm>('term', id) ?? [],
      ),
    );
  }

  findDocuments(refs: readonly DocumentRef[]): SearchDocument[] {
    return refs.flatMap(({ release, document }) => {
      const rows = this.#files.get(release)?.read<{ system: CodeSystemId | null; key: string }>('document', document);
      const served = (rows ?? []).filter(({ system, key }) => system !== null || !this.#suppressed.has(key));
      return served.map(({ system, key }) => ({ release, document, system: system ?? undefined, key }));
    });
  }

  findSummariesWith(terms: readonly string[]): string[] {
    const found = [...this.#files.values()].flatMap((file) => {
      const { summaries } = file.facts;
      if (summaries === 0) return [];
      const lists = terms.flatMap((term) => file.read<{ postings: Uint8Array }>('summaryTerm', term));
      if (lists.length < terms.length) return [];
      const all = findWithAll(
        lists.map(({ postings }) => postings),
        summaries,
      ).slice(0, MOST_SUMMARIES);
      return all.flatMap(({ summary, weight }) =>
        file.read<{ article: string }>('summaryDocument', summary).map(({ article }) => ({ article, weight })),
      );
    });
    return found.sort((a, b) => b.weight - a.weight).map(({ article }) => article);
  }

  findSynonyms(terms: readonly string[]): Synonym[] {
    return [...new Set(terms)].flatMap((term) => {
      const found = [...this.#files.values()].flatMap((file) => file.read<Synonym>('synonyms', term));
      const buildKey = ({ means, language }: Synonym): string => `${means}\n${language}`;
      return once(found, buildKey).sort((a, b) => (buildKey(a) < buildKey(b) ? -1 : 1));
    });
  }
}
