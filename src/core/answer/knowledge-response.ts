import type { Article, ArticleText, Sensitivity } from '../model/article.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import type { RequestCoding, RequestContext } from './knowledge-request.js';
import type { NoLeafletReason } from '../leaflets/leaflet.js';
import type { Concept } from '../codes/concept.js';
import type { Withdrawal } from '../codes/editions.js';
import type { Treatment } from '../policy/site-policy.js';
import type { StatementKind } from '../titles/statements/around-illness.js';

/** The article's relationship to the code: FHIR's equivalent, wider, narrower, relatedto. */
export type Relationship = 'equivalent' | 'broader' | 'narrower' | 'related';

/** The closest relationship first. */
export const RELATIONSHIP_ORDER: Readonly<Record<Relationship, number>> = {
  equivalent: 0,
  broader: 1,
  narrower: 2,
  related: 3,
};

/** One step on the path from the requested code to the code that carries the mapping row. */
export interface PathStep {
  /**
   * `elsewhere`: the terminology server returned this code, or this name, for the one before it. `title`: the code's
   * title as sent is a name of the article; it stands in the code's place.
   */
  readonly kind: 'asked' | 'ancestor' | 'crosswalk' | 'name' | 'elsewhere' | 'title';
  readonly system: CodeSystemId;
  readonly code: string;
}

/** An article that answers a criterion, and why. */
export interface Match {
  readonly article: Article;
  readonly text: ArticleText;
  /** The text is not in the requested language, because the article has none in it. */
  readonly otherLanguage: boolean;
  readonly relationship: Relationship;
  readonly sensitivity: Sensitivity | undefined;
  /** The site's treatment for this reader; held articles are listed only if a clinician chooses. */
  readonly treatment: Treatment;
  readonly path: readonly PathStep[];
  /** 0 to 1, descending along the list. */
  readonly score: number;
  readonly note: string;
  readonly origin: string;
}

/** True if the article was found by the title sent with the code, not by the code. */
export const isByTitle = ({ path }: Pick<Match, 'path'>): boolean => path.some(({ kind }) => kind === 'title');

/** Why an article that a mapping row names is not among the matches. */
export type RejectionReason =
  | 'audience-age'
  | 'age-unknown'
  | 'care-phase'
  | 'beyond-count'
  | 'not-in-library'
  // The title sent with the code is about something else.
  | 'title-conflict'
  // A page on a grave subject that the code would inherit, and no row was judged for the code.
  | 'unjudged'
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
  | 'drug-without-page'
  // The product's packages hold different ingredients: no title matches those of this one.
  | 'title-needed'
  // A system whose licence does not let the program ship rows.
  | 'system-not-shipped'
  // A system of billing codes, for which there are no pages.
  | 'billing-code'
  | 'audience'
  | 'care-phase'
  | 'title-conflict'
  | 'unjudged'
  | 'held'
  | 'minimum-age'
  | 'suppressed';

export interface Miss {
  readonly reason: MissReason;
  /** The system that the code clearly belongs to, if it was sent under another. */
  readonly hint: CodeSystemId | undefined;
  /** The curator's reason, if a code is left without a page on purpose. */
  readonly note: string;
}

/** Facts about a code that its own system states. */
export interface CodeStanding {
  readonly concept: Concept | undefined;
  /** The complete release that lacks the code; undefined if it has the code or no release is complete. */
  readonly notIn: string | undefined;
  /** Its system has deleted it or made it a header; records of earlier years carry it. */
  readonly withdrawal: Withdrawal | undefined;
}

/** Contradiction between a code and the title sent with it. */
export interface TitleConflict {
  /**
   * Kind of the contradiction: the title names something else, states something about its subject that the code's name does not, or has
   * another number, letter or type.
   */
  readonly kind: 'named' | 'stated' | 'marked';
  readonly statement: StatementKind | undefined;
  /** The differing number, letter or type with its label: `type 1`. */
  readonly mark?: string;
  /** Articles that the title may name. */
  readonly named: readonly string[];
  /** True if the pages are those of the drug that the title names, the first one first: no words are compared. */
  readonly isDrug?: true;
}

/** The answer to one criterion, or to several that mean the same thing. */
export interface Answer {
  /** The coding that was answered, with its normalised code; `code` is undefined if it is impossible. */
  readonly coding: RequestCoding;
  readonly code: string | undefined;
  /** Further codings with the same meaning, which this answer covers. */
  readonly siblings: readonly RequestCoding[];
  readonly matches: readonly Match[];
  readonly rejections: readonly Rejection[];
  /** Present exactly if there are no matches. */
  readonly miss: Miss | undefined;
  /**
   * Present if the request wants codes described, and if there is no match in a system that an import holds completely.
   */
  readonly standing?: CodeStanding;
  /** Why a drug has no leaflet of its own behind its pages; absent if it has one, and where no leaflets were imported. */
  readonly noLeaflet?: NoLeafletReason;
  /** Present if the title contradicts the code: a clinician gets the matches of both readings, the code's first. */
  readonly conflict?: TitleConflict;
}

export interface KnowledgeResponse {
  readonly answers: readonly Answer[];
  /** Articles that the matched ones point to and that this reader may see, by id. */
  readonly related: ReadonlyMap<string, Article>;
  /** Name of the library release that answered. */
  readonly release: string;
  /** The terminology server did not respond in time: a later answer may be more complete. */
  readonly isProvisional: boolean;
}

/** Steps that leave the code itself behind, the furthest first: the furthest step of a path names the whole path. */
const WAYS = ['title', 'elsewhere', 'name', 'crosswalk', 'ancestor'] as const satisfies readonly PathStep['kind'][];

/** Kind of an answer: found by the code itself (`own`) or by its furthest step; or the reason why there is none. */
export type AnswerKind = 'own' | (typeof WAYS)[number] | MissReason;

export const isMiss = (kind: AnswerKind): kind is MissReason => kind !== 'own' && !WAYS.some((way) => way === kind);

/** Names how an answer was found, or why there is none, for headers, counters and reports. */
export function answerKind({ matches, miss }: Answer): AnswerKind {
  if (miss) return miss.reason;
  const path = matches[0]?.path ?? [];
  return WAYS.find((way) => path.some(({ kind }) => kind === way)) ?? 'own';
}

/** The reason for no match that each rejection leads to if no article is left, the weightiest first. */
const MISS_OF_REJECTION: readonly (readonly [RejectionReason, MissReason])[] = [
  ['title-conflict', 'title-conflict'],
  ['unjudged', 'unjudged'],
  ['held', 'held'],
  ['minimum-age', 'minimum-age'],
  ['audience-age', 'audience'],
  ['care-phase', 'care-phase'],
  ['suppressed', 'suppressed'],
];

/** Returns why a mapped code has no match: the weightiest reason for which its articles were rejected. */
export function findMissOfRejections(rejections: readonly Rejection[]): Miss {
  const reasons = new Set(rejections.map(({ reason }) => reason));
  const reason = MISS_OF_REJECTION.find(([rejection]) => reasons.has(rejection))?.[1] ?? 'code-not-mapped';
  return { reason, hint: undefined, note: '' };
}

/** Reasons that would reveal to a patient that something exists which is withheld. */
const BETRAYS: ReadonlySet<MissReason | RejectionReason> = new Set<MissReason | RejectionReason>([
  'held',
  'title-conflict',
  'minimum-age',
  'suppressed',
]);

const NOT_THERE: Miss = { reason: 'code-not-mapped', hint: undefined, note: '' };

function hide({ miss, rejections, conflict: _, ...answer }: Answer): Answer {
  return {
    ...answer,
    rejections: rejections.filter(({ reason }) => !BETRAYS.has(reason)),
    miss: miss && BETRAYS.has(miss.reason) ? NOT_THERE : miss,
  };
}

/**
 * Hides withheld articles from a patient who works the screen: a held article looks like a missing one. Other readers
 * get the full response.
 */
export function withoutTrace(response: KnowledgeResponse, { performer }: RequestContext): KnowledgeResponse {
  return performer === 'PAT' ? { ...response, answers: response.answers.map(hide) } : response;
}
