import type { Article, ArticleText, Sensitivity } from './article.js';
import type { CodeSystemId } from './code-systems.js';
import type { RequestCoding } from './knowledge-request.js';
import type { Concept } from './concept.js';
import type { Treatment } from './site-policy.js';
import type { StatementKind } from './stated-otherwise.js';

/** What the article is to the code: FHIR's equivalent, wider, narrower, relatedto. */
export type Relationship = 'equivalent' | 'broader' | 'narrower' | 'related';

/** The closest relationship first. */
export const RELATIONSHIP_ORDER: Readonly<Record<Relationship, number>> = {
  equivalent: 0,
  broader: 1,
  narrower: 2,
  related: 3,
};

/** One step on the way from the code that was asked to the code that carries the mapping row. */
export interface PathStep {
  /**
   * `elsewhere`: another terminology server gave this code, or this name, for the one before it. `title`: the code's title as it was
   * sent is a name of the article; it stands in the code's place.
   */
  readonly kind: 'asked' | 'ancestor' | 'crosswalk' | 'name' | 'elsewhere' | 'title';
  readonly system: CodeSystemId;
  readonly code: string;
}

/** An article that answers a criterion, and why. */
export interface Match {
  readonly article: Article;
  readonly text: ArticleText;
  /** The text is not in the asked language, because the article has none in it. */
  readonly otherLanguage: boolean;
  readonly relationship: Relationship;
  readonly sensitivity: Sensitivity | undefined;
  /** What the site does with it for this reader; a held one is here only where a clinician chooses. */
  readonly treatment: Treatment;
  readonly path: readonly PathStep[];
  /** 0 to 1, never rising along the list. */
  readonly score: number;
  readonly note: string;
  readonly origin: string;
}

/** Why an article that a mapping row names is not among the matches. */
export type RejectionReason =
  | 'audience-age'
  | 'age-unknown'
  | 'care-phase'
  | 'beyond-count'
  | 'not-in-library'
  // The title that was sent with the code is about something else.
  | 'title-conflict'
  // By the site's policy (site-policy.ts).
  | 'held'
  | 'suppressed'
  | 'minimum-age'
  | 'replaced'
  | 'most-pages';

export interface Rejection {
  readonly article: string;
  readonly reason: RejectionReason;
}

/** Why a criterion has no match. Texts are in resources/i18n under `misses`. */
export type MissReason =
  | 'no-code'
  | 'no-code-system'
  | 'unknown-code-system'
  | 'impossible-code'
  | 'system-not-mapped'
  | 'code-not-mapped'
  | 'code-not-in-release'
  | 'no-page-on-purpose'
  | 'drug-name-not-known'
  // The product's packages hold different ingredients: no title agrees with what this one holds.
  | 'title-needed'
  // A system that the program may ship no rows for.
  | 'system-not-shipped'
  | 'audience'
  | 'care-phase'
  | 'title-conflict'
  | 'held'
  | 'minimum-age'
  | 'suppressed';

export interface Miss {
  readonly reason: MissReason;
  /** The system that the code plainly belongs to, where it was sent under another. */
  readonly hint: CodeSystemId | undefined;
  /** The curator's reason, where a code is left without a page on purpose. */
  readonly note: string;
}

/** What a code's own system says of it. */
export interface CodeStanding {
  readonly concept: Concept | undefined;
  /** The release that holds the system whole and lacks the code; undefined where the code is there or no release is whole. */
  readonly notIn: string | undefined;
}

/** How the title that was sent with a code contradicts it. */
export interface TitleConflict {
  /** It names something else, or states something of its subject that the code's name does not. */
  readonly kind: 'named' | 'stated';
  readonly statement: StatementKind | undefined;
  /** Articles that the title may name. */
  readonly named: readonly string[];
}

/** The answer to one criterion (or to several that are the same thing). */
export interface Answer {
  /** The coding that was answered, with its normalised code; undefined `code` where it is impossible. */
  readonly coding: RequestCoding;
  readonly code: string | undefined;
  /** Further codings of the same thing, which this answer covers. */
  readonly siblings: readonly RequestCoding[];
  readonly matches: readonly Match[];
  readonly rejections: readonly Rejection[];
  /** Present exactly where there are no matches. */
  readonly miss: Miss | undefined;
  /** Present where the request wants codes described, and with a miss in a system that an import holds whole. */
  readonly standing?: CodeStanding;
  /** Present where the title contradicts the code: a clinician has the matches of both readings, the code's first. */
  readonly conflict?: TitleConflict;
}

export interface KnowledgeResponse {
  readonly answers: readonly Answer[];
  /** Articles that the matched ones point to and that the site gives the reader, by id. */
  readonly related: ReadonlyMap<string, Article>;
  /** Name of the library release that answered. */
  readonly release: string;
  /** A terminology server that was to be asked did not answer in time: the next answer may be fuller. */
  readonly isProvisional: boolean;
}
