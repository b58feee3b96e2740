import type { Article, ArticleText, Publisher } from '../core/article.js';
import type { Coding } from '../core/library.js';
import type { MappingRecord } from '../core/library.js';

/** An article's facts without its texts and with its publisher by id, as a catalogue row gives them; absent means unsaid. */
export type ArticleFacts = Partial<Omit<Article, 'id' | 'kind' | 'texts' | 'publisher'>> & {
  readonly id: string;
  readonly publisher?: string;
};

export type TextFacts = Partial<ArticleText> & { readonly article: string; readonly language: ArticleText['language'] };

export type MappingFacts = Coding &
  Pick<MappingRecord, 'article' | 'relationship' | 'rank' | 'sensitivity' | 'origin' | 'note'> & {
    /** Line of its file, for complaints; 0 where a handout's name stands for the row. */
    readonly line: number;
  };

export interface CrosswalkFacts {
  readonly from: Coding;
  readonly to: Coding;
}

/** A row that was left out, and why: nothing is lost in silence. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What a folder of catalogue and mapping files holds. */
export interface LibrarySource {
  readonly publishers: readonly Publisher[];
  readonly articles: readonly ArticleFacts[];
  readonly texts: readonly TextFacts[];
  readonly mappings: readonly MappingFacts[];
  readonly crosswalks: readonly CrosswalkFacts[];
  readonly complaints: readonly Complaint[];
}
