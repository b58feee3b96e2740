import { applyDepartment, findDepartment, type Department } from '../../core/model/department.js';
import { answerChart } from '../../core/charts/answer-chart.js';
import type { ChartQuestion } from '../../core/charts/chart-question.js';
import { isChosen, type ChartArticle, type ChartResponse } from '../../core/charts/chart-response.js';
import { findChartSetting, type ChartSetting, type ChartThresholds } from '../../core/charts/chart-settings.js';
import type { TerminologySource } from '../../core/answer/terminology-source.js';
import type { RequestContext } from '../../core/answer/knowledge-request.js';
import { DEFAULT_LANGUAGE, type Language } from '../../core/model/language.js';
import type { Library } from '../../core/model/library.js';
import { normalizeCode } from '../../core/codes/normalize-code.js';
import type { GivenBefore, ArticleTitles } from '../../core/handing-over/given-before.js';
import { describeAnswers, toShownArticle, toTitled } from '../answer-facts.js';
import type { JsonObject } from '../json-object.js';
import {
  checkClient,
  runComputation,
  type AnswerFacts,
  type HeavyComputation,
  type InFlight,
  type RouteRequest,
} from '../route.js';
import { LIMITS } from '../../limits.js';
import { MOST_LINKS, toCard, type Card, type CardOptions } from './card.js';
import type { CardPlace, LinkedArticle } from './card-memory.js';
import { findReader, gatherChart, type FetchOptions, type GatheredChart } from './gather-chart.js';
import type { HookRequest } from './read-request.js';
import type { CdsService } from './services.js';

/** The reader according to the chart. */
type ChartReader = Pick<RequestContext, 'ageGroups' | 'leastAgeMonths' | 'foreignLanguage'> & {
  readonly sex?: RequestContext['sex'];
  readonly language?: Language | undefined;
  readonly isDeceased?: boolean;
};

/** A chart as FHIR's rules read it (protocols/fhir/knowledge-request). */
export interface ReadChart {
  /** Each with its position: `resource[0].entry[3]`. */
  readonly inputs: readonly { readonly position: string }[];
  readonly questions: readonly ChartQuestion[];
  readonly setting: ChartSetting;
  /** Names and references of the places of the encounter. */
  readonly places: readonly string[];
  readonly patient: ChartReader;
}

/** Reads resources and Bundles as one chart. @throws RequestError `too-many-resources`, `too-many-criteria`, `bad-resource` */
export type ReadResources = (
  resources: readonly JsonObject[],
  options: {
    readonly encounter: string | undefined;
    /** Base address of the EHR's server; undefined: unknown. */
    readonly server: string | undefined;
    readonly findSetting: (encounterClass: string | undefined) => ChartSetting;
    readonly now: Date;
  },
) => ReadChart;

/** The page on which the articles of a card are chosen and printed, for an EHR that can launch it. */
export type SmartLink = (baseUrl: string) => { readonly url: string };

/** The patient, user and server of a call. */
export type CardCaller = CardPlace & Pick<HookRequest, 'fhirServer'>;

/** A call with its token, by which the chart's own resources may be read. */
export type GivenCaller = CardCaller & Pick<HookRequest, 'accessToken' | 'scopes'>;

/** Memory of patients and their cards: one process has it for all. */
export interface CardState {
  /**
   * Finds the articles that the patient of a call has received, by our own record and by the chart's own resources; none where they cannot
   * be read.
   */
  findGiven(caller: GivenCaller, articles: readonly ArticleTitles[], now: Date): Promise<GivenBefore>;
  /** Finds the articles that may be offered, by their ids. */
  findOpen(caller: CardCaller, articles: readonly string[], now: Date): Promise<readonly string[]>;
  /** Remembers a card. @returns its id */
  remember(hook: string, linked: readonly LinkedArticle[], caller: CardCaller, now: Date): Promise<string>;
}

export interface AnswerOptions extends CardOptions {
  readonly library: Library;
  readonly terminologySource: TerminologySource | undefined;
  readonly readResources: ReadResources;
  readonly thresholds: ChartThresholds;
  /** Departments with settings of their own. */
  readonly departments: readonly Department[];
  readonly maxArticles: number;
  readonly fetching: FetchOptions;
  readonly state: CardState;
  /** Undefined: no launch is set up. */
  readonly smartLink?: SmartLink | undefined;
}

export interface HookAnswer {
  readonly card: Card | undefined;
  readonly facts: AnswerFacts;
}

const NOTHING: HookAnswer = { card: undefined, facts: { outcome: 'empty' } };

/** Whether the user is the patient or a relative, in a portal. */
const isPortal = (userId: string): boolean => /(?:^|\/)(?:Patient|RelatedPerson)\//.test(userId);

/** Creates a function that finds the setting of a call. */
function createSettingFinder({ userId, isOfDischarge }: HookRequest) {
  const performer = isPortal(userId) ? 'PAT' : 'PROV';
  return (encounterClass: string | undefined): ChartSetting => {
    const setting = findChartSetting(encounterClass, { task: undefined, performer });
    return isOfDischarge && setting !== 'portal' ? 'discharge' : setting;
  };
}

function buildContext(
  { patient }: ReadChart,
  { userId }: HookRequest,
  usual: Language = DEFAULT_LANGUAGE,
): RequestContext {
  const { sex, ageGroups, leastAgeMonths, foreignLanguage } = patient;
  const { language = foreignLanguage === undefined ? usual : DEFAULT_LANGUAGE } = patient;
  return {
    sex,
    ageGroups,
    leastAgeMonths,
    language,
    ...(foreignLanguage === undefined ? {} : { foreignLanguage }),
    recipient: 'PAT',
    performer: isPortal(userId) ? 'PAT' : 'PROV',
    task: undefined,
    encounter: undefined,
    subTopics: [],
  };
}

/** Whether an article may be on a card: marked ones are not, since others may see the screen. */
const isUnmarked = ({ treatment, sensitivities, article }: ChartArticle): boolean =>
  treatment === 'show' && sensitivities.length === 0 && article.sensitivity === undefined;

/**
 * Whether an article is on a drug that is new with the orders of the request, which were read first. A drug that the patient already has, in
 * any strength, is not new.
 */
function isOfNewOrder({ place, reasons }: ChartArticle, { inputs }: ReadChart): boolean {
  const isOrder = (input: number): boolean => inputs[input]?.position.startsWith('resource[0]') === true;
  return place === 'new-drug' && reasons.every(({ question: { input } }) => isOrder(input));
}

/** An article with the code that led to it. A drug's name may be any text and is not stored. */
function toLinked({ article, text, reasons }: ChartArticle): LinkedArticle {
  const [{ coding: { system, code } } = { coding: { system: undefined, code: '' } }] = reasons;
  const normalized = system && system !== 'drug-name' ? normalizeCode(system, code) : undefined;
  const coding = system && normalized !== undefined ? { system, code: normalized } : undefined;
  return { article: article.id, language: text.language, coding };
}

/** Facts for log, counters and audit trail, with the linked articles only. */
function describeAnswer(chart: ChartResponse, linked: readonly ChartArticle[]): AnswerFacts {
  const { matchKinds, audit } = describeAnswers(chart.response);
  const articles = linked.map(({ article, text }) => toShownArticle(article, text));
  return { outcome: linked.length > 0 ? 'answered' : 'empty', matchKinds, audit: { ...audit, articles } };
}

/** A call of a service. */
export interface HookCall {
  readonly service: CdsService;
  readonly request: HookRequest;
  readonly now: Date;
}

async function queryCore(chartData: GatheredChart, { request, now }: HookCall, options: AnswerOptions) {
  const { library, terminologySource, readResources, departments, maxArticles: perQuestion } = options;
  const { encounterId, fhirServer: server } = request;
  const orders = { resourceType: 'Bundle', entry: chartData.orders.map((resource) => ({ resource })) };
  const encounter = encounterId === undefined ? undefined : `Encounter/${encounterId}`;
  const findSetting = createSettingFinder(request);
  const read = readResources([orders, ...chartData.resources], { encounter, server, findSetting, now });
  const department = findDepartment(departments, read.places);
  const thresholds = applyDepartment(options.thresholds, department);
  const context = buildContext(read, request, department?.language);
  const { isDeceased = false } = read.patient;
  // Sensitive articles are chosen on our own page.
  const sheet = { room: Infinity };
  const situation = { now: now.getTime(), setting: read.setting, thresholds, perQuestion, sheet, isDeceased };
  const chart = await answerChart(read.questions, context, situation, library, terminologySource);
  return { read, context, chart };
}

/**
 * Answers a call of a service with at most one card. It links the articles that core chooses for the chart and that the patient was not
 * given, until they are opened or the card is answered.
 * @param language the card's own
 * @throws RequestError `bad-hook-request`, `data-not-available`, and what reading a chart throws
 */
export async function answerHook(
  call: HookCall & Omit<RouteRequest, 'request'>,
  language: Language,
  options: AnswerOptions,
): Promise<HookAnswer> {
  const { service, request, now, baseUrl, inFlight } = call;
  const chart = await gatherChart(service, request, findReader(request, options.fetching, inFlight), now);
  if (!chart) return NOTHING;
  const supplied: GatheredCall = { chart, service, request: { ...request, prefetch: {} }, now, baseUrl, language };
  const isLong = chart.resources.length + chart.orders.length > LIMITS.lightResources;
  return isLong
    ? runComputation(createHookComputation(options), supplied, call)
    : answerGathered(supplied, inFlight, options);
}

/** A call of a service with its whole chart. */
interface GatheredCall extends HookCall {
  readonly chart: GatheredChart;
  readonly baseUrl: string;
  /** The card's own. */
  readonly language: Language;
}

/** Creates the computation of cards: all of them that needs no other server. */
export const createHookComputation =
  (options: AnswerOptions): HeavyComputation =>
  (supplied, { inFlight }) =>
    answerGathered(supplied as GatheredCall, inFlight, options);

async function answerGathered(
  call: GatheredCall,
  inFlight: InFlight | undefined,
  options: AnswerOptions,
): Promise<HookAnswer> {
  const { service, request, now, baseUrl, language } = call;
  const { state, smartLink } = options;
  const { read, context, chart } = await queryCore(call.chart, call, options);
  const fitting = chart.articles.filter(
    (one) => isChosen(one) && isUnmarked(one) && (!service.isOfOrders || isOfNewOrder(one, read)),
  );
  const { userId, patientId, encounterId, fhirServer, accessToken, scopes } = request;
  const caller = { userId, patientId, encounterId, fhirServer };
  const named = fitting.map(({ article }) => toTitled(article));
  const findGiven = () => state.findGiven({ ...caller, accessToken, scopes }, named, now);
  const given = fitting.length === 0 ? new Map<string, string>() : await findGiven();
  const articles = fitting.flatMap(({ article: { id } }) => (given.has(id) ? [] : id));
  const open = new Set(articles.length === 0 ? [] : await state.findOpen(caller, articles, now));
  const offered = fitting.filter(({ article }) => open.has(article.id));
  const linked = offered.slice(0, MOST_LINKS);
  if (linked.length === 0) return { card: undefined, facts: describeAnswer(chart, []) };
  // If the client has gone, the card was not shown.
  checkClient(inFlight);
  const uuid = await state.remember(service.hook, linked.map(toLinked), caller, now);
  const { foreignLanguage } = context;
  const launch = smartLink && { ...smartLink(baseUrl), appContext: uuid };
  const facts = { uuid, articles: offered, language, foreignLanguage, baseUrl, smartLink: launch };
  return { card: toCard(facts, options), facts: describeAnswer(chart, linked) };
}
