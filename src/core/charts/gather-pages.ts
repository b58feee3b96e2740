import type { Article } from '../model/article.js';
import { contextFit } from '../answer/context-fit.js';
import { compareKeys } from '../answer/rank.js';
import { mapSteps, type Steps } from '../give-way.js';
import { groupBy } from '../group-by.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import { RELATIONSHIP_ORDER, type Match } from '../answer/knowledge-response.js';
import { strictest } from '../policy/site-policy.js';
import { CHART_KINDS } from './chart-question.js';
import {
  CHART_PLACES,
  type ChartArticle,
  type ChartPlace,
  type ChartReason,
  type HoldReason,
} from './chart-response.js';
import type { ChartSituation } from './chart-settings.js';
import type { ChartMatch, HeldAnswered } from './hold-pages.js';
import { placeFact } from './place-facts.js';
import { flatMap } from '../flat-map.js';

/** An article of a chart, once, with all that it explains. */
export interface GatheredPage extends Omit<ChartArticle, 'notChosen' | 'coveredBy' | 'hold'> {
  /** It is the first page for one of its facts. */
  readonly isLead: boolean;
  readonly hold: HoldReason | undefined;
  /** Ids of the pages that are broader than it for a fact which it answers exactly. */
  readonly broaderPages: ReadonlySet<string>;
}

const countSteps = ({ path }: Match): number => path.filter(({ kind }) => kind !== 'asked').length;

/** Written for the reader's age, for any, or (where the age is unknown) for one that may be theirs. */
function scoreAge({ ageGroups }: Article, context: RequestContext): number {
  if (ageGroups.length === 0) return 1;
  return ageGroups.some((group) => context.ageGroups.includes(group)) ? 0 : 1;
}

/**
 * What articles of a chart are compared by: the place of the fact; sub-topic, task and setting; the kind of question; within
 * a kind the fit to the age and recipient, the most specific first, then the most recent.
 */
function buildKey({ question, match }: ChartReason, place: ChartPlace, context: RequestContext): readonly number[] {
  const { article, relationship } = match;
  const [subTopic = 1, task = 1, setting = 1, recipient = 1] = contextFit(article.kind, context);
  const kind = CHART_KINDS.indexOf(question.kind);
  const recency = -(question.notedAt ?? 0);
  const specificity = [RELATIONSHIP_ORDER[relationship], countSteps(match), -match.score];
  const fit = [subTopic, task, setting, kind, scoreAge(article, context), recipient];
  return [CHART_PLACES.indexOf(place), ...fit, ...specificity, recency, question.input];
}

interface Found {
  readonly key: readonly number[];
  readonly reason: ChartReason;
  readonly match: ChartMatch;
  readonly place: ChartPlace;
  readonly isLead: boolean;
  readonly broader: readonly string[];
}

/** The parts of a combined vaccine have a page each: all of them are first pages. */
const isPart = ({ question: { kind } }: HeldAnswered, { relationship }: Match): boolean =>
  kind === 'immunization' && relationship === 'narrower';

/** A screening that was done is a result, although charts hold it as a procedure; one of this encounter as well. */
const isDoneTest = ({ question: { kind, isAsked, isToCome } }: HeldAnswered, { article }: Match): boolean =>
  kind === 'procedure' && !isAsked && !isToCome && article.kind === 'test';

function findPages(fact: HeldAnswered, situation: ChartSituation, context: RequestContext): Found[] {
  const { question, answer, matches } = fact;
  const [lead] = matches.filter(({ hold }) => !hold);
  const isExact = lead?.relationship === 'equivalent';
  const broader = isExact ? flatMap(matches, (one) => (one.relationship === 'broader' ? one.article.id : [])) : [];
  const ownPlace = placeFact(question, situation, context);
  // Of a fact in doubt one page is enough to decide by.
  const most = question.doubt ? 1 : situation.perQuestion;
  return matches.slice(0, most).map((match) => {
    const reason = { question, coding: answer.coding, match };
    const place = isDoneTest(fact, match) ? 'background' : ownPlace;
    const isLead = match === lead || isPart(fact, match);
    return { key: buildKey(reason, place, context), reason, match, place, isLead, broader: isLead ? broader : [] };
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
  const holds = flatMap(found, ({ match }) => match.hold ?? []);
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
    sensitivities: [...new Set(flatMap(found, ({ match }) => match.sensitivity ?? []))],
    treatment: strictest(free.map(({ match }) => match.treatment)),
    score,
    reasons: [...reasons.values()],
    place: first.place,
    isLead: leading !== undefined,
    hold,
    broaderPages: new Set(flatMap(found, ({ broader }) => broader)),
  };
  return [{ key: first.key, page }];
}

/** Every article once, with what it explains, in the order of its weightiest fact. */
export function* gatherPages(
  answered: readonly HeldAnswered[],
  situation: ChartSituation,
  context: RequestContext,
): Steps<GatheredPage[]> {
  const found = (yield* mapSteps(answered, (fact) => findPages(fact, situation, context))).flat();
  const pages: { key: readonly number[]; page: GatheredPage }[] = [];
  for (const ofArticle of groupBy(found, ({ match }) => match.article.id).values()) {
    yield;
    pages.push(...toPage(ofArticle));
  }
  pages.sort((a, b) => compareKeys(a.key, b.key) || (a.page.article.id < b.page.article.id ? -1 : 1));
  return pages.map(({ page }) => page);
}
