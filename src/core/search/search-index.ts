import type { CodeSystemId } from '../codes/code-systems.js';
import type { Language } from '../model/language.js';

/** The search index of one active release. Its documents are numbered from 0: articles, then drug names, then concepts. */
export interface IndexFacts {
  /** Number of the release, by which documents and terms refer to their index. */
  readonly release: number;
  readonly documents: number;
  /** Number of the first concept; equal to `documents` if there is none. */
  readonly conceptsFrom: number;
}

/** A term of an index and its postings. */
export interface TermRecord {
  readonly release: number;
  readonly term: string;
  /** Number of documents with this term. */
  readonly documents: number;
  /** A packed list (packed-list.ts) of documents, each with a note of the kind of name (text-index.ts). */
  readonly postings: Uint8Array;
}

/** A term that sounds similar to a word. */
export interface SimilarTerm {
  readonly term: string;
  /** Its most common spelling. */
  readonly word: string;
  readonly documents: number;
}

export interface TermRequest {
  readonly terms: readonly string[];
  /** Prefix of further terms; undefined: none are wanted. */
  readonly prefix: string | undefined;
  /** Maximum terms with the prefix per index, those in most documents first. */
  readonly mostCompletions: number;
}

/** A document of an index. */
export interface DocumentRef {
  readonly release: number;
  readonly document: number;
}

/** The content of a document: an article's id, or a code; a drug's name is a code of `drug-name`. */
export interface SearchDocument extends DocumentRef {
  /** Undefined for an article. */
  readonly system: CodeSystemId | undefined;
  readonly key: string;
}

/** People's word for something, and its usual name. */
export interface Synonym {
  /** As people say it, as terms separated by spaces (text-query.ts). */
  readonly term: string;
  readonly means: string;
  /** Language of the term. */
  readonly language: Language;
}

/** The library's word search: the database returns candidates, text-search.ts scores them. */
export interface SearchIndex {
  /** The indexes of all active releases, as last noticed. */
  readonly indexes: readonly IndexFacts[];
  /** Exactly these terms, and terms that begin with the prefix, of every index. */
  findTerms(request: TermRequest): TermRecord[];
  /**
   * For each word, by its sound (text-tokens.ts), the terms that share most trigrams with it, up to a maximum per
   * index.
   */
  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][];
  /** Documents by number; missing ones are left out. */
  findDocuments(refs: readonly DocumentRef[]): SearchDocument[];
  /** The articles with a summary that has all of these terms, the likeliest first; one may be there in each language. */
  findSummariesWith(terms: readonly string[]): string[];
  /** All layers' entries for exactly these phrases. */
  findSynonyms(terms: readonly string[]): Synonym[];
}
