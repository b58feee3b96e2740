import type { CodeSystemId } from './code-systems.js';
import type { Language } from './language.js';

/** The search index of one active release. Its documents are numbered from 0: articles, then drug names, then concepts. */
export interface IndexFacts {
  /** Number of the release, by which documents and terms name their index. */
  readonly release: number;
  readonly documents: number;
  /** The number of the first concept; equal to `documents` where there is none. */
  readonly conceptsFrom: number;
}

/** A term of an index and where it stands. */
export interface TermRecord {
  readonly release: number;
  readonly term: string;
  /** In how many documents. */
  readonly documents: number;
  /** A packed list (packed-list.ts) of documents, each with a note that says in what kind of name (text-index.ts). */
  readonly postings: Uint8Array;
}

/** A term that sounds somewhat like a word. */
export interface SimilarTerm {
  readonly term: string;
  /** Its commonest spelling. */
  readonly word: string;
  readonly documents: number;
}

export interface TermRequest {
  readonly terms: readonly string[];
  /** The beginning of further terms; undefined: none are wanted. */
  readonly prefix: string | undefined;
  /** The most terms of each index that begin so, those of most documents first. */
  readonly mostCompletions: number;
}

/** A document of an index. */
export interface DocumentRef {
  readonly release: number;
  readonly document: number;
}

/** What a document is: an article by id, or a code; a drug's name is a code of `drug-name`. */
export interface SearchDocument extends DocumentRef {
  /** Undefined for an article. */
  readonly system: CodeSystemId | undefined;
  readonly key: string;
}

/** What people say, and what it is called. */
export interface Synonym {
  /** As people say it, as terms divided by blanks (text-query.ts). */
  readonly term: string;
  readonly means: string;
  /** Language of the term. */
  readonly language: Language;
}

/** The part of the library that finds by words: candidates come from the database, text-search.ts scores them. */
export interface SearchIndex {
  /** The indexes of all active releases, as last noticed. */
  searchIndexes(): readonly IndexFacts[];
  /** Exactly these terms, and terms that begin with the prefix, of every index. */
  findTerms(request: TermRequest): TermRecord[];
  /** For each word by its sound (text-tokens.ts) the terms that share most trigrams with it, at most so many an index. */
  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][];
  /** Documents by number; those that are no longer there are left out. */
  findDocuments(refs: readonly DocumentRef[]): SearchDocument[];
  /** All that any layer says of exactly these phrases. */
  findSynonyms(terms: readonly string[]): Synonym[];
}
