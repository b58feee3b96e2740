import type { SubjectKind } from '../codes/code-systems.js';
import type { RequestCoding } from '../answer/knowledge-request.js';
import type { ArticleHit } from '../search/search-hit.js';

/** Kinds of question that a fact of a chart asks, in the order in which pages of equal weight come. */
export const CHART_KINDS = ['problem', 'medication', 'procedure', 'allergy', 'test', 'immunization'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** Kind of question that a code sent by itself asks, by the kind of its code system. */
export const KIND_OF_SUBJECT: Readonly<Record<SubjectKind, ChartKind>> = {
  diagnosis: 'problem',
  drug: 'medication',
  test: 'test',
  procedure: 'procedure',
  vaccine: 'immunization',
  subject: 'problem',
};

/** The other way round; an allergy is queried as a problem. */
export const SUBJECT_OF_KIND: Readonly<Record<ChartKind, SubjectKind>> = {
  problem: 'diagnosis',
  allergy: 'diagnosis',
  medication: 'drug',
  procedure: 'procedure',
  test: 'test',
  immunization: 'vaccine',
};

/** Why a clinician has to review a fact before its pages are handed over. Texts are in resources/i18n under `chart`. */
export type Doubt = 'unconfirmed' | 'unknown-status' | 'modifier-extension';

/** One question that a chart puts. An input (a resource, a coding) may put several. */
export interface ChartQuestion {
  /** Which input asks: its place among the caller's. */
  readonly input: number;
  readonly kind: ChartKind;
  /** Several codings of one question are the same thing in several systems; none: no match, but for `pages`. */
  readonly codings: readonly RequestCoding[];
  /** Further codings of the same thing, queried one by one where its own lead to no article: other names, a broader code. */
  readonly fallbacks?: readonly RequestCoding[];
  /** The articles that its words name, the best first, where it has words and no code. The library is not queried then. */
  readonly pages?: readonly ArticleHit[];
  /** The pages are those of each ingredient of a combination of drugs: all of them, or none. */
  readonly areParts?: boolean;
  /** When it was noted, milliseconds since 1970; undefined where the chart does not say. */
  readonly notedAt: number | undefined;
  /** The codings are not the chart's own: they name the subject that its code is a case of (an allergy to a drug). */
  readonly isSubject?: boolean;
  /** True if the question was put by itself (a code, a line of a list, a resource sent alone): no preset bounds what answers it. */
  readonly isAsked?: boolean;
  /** Whether it belongs to the encounter that the request is about; undefined where the chart does not say. */
  readonly isOfEncounter?: boolean;
  /** An order that is open, or a vaccine that is due. */
  readonly isToCome?: boolean;
  /** A drug of which the chart holds an earlier order of the same product. */
  readonly isRenewal?: boolean;
  /** The problem is in remission: only pages on follow-up, recovery and living with it are true. */
  readonly isInRemission?: boolean;
  /** Its pages are listed and never chosen. */
  readonly isOptional?: boolean;
  /** Its pages are listed for a clinician alone, who decides. */
  readonly doubt?: Doubt;
}
