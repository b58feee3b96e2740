import type { VNode } from 'preact';
import { answerRequest } from '../../core/answer/answer.js';
import { answerAsCode } from '../../core/search/code-search.js';
import { findCodeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import { RequestError } from '../../core/errors.js';
import type { RequestContext } from '../../core/answer/knowledge-request.js';
import type { KnowledgeResponse } from '../../core/answer/knowledge-response.js';
import { LIMITS } from '../../limits.js';
import { answerHeader, describeAnswers, factsOfHits } from '../../protocols/answer-facts.js';
import {
  firstValue,
  wholeValue,
  type AnswerFacts,
  type Handler,
  type Route,
  type RouteResponse,
} from '../../protocols/route.js';
import { pageRoute, describePage } from './page-route.js';
import { homeResponse } from './home-page.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { listResponse } from '../list/list-route.js';
import { looksLikeChart } from '../list/looks-like-chart.js';
import { readItems } from '../list/read-packet.js';
import {
  type PageContext,
  type PageOptions,
  type Visit,
  createPageContext,
  choosePageLanguage,
} from '../page-context.js';
import { toFilters } from '../rows/result-filters.js';
import { Answers, FoundByWords, type AnsweredCodes, type Found } from '../rows/results.js';
import { findByWords, findForMisses, isDecided, readNarrowing } from '../rows/search-words.js';

interface Typed {
  readonly text: string;
  /** The system that was chosen or typed before the code; undefined: any. */
  readonly system: CodeSystemId | undefined;
}

/** Reads what was typed: words, a code, or a code behind the name of its system (`ICD-9-CM 250.00`). */
function readTyped(query: string, chosen: string): Typed {
  const system = findCodeSystem(chosen)?.id;
  if (system) return { text: query, system };
  const named = /^([a-z][a-z0-9-]{1,10}(?: ct)?)[\s:]+([^\s:]\S*)$/i.exec(query);
  const ofName = named && /\d/.test(named[2] ?? '') && findCodeSystem(named[1] ?? '')?.id;
  return ofName ? { text: named[2] ?? '', system: ofName } : { text: query, system: undefined };
}

async function answerTyped(
  { text, system }: Typed,
  context: RequestContext,
  { library, terminologySource, maxArticles }: PageOptions,
): Promise<KnowledgeResponse> {
  // The system of a code without one is guessed, and no guess is sent to another server.
  if (!system) return answerAsCode(text, { context, maxArticles }, library);
  const coding = { system, systemSent: system, code: text, display: '', userSelected: false };
  const request = { criteria: [{ codings: [coding] }], context, maxArticles, describeCodes: true };
  return answerRequest(request, library, terminologySource);
}

/** Matches what may have several entries: it is read as a list before it is searched for as one. */
const DIVIDED = /[,;\r\n]|\s(?:and|y|e|&|\+)\s/i;
const mayBeList = (query: string): boolean =>
  DIVIDED.test(query) || (/\s/.test(query) && query.split(/\s+/).every((word) => /\d/.test(word)));

/** Whether a query has several entries: then it is a list. @throws RequestError `too-many-criteria` */
async function isList(query: string, options: PageOptions, visit: Visit): Promise<boolean> {
  if (!mayBeList(query)) return false;
  const items = await readItems(query, options, { language: choosePageLanguage(visit, options) });
  return items.reduce((sum, { times }) => sum + times, 0) > 1;
}

/** A chart in the search box: nothing of it is searched for or shown again. */
function chartResponse(options: PageOptions, visit: Visit): RouteResponse {
  const page = createPageContext(options, visit, { path: '/packet' });
  const { t } = page;
  const main = (
    <>
      <h1>{t('packet.chartHere')}</h1>
      <div class="notice" role="status">
        <p>{t('packet.chartHint')}</p>
        <p>
          <a href={page.href('/packet')}>{t('packet.chartLink')}</a>
        </p>
      </div>
    </>
  );
  const document = { title: t('packet.chartHere'), main, searched: '' };
  return pageResponse(page, document, { facts: { outcome: 'empty' }, headers: NO_STORE });
}

/** Answers a query of the search box: as a code where it is one, else by its words. */
function createHandler(options: PageOptions): Handler {
  return async (visit) => {
    const { parameters } = visit;
    const query = wholeValue(parameters, 'q');
    if (query === '') return homeResponse(options, visit);
    if (looksLikeChart(query)) return chartResponse(options, visit);
    if (firstValue(parameters, 'system') === '' && (await isList(query, options, visit))) {
      return listResponse(options, visit, { isSearch: true });
    }
    const most = LIMITS.maxQueryChars;
    if (query.length > most) throw new RequestError('query-too-long', { most });
    const typed = readTyped(query, firstValue(parameters, 'system'));
    const plain = createPageContext(options, visit, {
      path: '/find',
      query: { q: query, system: typed.system, ...toFilters(readNarrowing(parameters)) },
    });
    const page = { ...plain, searched: query };
    const response = await answerTyped(typed, page.reader, options);
    // B12 looks like a code, and is a vitamin: what no system has is looked up by its words.
    const isCode = response.answers.some(({ matches, standing }) => matches.length > 0 || standing?.concept);
    const byWord =
      isCode || typed.system ? undefined : await findByWords(query, page, options, readNarrowing(parameters));
    if (byWord && (response.answers.length === 0 || byWord.all.length > 0 || isDecided(byWord))) {
      return foundResponse(page, query, byWord);
    }
    const byWords = await findForMisses(response.answers, page, options);
    return answersResponse(page, { response, byWords }, { searched: query, typed: typed.text, headers: NO_STORE });
  };
}

interface AnswersPage {
  /** Words in the search box. */
  readonly searched: string;
  /** The code that was typed, which several systems may have. */
  readonly typed?: string;
  readonly headers: Record<string, string>;
}

/** The answers to codes as a page. */
export function answersResponse(page: PageContext, answered: AnsweredCodes, sent: AnswersPage): RouteResponse {
  const { response, byWords } = answered;
  const { searched, typed } = sent;
  const hits = [...byWords.values()].flat();
  const results = <Answers answered={answered} typed={typed} page={page} />;
  const hasArticles = hits.length > 0 || response.answers.some(({ matches }) => matches.length > 0);
  const headers = { 'X-Answer': answerHeader(response), ...sent.headers };
  return resultsResponse(page, searched, results, hasArticles, { facts: describeAnswers(response, hits), headers });
}

/** A page of results below what was searched for. */
function resultsResponse(
  page: PageContext,
  searched: string,
  results: VNode,
  hasArticles: boolean,
  answer: { readonly facts: AnswerFacts; readonly headers: Record<string, string> },
): RouteResponse {
  const title = page.t('page.resultsFor', { subject: searched });
  const main = (
    <>
      <h1>{title}</h1>
      {results}
    </>
  );
  return pageResponse(page, { title, main, searched, ...(hasArticles ? { offer: {} } : {}) }, answer);
}

/** Renders the hits of words, as a page that is not cached. */
export function foundResponse(page: PageContext, query: string, found: Found): RouteResponse {
  const hits = [...found.articles, ...found.concepts];
  const [first] = hits;
  const results = <FoundByWords query={query} found={found} page={page} />;
  const audit = factsOfHits(hits);
  const facts = first ? { outcome: 'answered', matchKinds: first.matched, audit } : { outcome: 'empty' };
  return resultsResponse(page, query, results, found.articles.length > 0, { facts, headers: NO_STORE });
}

/** Dividers of entries. */
const MAY_BE_LIST = /[,;]|%(?:2C|3B|0A|0D|09)/i;

/** `/find?q=`; what has several entries is answered as a list. Its answers show what a person typed, and are not cached. */
export function findRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/find',
    get: createHandler(options),
    isHeavy: ({ query }) => query.length > LIMITS.lightSearchChars || MAY_BE_LIST.test(query),
    document: describePage('find'),
  });
}
