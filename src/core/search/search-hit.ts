import type { Article, ArticleText, Sensitivity } from '../model/article.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import type { Language } from '../model/language.js';
import type { Concept } from '../model/library.js';

/** Kinds of things that are searched for. */
export type HitKind = 'article' | 'concept';

/** Way in which a hit was found: by its title, another name or a synonym, its code, a corrected spelling, or words of its text. */
export type MatchedBy = 'title' | 'synonym' | 'code' | 'spelling' | 'text';

export interface SearchRequest {
  /** As typed. */
  readonly query: string;
  readonly language: Language;
  /** Undefined: both kinds. */
  readonly kind: HitKind | undefined;
  /** Maximum hits. */
  readonly count: number;
  /** Corrections of this line's words so far: one line is searched for in several ways, and a correction costs many reads. */
  readonly corrections?: Corrections;
  /** The query is of our own tables: no word of it is misspelt. */
  readonly isSpelt?: boolean;
}

/** Corrections of misspelt words, by word, with their weights. */
export type Corrections = Map<string, ReadonlyMap<string, number>>;

/** Score of an article or concept for a query. */
export interface Suit {
  /** 0 to 1. */
  readonly score: number;
  readonly matched: MatchedBy;
}

export interface ArticleHit extends Suit {
  readonly kind: 'article';
  readonly article: Article;
  /** In the requested language, else in another. */
  readonly text: ArticleText;
  /** Sensitivity of the article, or of its row for the matched code. */
  readonly sensitivity: Sensitivity | undefined;
  /** Code system of the matched code; absent if words matched. */
  readonly system?: CodeSystemId | undefined;
}

export interface ConceptHit extends Suit {
  readonly kind: 'concept';
  readonly concept: Concept;
}

export type SearchHit = ArticleHit | ConceptHit;
