import type { Article, ArticleText, Sensitivity } from './article.js';
import type { SubjectKind } from './code-systems.js';
import type { RequestCoding } from './knowledge-request.js';
import type { Match } from './knowledge-response.js';
import type { Treatment } from './site-policy.js';

/** What a fact of a chart asks about, in the order in which a chart's articles come. */
export const CHART_KINDS = ['problem', 'allergy', 'medication', 'procedure', 'test', 'immunization'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** What a code that was sent by itself asks about: its code system says so. */
export const KIND_OF_SUBJECT: Readonly<Record<SubjectKind, ChartKind>> = {
  diagnosis: 'problem',
  drug: 'medication',
  test: 'test',
  procedure: 'procedure',
  vaccine: 'immunization',
  subject: 'problem',
};

/** One question that a chart puts. An input (a resource, a coding) may put several. */
export interface ChartQuestion {
  /** Which input asks: its place among the caller's. */
  readonly input: number;
  readonly kind: ChartKind;
  /** Several codings of one question are the same thing in several systems; none: a miss. */
  readonly codings: readonly RequestCoding[];
  /** When it was noted, milliseconds since 1970; undefined where the chart does not say. */
  readonly notedAt: number | undefined;
  /** The codings are not the chart's own: they name the subject that its code is a case of (an allergy to a drug). */
  readonly isSubject?: boolean;
}

/** Why an article is given: the question that it answers, and how it was found. */
export interface ChartReason {
  readonly question: ChartQuestion;
  /** That of the question's codings which found it. */
  readonly coding: RequestCoding;
  readonly match: Match;
}

/** An article that explains something in the chart, given once. */
export interface ChartArticle {
  readonly article: Article;
  readonly text: ArticleText;
  readonly sensitivities: readonly Sensitivity[];
  /** The strictest of its reasons'. */
  readonly treatment: Treatment;
  /** 0 to 1, never rising along the list. */
  readonly score: number;
  /** Everything it explains, the weightiest first; one reason an input. */
  readonly reasons: readonly ChartReason[];
}
