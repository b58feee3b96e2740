import type { RequestContext } from '../answer/knowledge-request.js';
import { isKnownMinor } from '../policy/site-policy.js';
import { listCombinations, type GatheredPage } from './gather-pages.js';
import type { ChartQuestion } from './chart-question.js';
import { CHART_PLACES, type ChartPlace, type NotChosen } from './chart-response.js';
import type { ChartSheet, ChartSituation, ChartThresholds } from './chart-settings.js';
import { findCover } from './cover-pages.js';
import { isEvent, isExamination, isLeaflet, isOffered } from './page-weights.js';
import { daysBefore } from './place-facts.js';
import { isOfLoss } from '../policy/pregnancy-pages.js';
import type { Article } from '../model/article.js';
import { readDataFile } from '../read-data-file.js';

const DATA = readDataFile('charts/short-illnesses.yaml') as Readonly<
  Record<'topics' | 'others' | 'shortTitle' | 'lastingTitle' | 'shortCourse' | 'injuryTitle' | 'injuryCode', string>
>;

/** Articles on what is over in days or weeks. */
export const SHORT_ILLNESSES: ReadonlySet<string> = new Set([
  ...DATA.topics.split(' ').map((name) => `topic-${name}`),
  ...DATA.others.split(' '),
]);

const SHORT_TITLE = new RegExp(DATA.shortTitle, 'i');
const LASTING_TITLE = new RegExp(DATA.lastingTitle, 'i');
const COURSES = new RegExp(DATA.shortCourse, 'i');
const INJURY_TITLE = new RegExp(DATA.injuryTitle, 'i');
const INJURY_CODE = new RegExp(DATA.injuryCode);

/** Whether an article is about a short illness, or a drug for a short course: old facts of the kind are over, whatever their status. */
function isShortIllness({ id, kind, texts }: Pick<Article, 'id' | 'kind' | 'texts'>): boolean {
  const title = texts.en?.title ?? '';
  if (kind === 'drug') return COURSES.test(title);
  return SHORT_ILLNESSES.has(id) || (SHORT_TITLE.test(title) && !LASTING_TITLE.test(title));
}

/** A page with the verdict on it. */
export interface JudgedPage extends GatheredPage {
  readonly notChosen: NotChosen | undefined;
  readonly coveredBy?: string;
}

interface Judging {
  readonly situation: ChartSituation;
  readonly context: RequestContext;
}

/** A mark never unticks a drug that an adult takes: the page reminds the user to check who will see the sheet. */
const isMarkMinded = ({ reasons }: GatheredPage, { context }: Judging): boolean =>
  isKnownMinor(context) || !reasons.some(({ question }) => question.kind === 'medication');

function lacksLanguage({ text, article }: GatheredPage, { readIn }: ChartSheet): boolean {
  if (readIn === undefined) return false;
  return readIn === 'other' || (text.language !== readIn && article.texts[readIn] === undefined);
}

/** Whether a fact is an injury that heals: its page may be on a part of the body. */
const isInjury = ({ codings }: ChartQuestion): boolean =>
  codings.some(
    ({ system, code, display }) =>
      (system === 'icd-10-cm' && INJURY_CODE.test(code)) ||
      (INJURY_TITLE.test(display) && !LASTING_TITLE.test(display)),
  );

/** Long ago, and over since, although the chart calls it active. */
function isLongOver({ article, reasons, place }: GatheredPage, { now, thresholds }: ChartSituation): boolean {
  if (place === 'asked') return false;
  if (!isShortIllness(article) && !reasons.every(({ question }) => isInjury(question))) return false;
  return reasons.every(({ question }) => daysBefore(question.notedAt, now) > thresholds.shortIllnessDays);
}

/** Whether it is a result: of a test, or of a screening that a chart holds as a procedure that was done. */
const isOfResult = ({ article, reasons }: GatheredPage): boolean =>
  reasons.some(({ question: { kind } }) => kind === 'test' || (kind === 'procedure' && isExamination(article)));

const isOptional = ({ article, reasons, place, isHighRisk }: GatheredPage): boolean =>
  (isLeaflet(article) && !isHighRisk) ||
  (place !== 'asked' && (isOffered(article) || reasons.every(({ question }) => question.isOptional)));

/** A loss of a pregnancy, an arrest, a stroke is history after so many days. */
const HISTORY_DAYS = 365;

const isYearsAgo = ({ reasons }: GatheredPage, { now }: ChartSituation): boolean =>
  reasons.every(({ question: { notedAt } }) => daysBefore(notedAt, now) > HISTORY_DAYS);

/** Whether a page is about the loss of a pregnancy that this encounter is not about, or that was years ago. */
function isPastLoss(page: GatheredPage, situation: ChartSituation): boolean {
  const { article, place } = page;
  if (place === 'asked' || !isOfLoss(article)) return false;
  return place === 'ongoing' || place === 'background' || isYearsAgo(page, situation);
}

/** Whether a page is about an event of years ago that this encounter does not name. */
const isPastEvent = (page: GatheredPage, situation: ChartSituation): boolean =>
  page.place === 'ongoing' && isEvent(page.article) && isYearsAgo(page, situation);

/** Whether the department ticks pages on facts of this kind. What was requested by itself and high-risk drugs are ticked everywhere. */
function isOfTickedKind({ reasons, place, isHighRisk }: GatheredPage, { ticked }: ChartThresholds): boolean {
  if (ticked === undefined || place === 'asked' || isHighRisk) return true;
  if (place === 'new-drug' && ticked.includes('new-medication')) return true;
  return reasons.some(({ question }) => ticked.includes(question.kind));
}

/** Why a page is not chosen, whatever its number; undefined where there is no such reason. */
function findObstacle(page: GatheredPage, judging: Judging): NotChosen | undefined {
  const { situation } = judging;
  const { place, isLead, hold, treatment } = page;
  if (hold) return 'held';
  if (isPastLoss(page, situation)) return 'past-loss';
  if (!isLead) return 'further';
  if (isOptional(page)) return 'optional';
  if (!isOfTickedKind(page, situation.thresholds)) return 'department';
  if (place === 'background') return isOfResult(page) ? 'test-result' : 'earlier';
  if (isPastEvent(page, situation)) return 'earlier';
  if (!page.isHighRisk && isLongOver(page, situation)) return 'short-illness';
  const { sheet } = situation;
  if (sheet && treatment !== 'show' && isMarkMinded(page, judging)) return 'sensitive';
  return sheet && lacksLanguage(page, sheet) ? 'language' : undefined;
}

/** Drugs that are new or of high risk, and what was requested by itself, are not cut by a number of pages. */
export const isNeverCut = ({ place, isHighRisk }: Pick<GatheredPage, 'place' | 'isHighRisk'>): boolean =>
  isHighRisk || place === 'new-drug' || place === 'asked';

const placeRank = ({ place }: GatheredPage): number => CHART_PLACES.indexOf(place);

/** Pages in their order, a near page in the place of the weightiest page that it covers. */
function withCovers(pages: readonly GatheredPage[], covers: ReadonlyMap<string, GatheredPage>): GatheredPage[] {
  const best = new Map<string, ChartPlace>();
  for (const page of pages) {
    const near = covers.get(page.article.id);
    if (!near) continue;
    const place = best.get(near.article.id) ?? near.place;
    best.set(near.article.id, placeRank(page) < CHART_PLACES.indexOf(place) ? page.place : place);
  }
  const placed = pages.map((page) => ({ ...page, place: best.get(page.article.id) ?? page.place }));
  return placed.sort((a, b) => placeRank(a) - placeRank(b));
}

/** Leaves out, of a combination of drugs, what is chosen for it alone where the page of another of its ingredients is not. */
function withoutHalves(pages: readonly JudgedPage[]): JudgedPage[] {
  const obstacles = new Map<number, NotChosen>();
  for (const page of pages)
    for (const input of page.notChosen && page.notChosen !== 'covered' ? listCombinations(page) : [])
      obstacles.set(input, page.notChosen ?? 'held');
  if (obstacles.size === 0) return [...pages];
  return pages.map((page) => {
    const inputs = listCombinations(page);
    const obstacle = inputs.map((input) => obstacles.get(input)).find((one) => one !== undefined);
    const isForItAlone = page.reasons.every(({ question }) => inputs.includes(question.input));
    return page.notChosen === undefined && obstacle && isForItAlone ? { ...page, notChosen: obstacle } : page;
  });
}

/**
 * Chooses the pages of a packet: of each fact the first one, one page for one thing, as many as the setting takes.
 * @param pages in their order
 * @returns the same pages, each with the reason where it is not chosen
 */
export function choosePages(pages: readonly GatheredPage[], judging: Judging): JudgedPage[] {
  const { setting, thresholds, sheet } = judging.situation;
  const obstacles = new Map(pages.map((page) => [page.article.id, findObstacle(page, judging)] as const));
  const able = pages.filter(({ article }) => obstacles.get(article.id) === undefined);
  const covers = findCover(able);
  const most = thresholds.mostPages[setting];
  const isClosed = setting === 'portal' && most === 0;
  let left = most;
  let room = sheet?.room ?? Infinity;
  // The pages of a combination of drugs count as one.
  const counted = new Set<number>();
  const judged = withCovers(pages, covers).map((page): JudgedPage => {
    const { article, place } = page;
    const obstacle = obstacles.get(article.id);
    if (obstacle) return { ...page, notChosen: obstacle };
    const near = covers.get(article.id);
    if (near) return { ...page, notChosen: 'covered', coveredBy: near.article.id };
    if (isClosed && place !== 'asked') return { ...page, notChosen: 'not-released' };
    const combinations = listCombinations(page);
    const isCounted = combinations.some((input) => counted.has(input));
    if (room === 0 || (left <= 0 && !isNeverCut(page) && !isCounted)) return { ...page, notChosen: 'beyond-most' };
    for (const input of combinations) counted.add(input);
    room -= 1;
    if (place !== 'asked' && !isCounted) left -= 1;
    return { ...page, notChosen: undefined };
  });
  return withoutHalves(judged);
}
