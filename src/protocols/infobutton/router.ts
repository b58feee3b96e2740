import type { Department } from '../../core/model/department.js';
import { answerRequest } from '../../core/answer/answer.js';
import { NO_POLICY } from '../../core/policy/site-policy.js';
import type { TerminologySource } from '../../core/answer/terminology-source.js';
import { withoutTrace, type KnowledgeResponse } from '../../core/answer/knowledge-response.js';
import type { Library } from '../../core/model/library.js';
import { LIMITS } from '../../limits.js';
import type { Texts } from '../../texts.js';
import { answerHeader, describeAnswers, provisionalHeaders } from '../answer-facts.js';
import { atomTime, renderXml } from '../feed/atom.js';
import {
  type Handler,
  type RequestSize,
  type Responder,
  type Route,
  type RouteResponse,
  NO_STORE,
  type ErrorRenderer,
} from '../route.js';
import { describeBy } from '../route-document.js';
import type { FeedContext, FeedOptions } from './feed-context.js';
import { HL7_LISTS, HL7_SINGLE_LISTS, hl7Response } from './feed-hl7.js';
import { MEDLINEPLUS_LISTS, medlinePlusFeed } from './feed-medlineplus.js';
import { CACHEABLE_PARAMETERS, isPersonal, readParameters, type SentParameters } from './parameters.js';
import { parseRequest, type ParsedRequest, readLanguage } from './parse.js';
import {
  renderJson,
  renderJsonp,
  chooseResponseType,
  findContentType,
  readCallback,
  type Dialect,
  type ResponseType,
} from './formats.js';
import type { RequestError } from '../../core/errors.js';
import { renderErrorJson, renderErrorXml } from '../render-error.js';

/**
 * A browser runs no script of a 4xx or 5xx: an error by JSONP is sent with status 200, so that its callback hears of it. These
 * keep their own: a closed service answers no script at all, since that cannot send a token, nor does one under a foreign name.
 */
const FOR_HTTP: ReadonlySet<number> = new Set([401, 403, 421]);

/** The format of an error: the requested one, JSON if a callback cannot be trusted. */
function errorType(
  dialect: Dialect,
  sent: SentParameters,
  accept: string | undefined,
  maxCallbackChars: number,
): ResponseType {
  try {
    const type = chooseResponseType(sent, accept, dialect);
    if (type === 'jsonp') readCallback(sent, maxCallbackChars);
    return type;
  } catch {
    return 'json';
  }
}

/**
 * Renders an error of the infobutton service: `{ "error": { code, status, message } }`, the same in a callback (with status 200,
 * but for those of `FOR_HTTP`), or an `error` element with those three; as HTML, the page with its search box.
 */
function createInfobuttonErrorRenderer(
  dialect: Dialect,
  texts: Texts,
  maxCallbackChars: number,
  page: ErrorRenderer,
): ErrorRenderer {
  return (error: RequestError, request): RouteResponse => {
    const sent = readParameters(request.parameters);
    const message = texts(readLanguage(sent).language)(`errors.${error.code}`, error.values);
    const type = errorType(dialect, sent, request.headers.accept, maxCallbackChars);
    if (type === 'html') return page(error, request);
    const { code, status } = error;
    const json = renderErrorJson(error, message);
    const body = {
      json: () => json,
      jsonp: () => renderJsonp(json, readCallback(sent, maxCallbackChars)),
      xml: () => renderErrorXml(error, message),
    }[type]();
    const contentType = `${findContentType(type)}; charset=utf-8`;
    const headers = { 'Cache-Control': NO_STORE };
    if (type !== 'jsonp' || FOR_HTTP.has(status)) {
      return { status, contentType, body, headers, facts: { outcome: code } };
    }
    return { status: 200, contentType, body, headers, facts: { outcome: code, status } };
  };
}

export interface InfobuttonOptions extends FeedOptions {
  readonly library: Library;
  /** The terminology server, for codes that the library does not know. */
  readonly terminologySource: TerminologySource | undefined;
  readonly texts: Texts;
  readonly maxArticles: number;
  readonly maxCriteria: number;
  readonly maxCallbackChars: number;
  readonly departments: readonly Department[];
  /** Shows an infobutton request, or an error, as a page, for clients that prefer HTML. */
  readonly page: Responder;
}

const SERVICE_PATHS = ['/service', '/medlineplus/services/mpconnect_service.cfm', '/mpconnect_service.cfm'];

const HL7_PATH = '/infobutton';

function renderResponse(
  dialect: Dialect,
  type: ResponseType,
  response: KnowledgeResponse,
  context: FeedContext,
): string {
  const several = context.parsed.request.criteria.length > 1;
  const root = dialect === 'hl7' ? hl7Response(response, context, several) : medlinePlusFeed(response, context);
  if (type === 'xml') return renderXml(root);
  // A knowledge response that stands alone is no list.
  const lists = dialect === 'medlineplus' ? MEDLINEPLUS_LISTS : several ? HL7_LISTS : HL7_SINGLE_LISTS;
  const json = renderJson(root, lists);
  return type === 'jsonp' ? renderJsonp(json, context.callback) : json;
}

/** MedlinePlus Connect answers one code a request: the first criterion, or the first one whose system we know. Its feed has no related articles. */
function firstKnown(parsed: ParsedRequest): ParsedRequest {
  const { criteria } = parsed.request;
  const known = criteria.find(({ codings }) => codings.some(({ system }) => system)) ?? criteria[0];
  return { ...parsed, request: { ...parsed.request, criteria: known ? [known] : [], omitsRelated: true } };
}

/** Makes the handler of a dialect. */
function createHandler(dialect: Dialect, options: InfobuttonOptions): Handler {
  const { library, terminologySource, texts, connector, canonicalBase, documentId } = options;
  const { maxArticles, maxCriteria, maxCallbackChars, departments } = options;
  return async (request): Promise<RouteResponse> => {
    const sent = readParameters(request.parameters);
    const type = chooseResponseType(sent, request.headers.accept, dialect);
    if (type === 'html') return options.page.get(request);
    const callback = type === 'jsonp' ? readCallback(sent, maxCallbackChars) : '';
    const whole = parseRequest(sent, { maxCriteria, maxArticles, departments });
    const parsed = dialect === 'medlineplus' ? firstKnown(whole) : whole;
    const found = await answerRequest(parsed.request, library, terminologySource);
    const response = withoutTrace(found, parsed.request.context);
    const { language } = parsed.request.context;
    const { date: releasedOn, policy = NO_POLICY } = library.status();
    const contentType = findContentType(type);
    const context: FeedContext = {
      parsed,
      connector,
      baseUrl: request.baseUrl,
      canonicalBase,
      documentId,
      updated: atomTime(request.now),
      releasedOn,
      marksOverdue: policy.overdue !== 'show',
      language,
      t: texts(language),
      contentType,
      callback,
    };
    return {
      status: 200,
      contentType: `${contentType}; charset=utf-8`,
      body: renderResponse(dialect, type, response, context),
      headers: {
        'Content-Language': language,
        'X-Answer': [answerHeader(response), ...parsed.unclear.map((name) => `unclear=${name}`)].join('; '),
        ...provisionalHeaders(response),
      },
      computedAt: context.updated,
      isPersonal: isPersonal(request.parameters),
      facts: describeAnswers(found),
    };
  };
}

/** Creates the responder of a dialect. */
export function createInfobutton(dialect: Dialect, options: InfobuttonOptions): Responder {
  const { texts, maxCallbackChars, page } = options;
  return {
    get: createHandler(dialect, options),
    renderError: createInfobuttonErrorRenderer(dialect, texts, maxCallbackChars, page.renderError),
  };
}

const describe = describeBy('infobutton');

/** The routes of both dialects: MedlinePlus Connect's service under its own and its older addresses, strict HL7. */
export function infobuttonRoutes(medlineplus: Responder, hl7: Responder): Route[] {
  const common = {
    headerKind: 'api',
    cacheable: CACHEABLE_PARAMETERS,
    // Dozens of codes, each with a title that is to be read.
    isHeavy: ({ query, bodyBytes }: RequestSize) => query.length + bodyBytes > LIMITS.lightRequestChars,
  } as const;
  return [
    ...SERVICE_PATHS.map((path): Route => ({
      ...common,
      ...medlineplus,
      path,
      protocol: 'medlineplus-connect',
      document: describe('medlineplus'),
    })),
    {
      ...common,
      ...hl7,
      path: HL7_PATH,
      protocol: 'infobutton',
      post: hl7.get,
      document: describe('hl7'),
    },
  ];
}
