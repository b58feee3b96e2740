import type { Article, ArticleText, Sensitivity } from '../model/article.js';
import type { RequestCoding } from '../answer/knowledge-request.js';
import type { Answer, KnowledgeResponse, Match } from '../answer/knowledge-response.js';
import type { Treatment } from '../policy/site-policy.js';
import type { Concern } from '../leaflets/concerns.js';
import type { NoLeafletReason } from '../leaflets/leaflet.js';
import type { ChartQuestion, Doubt } from './chart-question.js';

/** Places of facts in a chart, the weightiest first. */
export const CHART_PLACES = [
  'asked',
  'encounter',
  'new-drug',
  'high-risk-drug',
  'to-come',
  'ongoing',
  'background',
] as const;
/**
 * `asked`: put by itself; `encounter`: a diagnosis or procedure of this encounter; `new-drug`: a drug new or changed in it;
 * `high-risk-drug`: an earlier drug whose misuse harms most; `to-come`: a test ordered, a vaccine due or given today; `ongoing`: another problem, drug or allergy; `background`: a test
 * result, an earlier procedure, an old allergy.
 */
export type ChartPlace = (typeof CHART_PLACES)[number];

/** Why a page is held for a clinician to decide. Texts are in resources/i18n under `chart.holds`. */
export type HoldReason = 'abuse' | 'minor' | 'site-policy' | 'pregnancy-loss' | 'title-conflict' | Doubt;

/**
 * Why a page is listed and not chosen, the reason that a clinician overrides most easily first. Texts are in resources/i18n
 * under `chart.notChosen`.
 */
export const NOT_CHOSEN = [
  'beyond-most',
  'not-released',
  'department',
  'language',
  'short-illness',
  'optional',
  'further',
  'earlier',
  'test-result',
  'covered',
  'sensitive',
  'past-loss',
  'held',
] as const;
export type NotChosen = (typeof NOT_CHOSEN)[number];

/** Why an article is returned: the question that it answers, and how it was found. */
export interface ChartReason {
  readonly question: ChartQuestion;
  /** The coding that led to it. */
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
  readonly place: ChartPlace;
  /** True if it explains a drug whose misuse harms most: no number of pages and no mark unticks it. */
  readonly isHighRisk: boolean;
  /** Undefined: it is chosen (ticked on a page, returned by default). */
  readonly notChosen: NotChosen | undefined;
  /** Present where it is held. */
  readonly hold?: HoldReason;
  /** The id of the article that makes this one noise; present where it is `covered`. */
  readonly coveredBy?: string;
}

/** Why the pages of a fact are not returned, beside the reasons for no match. Texts are in resources/i18n under `chart`. */
export type ChartMissReason = 'vaccine-given' | 'pregnancy-over' | 'remission';

/** A question that found nothing, or of whose articles some are held back from this reader. */
export interface ChartMiss {
  readonly question: ChartQuestion;
  readonly answer: Answer;
  /** Present where articles were found and a rule of charts takes them away. */
  readonly reason?: ChartMissReason | undefined;
  /** Why articles are held back from this reader. */
  readonly hold?: HoldReason | undefined;
}

/** A question with what was found for it. */
export interface Answered extends ChartMiss {
  /** Best first. */
  readonly matches: readonly Match[];
}

/** A situation of the patient for which parts of drugs' leaflets are marked. */
export interface ChartConcern {
  readonly concern: Concern;
  /** Places of the facts that tell of it among the inputs; none: the patient's age. */
  readonly inputs: readonly number[];
}

/** A drug of a chart without a leaflet of its own. */
export interface ChartNoLeaflet {
  /** Place of the drug among the inputs. */
  readonly input: number;
  readonly reason: NoLeafletReason;
}

export interface ChartResponse {
  /** Chosen ones first, then the rest in the order in which a larger count brings them, those that are held last. */
  readonly articles: readonly ChartArticle[];
  /** One for each input that nothing explains. */
  readonly misses: readonly ChartMiss[];
  /**
   * One for each input with an article that is held back from this reader beside others that are returned; and for each whose title
   * contradicts its code, where both readings are returned to the reader.
   */
  readonly held: readonly ChartMiss[];
  /** Drugs with a page and without a leaflet of their own; none where no leaflets were imported. */
  readonly noLeaflets: readonly ChartNoLeaflet[];
  /** The patient's situations, each once. */
  readonly concerns: readonly ChartConcern[];
  /** The patient has died: the library was not queried. */
  readonly isForDeceased: boolean;
  readonly response: KnowledgeResponse;
}

/** Whether an article is chosen. */
export const isChosen = ({ notChosen }: Pick<ChartArticle, 'notChosen'>): boolean => notChosen === undefined;
