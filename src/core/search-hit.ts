import type { Article, ArticleText, Sensitivity } from './article.js';
import type { CodeSystemId } from './code-systems.js';
import type { Language } from './language.js';
import type { Concept } from './library.js';

/** What is searched for. */
export type HitKind = 'article' | 'concept';

/** By what a hit was found: its title, another name or another word for it, its code, or a guess at a misspelt word. */
export type MatchedBy = 'title' | 'synonym' | 'code' | 'spelling';

export interface SearchRequest {
  /** As it was typed. */
  readonly query: string;
  readonly language: Language;
  /** Undefined: both. */
  readonly kind: HitKind | undefined;
  /** The most hits wanted. */
  readonly count: number;
}

/** How well a thing suits a query. */
export interface Suit {
  /** 0 to 1. */
  readonly score: number;
  readonly matched: MatchedBy;
}

export interface ArticleHit extends Suit {
  readonly kind: 'article';
  readonly article: Article;
  /** In the asked language, else in another. */
  readonly text: ArticleText;
  /** Of the article, or as a code that leads to it has it. */
  readonly sensitivity: Sensitivity | undefined;
  /** That of the code which led to it; absent where words did. */
  readonly system?: CodeSystemId | undefined;
}

export interface ConceptHit extends Suit {
  readonly kind: 'concept';
  readonly concept: Concept;
}

export type SearchHit = ArticleHit | ConceptHit;
