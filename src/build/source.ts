import type { Article, ArticleText, Publisher } from '../core/model/article.js';
import type { Concept } from '../core/model/library.js';
import type { Leaflet, LeafletCode } from '../core/leaflets/leaflet.js';
import type { Synonym } from '../core/search/search-index.js';
import type { Crosswalk, StatedMapping } from '../core/codes/terminology-index.js';

/** An article's facts without its texts and with its publisher by id, as in a catalogue row; absent means unset. */
export type ArticleFacts = Partial<Omit<Article, 'id' | 'kind' | 'texts' | 'publisher'>> & {
  readonly id: string;
  readonly publisher?: string;
};

/** Result of a visit to a text's address; it does not apply to another address. */
export interface LinkCheck {
  readonly url: string;
  /** ISO 8601 day of the visit. */
  readonly day: string;
  /** The page no longer exists: the text is not offered. */
  readonly isGone: boolean;
}

export type TextFacts = Partial<Omit<ArticleText, 'summary'>> & {
  readonly article: string;
  readonly language: ArticleText['language'];
  /** The summary, as it is stored. */
  readonly summaryHtml?: string | undefined;
  /** The day of the summary; undefined: that of its release. */
  readonly summaryOn?: string | undefined;
  readonly linkCheck?: LinkCheck;
};

export type MappingFacts = StatedMapping & {
  /** Line of its file, for complaints; 0 if the row comes from a handout's name. */
  readonly line: number;
};

/** A crosswalk in a file has the same fields as in the port. */
export type CrosswalkFacts = Crosswalk;

/** A code as described by one release. */
export type ConceptFacts = Omit<Concept, 'release'>;

/** A row that was left out, with the reason: no row is dropped silently. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Rows of a release, of every kind. */
export interface LibraryRows {
  readonly publishers: readonly Publisher[];
  readonly articles: readonly ArticleFacts[];
  readonly texts: readonly TextFacts[];
  readonly mappings: readonly MappingFacts[];
  readonly crosswalks: readonly CrosswalkFacts[];
  readonly concepts: readonly ConceptFacts[];
  /** With terms as phrases of text-query.ts. */
  readonly synonyms: readonly Synonym[];
  readonly leaflets: readonly Leaflet[];
  readonly leafletCodes: readonly LeafletCode[];
}

export const NO_ROWS: LibraryRows = {
  publishers: [],
  articles: [],
  texts: [],
  mappings: [],
  crosswalks: [],
  concepts: [],
  synonyms: [],
  leaflets: [],
  leafletCodes: [],
};

export const ROW_KINDS = Object.keys(NO_ROWS) as (keyof LibraryRows)[];

/** Number of rows of each kind. */
export type RowCounts = Record<keyof LibraryRows, number>;

export const createCounts = (): RowCounts => Object.fromEntries(ROW_KINDS.map((kind) => [kind, 0])) as RowCounts;

export function countRows(rows: LibraryRows): number {
  return ROW_KINDS.reduce((sum, kind) => sum + rows[kind].length, 0);
}

/** The rows of folders of catalogue, mapping and code system files. */
export interface LibrarySource extends LibraryRows {
  readonly complaints: readonly Complaint[];
}
