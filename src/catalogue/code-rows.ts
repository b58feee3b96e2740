import { groupBy } from '../core/group-by.js';
import { keepTopLayer } from '../core/layers.js';
import type { Relationship } from '../core/knowledge-response.js';
import type { ArticleCode, Coding, Layer } from '../core/library.js';

/** A row of find-codes.sql: what a row says of a code that leads to the article asked for. */
interface LeadingRow extends Coding {
  readonly asked: string;
  readonly layer: Layer;
  /** Empty where the row says `none`. */
  readonly article: string;
  readonly relationship: Relationship | 'none';
}

/** The codes of each article. A row of a lower layer counts only where no higher layer replaces its code's rows. */
export function codesLeadingTo(rows: readonly LeadingRow[]): ReadonlyMap<string, readonly ArticleCode[]> {
  const codes = (asked: string, ofArticle: readonly LeadingRow[]): ArticleCode[] =>
    keepTopLayer(ofArticle).flatMap(({ system, code, article, relationship }) =>
      article === asked && relationship !== 'none' ? [{ system, code, article, relationship }] : [],
    );
  return new Map(
    [...groupBy(rows, ({ asked }) => asked)].map(([asked, ofArticle]) => [asked, codes(asked, ofArticle)]),
  );
}
