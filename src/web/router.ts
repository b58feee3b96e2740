import { answerRequest } from '../core/answer.js';
import { codeSystem } from '../core/code-systems.js';
import type { RequestCoding } from '../core/knowledge-request.js';
import { titleOf } from '../core/knowledge-request.js';
import type { KnowledgeResponse, MissReason } from '../core/knowledge-response.js';
import type { Language } from '../core/language.js';
import type { Library } from '../core/library.js';
import { answerHeader, describeAnswers } from '../protocols/answer-facts.js';
import { effectiveQuery } from '../protocols/infobutton/effective-query.js';
import type { SentParameters } from '../protocols/infobutton/parameters.js';
import { CACHEABLE_PARAMETERS, readParameters } from '../protocols/infobutton/parameters.js';
import type { ParsedRequest } from '../protocols/infobutton/parse.js';
import { parseRequest, readCodings, readLanguage } from '../protocols/infobutton/parse.js';
import type {
  AnswerFacts,
  ErrorRenderer,
  Handler,
  Responder,
  Route,
  RouteRequest,
  RouteResponse,
} from '../protocols/route.js';
import type { Texts } from '../texts.js';
import type { PageModel } from './page-model.js';
import { renderPage } from './view.js';

export interface WebOptions {
  readonly library: Library;
  readonly texts: Texts;
  readonly connectorName: string;
  readonly maxArticles: number;
  readonly maxCriteria: number;
  /** Address by which clients reach us, without a slash at its end; its path stands before every link to us. */
  readonly baseUrl: () => string;
}

const LANGUAGE = 'informationRecipient.languageCode.c';

const APPLICATION_PATHS = ['/application', '/', '/medlineplus/services/mpconnect.cfm', '/mpconnect.cfm'];

/** Where nothing was sent to search with, the page is its search box, not a complaint. */
const NOTHING_ASKED: ReadonlySet<MissReason> = new Set(['no-code']);

type Asked = Pick<RouteRequest, 'parameters' | 'headers'>;

function languageUrl(
  basePath: string,
  sent: SentParameters,
  parsed: ParsedRequest | undefined,
  language: Language,
): string {
  const used = (parsed?.used ?? []).filter(({ name }) => name !== LANGUAGE);
  const query = effectiveQuery(readCodings(sent), [...used, { name: LANGUAGE, value: language }]);
  return `${basePath}/application?${query.toString()}`;
}

interface Shown {
  readonly parsed?: ParsedRequest;
  readonly response?: KnowledgeResponse;
  readonly problem?: string;
}

function modelOf({ parameters }: Pick<Asked, 'parameters'>, options: WebOptions, shown: Shown): PageModel {
  const sent = readParameters(parameters);
  const baseUrl = options.baseUrl();
  const basePath = baseUrl.replace(/^https?:\/\/[^/]+/, '');
  const language = shown.parsed?.request.context.language ?? readLanguage(sent);
  const [first] = readCodings(sent);
  const system = first?.system;
  return {
    language,
    t: options.texts(language),
    connectorName: options.connectorName,
    fields: {
      code: first?.code.trim() ?? '',
      system: system ? (codeSystem(system).oids[0] ?? '') : '',
      title: first ? titleOf(first) : '',
    },
    response: shown.response,
    problem: shown.problem,
    baseUrl,
    basePath,
    otherLanguageUrl: languageUrl(basePath, sent, shown.parsed, language === 'en' ? 'es' : 'en'),
  };
}

function pageResponse(model: PageModel, status: number, facts: AnswerFacts): RouteResponse {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body: renderPage(model),
    headers: {
      'Content-Language': model.language,
      ...(model.response ? { 'X-Answer': answerHeader(model.response) } : {}),
    },
    facts,
    headerKind: 'page',
  };
}

/** Whether there is nothing to answer: no code, and no title or no system to look it up in. The box is filled with it. */
function isSearchBox(codings: readonly RequestCoding[]): boolean {
  const hasNoCode = codings.every(({ code }) => code.trim() === '');
  const hasNoTitle = codings.every((coding) => titleOf(coding) === '');
  return hasNoCode && (hasNoTitle || codings.every(({ systemSent }) => systemSent === ''));
}

/** Makes the page that answers an infobutton request in HTML; without anything to search for, its search box. */
function createHandler(options: WebOptions): Handler {
  const { library, maxArticles, maxCriteria } = options;
  return async (request) => {
    const sent = readParameters(request.parameters);
    if (isSearchBox(readCodings(sent))) return pageResponse(modelOf(request, options, {}), 200, { outcome: 'ok' });
    const parsed = parseRequest(sent, { maxArticles, maxCriteria });
    const response = await answerRequest(parsed.request, library);
    const asked = response.answers.some(({ miss }) => !miss || !NOTHING_ASKED.has(miss.reason));
    const shown = asked ? { parsed, response } : { parsed };
    return pageResponse(modelOf(request, options, shown), 200, describeAnswers(response));
  };
}

/** An error as a page: what went wrong, over the search box. */
function createErrorRenderer(options: WebOptions): ErrorRenderer {
  return (error, request) => {
    const language = readLanguage(readParameters(request.parameters));
    const problem = options.texts(language)(`errors.${error.code}`, error.values);
    return pageResponse(modelOf(request, options, { problem }), error.status, { outcome: error.code });
  };
}

/** A program that asks the application for data, not a browser: it is given the data. */
function asksForData({ parameters, headers }: Asked): boolean {
  const asked = readParameters(parameters).first('knowledgeResponseType').toLowerCase();
  return asked !== '' && !asked.includes('html') && !(headers.accept ?? '').includes('text/html');
}

/** The page: an infobutton request answered in HTML, an error told over the search box. */
export function createPage(options: WebOptions): Responder {
  return { get: createHandler(options), renderError: createErrorRenderer(options) };
}

/**
 * The application's routes under its own and its older addresses.
 * @param service answers a program that sends `knowledgeResponseType` to the application
 */
export function webRoutes(page: Responder, service: Responder): Route[] {
  const chosen = (request: Asked): Responder => (asksForData(request) ? service : page);
  return APPLICATION_PATHS.map((path) => ({
    path,
    protocol: 'application',
    headerKind: 'page',
    get: (request) => chosen(request).get(request),
    renderError: (error, request) => chosen(request).renderError(error, request),
    cacheable: CACHEABLE_PARAMETERS,
  }));
}
