import type { Article } from '../model/article.js';

/** Certainty that a title is about the articles that it was read as. */
export type Certainty =
  /** The title is a name of the first article, but for sides, tags and filler words; or a drug as a line names it. */
  | 'name'
  /** Every telling word of the title belongs to the first article. */
  | 'words'
  /** The articles share some of the title's words. */
  | 'weak';

/** Articles that the reader of typed lines finds for a title, the best first. */
export interface TitleReading {
  readonly articles: readonly Article[];
  readonly certainty: Certainty;
  /** The title as a whole is what the first article is found by: its name, a lay word, an abbreviation. */
  readonly isWhole?: boolean;
  /** Articles of each meaning of a title that is an abbreviation of several: which one is meant is not known. */
  readonly meanings?: readonly (readonly Article[])[];
  /** Abbreviations of the title, written out. */
  readonly written?: readonly string[];
  /** The title with its abbreviations written out, if it has any of one meaning. */
  readonly expanded?: string | undefined;
  /** Article on the test that the title orders, if it is a test's. */
  readonly test?: Article | undefined;
  /** True if the article is on all tests of the kind: pictures by X-rays. */
  readonly isTestKind?: boolean;
  /** The title was read as a medication line. */
  readonly isDrug: boolean;
  /** The drug is a combination without a page of its own: the articles are those of all its ingredients. */
  readonly isOfEachPart?: boolean;
  /** Number of the first articles that are as certain as the first one; 1 if undefined. */
  readonly sure?: number;
}

/** Reading of a title that leads nowhere. */
export const NOTHING: TitleReading = { articles: [], certainty: 'weak', isDrug: false };

/** The readings of titles so far, by title. */
export type TitleReadings = ReadonlyMap<string, TitleReading>;

/** Rank of an article among those of one name: a health topic is the plainer page. */
export const rankKind = ({ kind }: Pick<Article, 'kind'>): number => (kind === 'topic' ? 0 : 1);
