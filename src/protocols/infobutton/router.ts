import { answerRequest } from '../../core/answer/answer.js';
import { withoutTrace } from '../../core/policy/without-trace.js';
import type { TerminologySource } from '../../core/answer/terminology-source.js';
import type { KnowledgeResponse } from '../../core/answer/knowledge-response.js';
import { answerHeader, describeAnswers, provisionalHeaders } from '../answer-facts.js';
import { atomTime, type FeedSite } from '../feed/atom.js';
import { renderXml } from '../feed/render-xml.js';
import type { Handler, Responder, Route, RouteResponse } from '../route.js';
import { describeInfobutton } from './describe-routes.js';
import type { FeedContext, FeedOptions } from './feed-context.js';
import { HL7_LISTS, HL7_SINGLE_LISTS, hl7Response } from './feed-hl7.js';
import { MEDLINEPLUS_LISTS, medlinePlusFeed } from './feed-medlineplus.js';
import { CACHEABLE_PARAMETERS, isPersonal, readParameters } from './parameters.js';
import { parseRequest, type ParseLimits, type ParsedRequest } from './parse.js';
import { createErrorRenderer } from './render-error.js';
import { renderJson, renderJsonp } from './render-json.js';
import { chooseResponseType, findContentType, readCallback, type Dialect, type ResponseType } from './response-type.js';

export interface InfobuttonOptions extends FeedOptions, FeedSite, ParseLimits {
  /** The terminology server, for codes that the library does not know. */
  readonly terminologySource: TerminologySource | undefined;
  readonly maxCallbackChars: number;
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

/** MedlinePlus Connect answers one code a request: the first criterion, or the first one whose system we know. */
function firstKnown(parsed: ParsedRequest): ParsedRequest {
  const { criteria } = parsed.request;
  const known = criteria.find(({ codings }) => codings.some(({ system }) => system)) ?? criteria[0];
  return { ...parsed, request: { ...parsed.request, criteria: known ? [known] : [] } };
}

/** Makes the handler of a dialect. */
function createHandler(dialect: Dialect, options: InfobuttonOptions): Handler {
  const { library, terminologySource, texts, connector, canonicalBase, documentId } = options;
  return async (request): Promise<RouteResponse> => {
    const sent = readParameters(request.parameters);
    const type = chooseResponseType(sent, request.headers.accept, dialect);
    if (type === 'html') return options.page.get(request);
    const callback = type === 'jsonp' ? readCallback(sent, options.maxCallbackChars) : '';
    const whole = parseRequest(sent, options);
    const parsed = dialect === 'medlineplus' ? firstKnown(whole) : whole;
    const found = await answerRequest(parsed.request, library, terminologySource);
    const response = withoutTrace(found, parsed.request.context);
    const { language } = parsed.request.context;
    const contentType = findContentType(type);
    const updated = atomTime(request.now);
    const site = { connector, canonicalBase, documentId, baseUrl: request.baseUrl, releasedOn: library.status().date };
    const context = { ...site, parsed, updated, language, t: texts(language), contentType, callback };
    return {
      status: 200,
      contentType: `${contentType}; charset=utf-8`,
      body: renderResponse(dialect, type, response, context),
      headers: {
        'Content-Language': language,
        'X-Answer': [answerHeader(response), ...parsed.unclear.map((name) => `unclear=${name}`)].join('; '),
        ...provisionalHeaders(response),
      },
      computedAt: updated,
      isPersonal: isPersonal(request.parameters),
      facts: describeAnswers(found),
    };
  };
}

/** What answers in a dialect. */
export function createInfobutton(dialect: Dialect, options: InfobuttonOptions): Responder {
  const { texts, maxCallbackChars, page } = options;
  return {
    get: createHandler(dialect, options),
    renderError: createErrorRenderer(dialect, texts, maxCallbackChars, page.renderError),
  };
}

/** The routes of both dialects: MedlinePlus Connect's service under its own and its older addresses, strict HL7. */
export function infobuttonRoutes(medlineplus: Responder, hl7: Responder): Route[] {
  const common = { headerKind: 'api', cacheable: CACHEABLE_PARAMETERS } as const;
  return [
    ...SERVICE_PATHS.map((path): Route => ({
      ...common,
      ...medlineplus,
      path,
      protocol: 'medlineplus-connect',
      document: describeInfobutton('medlineplus', path),
    })),
    {
      ...common,
      ...hl7,
      path: HL7_PATH,
      protocol: 'infobutton',
      post: hl7.get,
      document: describeInfobutton('hl7', HL7_PATH),
    },
  ];
}
