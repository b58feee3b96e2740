import type { Article } from '../model/article.js';
import { contextFit, compareKeys } from '../answer/rank.js';
import { isOfEachPart } from '../codes/resolve-coding.js';
import { groupBy } from '../group-by.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import { RELATIONSHIP_ORDER, type Match } from '../answer/knowledge-response.js';
import { strictest } from '../policy/site-policy.js';
import type { DrugNames } from '../drugs/drug-names.js';
import { CHART_KINDS } from './chart-question.js';
import {
  CHART_PLACES,
  type ChartArticle,
  type ChartPlace,
  type ChartReason,
  type HoldReason,
} from './chart-response.js';
import type { ChartSituation } from './chart-settings.js';
import { isHighRiskDrug } from './high-risk-drugs.js';
import type { ChartMatch, HeldAnswered } from './hold-pages.js';
import { INJECTORS, ORDINARY, isExamination, isLeaflet, weighPage } from './page-weights.js';
import { placeFact } from './place-facts.js';

/** An article of a chart, once, with all that it explains. */
export interface GatheredPage extends Omit<ChartArticle, 'notChosen' | 'coveredBy' | 'hold'> {
  /** True if it is the first page for one of its facts. */
  readonly isLead: boolean;
  readonly hold: HoldReason | undefined;
  /** Ids of the pages that are broader than it for a fact which it answers exactly. */
  readonly broaderPages: ReadonlySet<string>;
}

/** Inputs of the order of a chart's pages beside its facts. */
export interface Gathering {
  readonly situation: ChartSituation;
  readonly context: RequestContext;
  /** Names of drugs, to recognize a high-risk one on a page of the site's own. */
  readonly drugNames: DrugNames | undefined;
}

const countSteps = ({ path }: Match): number => path.filter(({ kind }) => kind !== 'asked').length;

/** Written for the reader's age, for any, or (where the age is unknown) for one that may be theirs. */
function scoreAge({ ageGroups }: Article, context: RequestContext): number {
  if (ageGroups.length === 0) return 1;
  return ageGroups.some((group) => context.ageGroups.includes(group)) ? 0 : 1;
}

/** Rank of a fact among the facts of its chart. */
interface Standing {
  readonly place: ChartPlace;
  /** Among the problems and drugs that are not of this encounter, the weightiest first. */
  readonly weight: number;
}

/**
 * Sort key of an article of a chart: the place of the fact; its weight there; sub-topic, task and setting; the kind of question; within a
 * kind the fit to the age and recipient, the most specific first, then the most recent.
 */
function buildKey({ question, match }: ChartReason, standing: Standing, context: RequestContext): readonly number[] {
  const { article, relationship } = match;
  const [subTopic = 1, task = 1, setting = 1, recipient = 1] = contextFit(article.kind, context);
  const kind = CHART_KINDS.indexOf(question.kind);
  const recency = -(question.notedAt ?? 0);
  const specificity = [RELATIONSHIP_ORDER[relationship], countSteps(match), -match.score];
  const fit = [subTopic, task, setting, kind, scoreAge(article, context), recipient];
  return [CHART_PLACES.indexOf(standing.place), standing.weight, ...fit, ...specificity, recency, question.input];
}

interface Found {
  readonly key: readonly number[];
  readonly reason: ChartReason;
  readonly match: ChartMatch;
  readonly standing: Standing;
  readonly isHighRisk: boolean;
  readonly isLead: boolean;
  readonly broader: readonly string[];
}

/** The parts of a combined vaccine, and of a combination of drugs, have a page each: all of them are first pages. */
const isPart = ({ question: { kind } }: Pick<HeldAnswered, 'question'>, { relationship }: Match): boolean =>
  (kind === 'immunization' || kind === 'medication') && relationship === 'narrower';

/** The facts of whose combination of drugs a page explains one ingredient. */
export const listCombinations = ({ reasons }: Pick<GatheredPage, 'reasons'>): number[] =>
  reasons.flatMap(({ question, match }) =>
    question.kind === 'medication' && match.relationship === 'narrower' ? [question.input] : [],
  );

/** A screening that was done is a result, although charts hold it as a procedure; one of this encounter as well. */
const isDoneTest = ({ question: { kind, isAsked, isToCome } }: HeldAnswered, { article }: Match): boolean =>
  kind === 'procedure' && !isAsked && !isToCome && isExamination(article);

/** True if the chart has an injector against anaphylaxis: its allergies are then what the patient has to know. */
const hasInjector = (answered: readonly HeldAnswered[]): boolean =>
  answered.some(
    ({ question: { kind }, matches: [first] }) => kind === 'medication' && first && INJECTORS.has(first.article.id),
  );

function findStanding(fact: HeldAnswered, match: Match, place: ChartPlace, isAtRisk: boolean): Standing {
  const { kind } = fact.question;
  if (isDoneTest(fact, match)) return { place: 'background', weight: ORDINARY };
  if (kind === 'allergy' && isAtRisk && place !== 'encounter') return { place: 'ongoing', weight: ORDINARY - 1 };
  if (kind === 'allergy' && place === 'ongoing') return { place, weight: ORDINARY + 1 };
  return { place, weight: kind === 'problem' && place === 'ongoing' ? weighPage(match.article) : ORDINARY };
}

function findPages(fact: HeldAnswered, isAtRisk: boolean, { situation, context, drugNames }: Gathering): Found[] {
  const { question, answer, matches } = fact;
  const [lead] = matches.filter(({ hold }) => !hold);
  const isExact = lead?.relationship === 'equivalent';
  const broader = isExact ? matches.flatMap((one) => (one.relationship === 'broader' ? one.article.id : [])) : [];
  const ownPlace = placeFact(question, situation, context);
  // Of a fact in doubt one page is enough to decide by.
  const areParts = question.areParts ?? isOfEachPart(matches);
  const most = areParts ? matches.length : question.doubt ? 1 : situation.perQuestion;
  return matches.slice(0, most).map((match) => {
    const reason = { question, coding: answer.coding, match };
    const isHighRisk = isHighRiskDrug(question, match.article, drugNames);
    const place = isHighRisk && ownPlace === 'ongoing' ? 'high-risk-drug' : ownPlace;
    const standing = findStanding(fact, match, place, isAtRisk);
    // The leaflet of a high-risk drug is chosen beside its page.
    const isLead = match === lead || isPart(fact, match) || (isHighRisk && isLeaflet(match.article));
    const key = buildKey(reason, standing, context);
    return { key, reason, match, standing, isHighRisk, isLead, broader: isLead ? broader : [] };
  });
}

/** Reasons that hold the fact, not the page: another fact may lead to it without doubt. */
const HOLDS_FACT: ReadonlySet<HoldReason> = new Set<HoldReason>([
  'pregnancy-loss',
  'title-conflict',
  'unconfirmed',
  'unknown-status',
  'modifier-extension',
]);

function findHold(found: readonly Found[]): HoldReason | undefined {
  const holds = found.flatMap(({ match }) => match.hold ?? []);
  const ofPage = holds.find((hold) => !HOLDS_FACT.has(hold));
  return ofPage ?? (holds.length === found.length ? holds[0] : undefined);
}

/** Its weightiest leading fact decides where a page stands. */
function toPage(found: Found[]): { key: readonly number[]; page: GatheredPage }[] {
  found.sort((a, b) => compareKeys(a.key, b.key));
  const hold = findHold(found);
  const free = hold ? found : found.filter(({ match }) => !match.hold);
  const leading = free.find(({ isLead }) => isLead);
  const first = leading ?? free[0];
  if (!first) return [];
  const reasons = new Map<number, ChartReason>();
  for (const { reason } of found) if (!reasons.has(reason.question.input)) reasons.set(reason.question.input, reason);
  const { article, text, score } = first.match;
  const page = {
    article,
    text,
    sensitivities: [...new Set(found.flatMap(({ match }) => match.sensitivity ?? []))],
    treatment: strictest(free.map(({ match }) => match.treatment)),
    score,
    reasons: [...reasons.values()],
    place: first.standing.place,
    isHighRisk: free.some(({ isHighRisk }) => isHighRisk),
    isLead: leading !== undefined,
    hold,
    broaderPages: new Set(found.flatMap(({ broader }) => broader)),
  };
  return [{ key: first.key, page }];
}

const isTaken = ({ reasons }: GatheredPage): boolean =>
  reasons.some(({ question: { kind, doubt } }) => kind === 'medication' && !doubt);

/** Lets problems and drugs take turns, each in their order, so that a number of pages cuts neither alone. */
function alternate(pages: readonly GatheredPage[]): GatheredPage[] {
  const drugs = pages.filter(isTaken);
  const others = pages.filter((page) => !isTaken(page));
  return Array.from({ length: Math.max(drugs.length, others.length) }).flatMap((_, at) =>
    [others[at], drugs[at]].flatMap((page) => page ?? []),
  );
}

/** Puts each drug's leaflet behind the page on that drug. */
function putLeafletsBehind(pages: readonly GatheredPage[]): GatheredPage[] {
  const isOfFact = ({ article, reasons }: GatheredPage, leaflet: GatheredPage): boolean =>
    !isLeaflet(article) && reasons.some(({ question }) => question.input === leaflet.reasons[0]?.question.input);
  const ordered = pages.filter(({ article }) => !isLeaflet(article));
  for (const leaflet of pages.filter(({ article }) => isLeaflet(article))) {
    const ofFact = ordered.filter((one) => isOfFact(one, leaflet));
    const page = ofFact.findLast(({ isLead }) => isLead) ?? ofFact.at(-1);
    const before = pages.slice(0, pages.indexOf(leaflet)).findLast((one) => ordered.includes(one));
    ordered.splice(ordered.indexOf(page ?? before ?? leaflet) + 1, 0, leaflet);
  }
  return ordered;
}

/** Every article once, with what it explains, in the order of its weightiest fact. */
export function gatherPages(answered: readonly HeldAnswered[], gathering: Gathering): GatheredPage[] {
  const isAtRisk = hasInjector(answered);
  const found = answered.map((fact) => findPages(fact, isAtRisk, gathering)).flat();
  const pages: { key: readonly number[]; page: GatheredPage }[] = [];
  for (const ofArticle of groupBy(found, ({ match }) => match.article.id).values()) {
    pages.push(...toPage(ofArticle));
  }
  pages.sort((a, b) => compareKeys(a.key, b.key) || (a.page.article.id < b.page.article.id ? -1 : 1));
  const [ongoing, ordinary] = [CHART_PLACES.indexOf('ongoing'), ORDINARY];
  const isInTurns = ({ key: [place, weight], page }: (typeof pages)[number]): boolean =>
    place === ongoing && weight === ordinary && page.isLead;
  const inTurns = alternate(pages.filter(isInTurns).map(({ page }) => page));
  let turn = 0;
  return putLeafletsBehind(pages.map((one) => (isInTurns(one) ? (inTurns[turn++] ?? one.page) : one.page)));
}
