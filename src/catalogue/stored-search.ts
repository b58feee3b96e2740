import type { CodeSystemId } from '../core/code-systems.js';
import type { Coding, Concept } from '../core/concept.js';
import { codingKey } from '../core/concept.js';
import { groupBy } from '../core/group-by.js';
import type {
  DocumentRef,
  SearchDocument,
  SimilarTerm,
  Synonym,
  TermRecord,
  TermRequest,
} from '../core/search-index.js';
import { likeliestTerms } from '../core/similar-terms.js';
import { trigramsOf } from '../core/text-tokens.js';
import type { RunStatement } from '../store/connection.js';
import type { ConceptRow, FoundRow } from './rows.js';
import { answersByKey, toConcepts } from './rows.js';

interface GramRow {
  readonly release: number;
  readonly gram: string;
  readonly terms: Uint8Array;
}

interface TermRow extends SimilarTerm {
  readonly release: number;
  readonly id: number;
}

interface DocumentRow extends DocumentRef {
  readonly system: CodeSystemId | null;
  readonly key: string;
}

/** References by the release they name: a statement reads one index at a time, with numbers alone in its JSON. */
const byRelease = <T extends { readonly release: number }>(refs: readonly T[]): Map<number, T[]> =>
  groupBy(refs, ({ release }) => release);

/** The search index of a library: what is stored is fetched as it is; the core reads and scores it. */
export class StoredSearch {
  readonly #run: RunStatement;
  constructor(run: RunStatement) {
    this.#run = run;
  }

  findTerms({ terms, prefix, mostCompletions }: TermRequest): TermRecord[] {
    return this.#run<TermRecord>('find-terms', { terms, prefix, most: mostCompletions });
  }

  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][] {
    const rows = this.#run<GramRow>('find-grams', [...new Set(sounds.flatMap(trigramsOf))]);
    const likeliest = sounds.map((sound) => likeliestTerms(sound, rows, most));
    const byId = new Map<string, SimilarTerm>();
    for (const [release, ids] of byRelease(likeliest.flat())) {
      const asked = { release, ids: ids.map(({ id }) => id) };
      for (const row of this.#run<TermRow>('find-terms-by-id', asked)) byId.set(`${row.release}|${row.id}`, row);
    }
    return likeliest.map((refs) => refs.flatMap(({ release, id }) => byId.get(`${release}|${id}`) ?? []));
  }

  findDocuments(refs: readonly DocumentRef[]): SearchDocument[] {
    const found: SearchDocument[] = [];
    for (const [release, ofRelease] of byRelease(refs)) {
      const asked = { release, documents: ofRelease.map(({ document }) => document) };
      const rows = this.#run<DocumentRow>('find-documents', asked);
      found.push(...rows.map((row) => ({ ...row, system: row.system ?? undefined })));
    }
    return found;
  }

  findSynonyms(terms: readonly string[]): Synonym[] {
    return this.#run<Synonym>('find-synonyms', [...new Set(terms)]);
  }

  /** Codes right below each coding, then those that begin with it, at most so many of each. */
  findConceptsBelow(codings: readonly Coding[], most: number): Concept[] {
    const rows = this.#run<ConceptRow & FoundRow>('find-concepts-below', { codings, most });
    const below = answersByKey(codings, codingKey, rows, toConcepts);
    const found = new Map<string, Concept>();
    for (const coding of codings) {
      const others = (below.get(codingKey(coding)) ?? []).filter((concept) => !found.has(codingKey(concept)));
      for (const concept of others.slice(0, most)) found.set(codingKey(concept), concept);
    }
    return [...found.values()];
  }
}
