import { ERRORS, type ErrorCode } from '../../../src/core/errors.js';
import { readOnce } from '../../../src/core/read-once.js';
import { readDescription } from '../../../src/protocols/read-description.js';
import { toTemplate } from '../../../src/protocols/openapi.js';
import { findArea, isForBrowsers } from '../../../src/protocols/read-areas.js';
import { listAnswered, type Route } from '../../../src/protocols/route.js';
import type { RouteMethod, Schema } from '../../../src/protocols/route-document.js';
import { describeRoute } from './describe-route.js';
import type {
  AnswerDocument,
  AnswerHeader,
  ContentByType,
  MethodDocument,
  ParameterDocument,
} from './route-document.js';
import { readExample, readExamples, type ExampleValues } from './examples.js';
import { findOwn } from '../../../src/core/find-own.js';

type ApiContent = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

type Place = 'path' | 'query' | 'header';

export interface ApiParameter {
  readonly name: string;
  readonly in: Place;
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

interface ApiResponse {
  readonly description: string;
  readonly headers: ReturnType<typeof listHeaders>;
  readonly content?: ApiContent;
}

/** Names of security schemes, any of which will do; an empty list: none is needed. */
type Security = readonly Readonly<Record<string, readonly string[]>>[];

export interface ApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: ApiContent };
  readonly responses: Readonly<Record<string, ApiResponse>>;
  readonly security?: Security;
}

/** By method, in lower case. */
export type ApiPath = Readonly<Record<string, ApiOperation>>;

/** An OpenAPI 3.1 document, as far as this server makes use of it. */
export type ApiDocument = ReturnType<ApiWriter['write']>;

/** Parts that the document has of every route alike. */
interface Frame {
  readonly info: { readonly description: string; readonly license: object };
  /** Response headers that clients act on. */
  readonly headers: Readonly<Record<string, object>>;
  readonly ifNoneMatch: ParameterDocument;
  readonly unchanged: string;
  readonly withoutRight: Readonly<Record<string, string>>;
  /** Errors of every route. */
  readonly everywhere: readonly ErrorCode[];
  readonly ofBodies: readonly ErrorCode[];
  /** Errors of input that is rejected before it is read as a request, and their format outside FHIR. */
  readonly unread: { readonly errors: readonly ErrorCode[]; readonly content: ContentByType };
  readonly securitySchemes: Readonly<Record<string, object>>;
}

const read = readOnce({ frame: () => readDescription('document') as Frame });

/** The schemes by which clients may show who they are at a route; a write, and the record of patients, always need one. */
function listSecurity(route: Route, isWrite: boolean): Security {
  const bearer = { bearer: [] };
  if (isWrite || route.isByRight) return [bearer];
  if (route.isForCdsClients) return [{}, { cdsClient: [] }];
  const area = findArea(route);
  if (!area) return [];
  return [{}, bearer, ...(isForBrowsers(area) ? [{ password: [] }] : [])];
}

/** The name of a method of a route in the document. */
export function operationId(method: string, path: string): string {
  const words = path.match(/[A-Za-z0-9]+/g) ?? ['root'];
  return [method.toLowerCase(), ...words].join('-');
}

/** The methods of a route that are answered as the server is configured, each with its description. */
export function describedMethods(route: Route): [RouteMethod, MethodDocument][] {
  const answered = listAnswered(route);
  const described = Object.entries(describeRoute(route)?.methods ?? {}) as [RouteMethod, MethodDocument][];
  return described.filter(([method]) => answered.includes(method));
}

const RETRIED: ReadonlySet<number> = new Set([429, 503, 507]);

/** Of which no request was read: no format is known, and no library. */
const HEADERS_TOO_LARGE = ERRORS['headers-too-large'].status;

type DescribedHeader = AnswerHeader | 'Allow' | 'WWW-Authenticate';

/**
 * The headers of an answer, as references to the document's components.
 * @param own what its route sends beside what all do
 * @param namesRelease whether it is an answer of the library
 */
function listHeaders(status: number, own: readonly DescribedHeader[] = [], namesRelease = true) {
  const names: string[] = [
    ...own,
    ...(status === 200 || status === 304 ? ['ETag'] : []),
    ...(status >= 400 && status !== HEADERS_TOO_LARGE ? ['Link'] : []),
    ...(RETRIED.has(status) ? ['Retry-After'] : []),
    ...(namesRelease ? ['X-Library-Release'] : []),
  ];
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The headers of a rejection. @param isForRight whether it may be for want of a right */
function listErrorHeaders(status: number, content: ContentByType, isForRight: boolean) {
  const own: DescribedHeader[] = [];
  if (status === 405) own.push('Allow');
  if (status === 401 || (status === 403 && isForRight)) own.push('WWW-Authenticate');
  if ('text/html' in content) own.push('Content-Language');
  return listHeaders(status, own, status !== HEADERS_TOO_LARGE);
}

/** Writes one document and collects the schemas that are named on the way. */
class ApiWriter {
  readonly #schemas = new Map<string, Schema>();

  write(routes: readonly Route[]) {
    const paths = routes.flatMap((route) => {
      const methods = describedMethods(route).map(
        ([method, described]) => [method.toLowerCase(), this.#operation(method, route, described)] as const,
      );
      return methods.length > 0 ? [[toTemplate(route.path), Object.fromEntries(methods)] as const] : [];
    });
    const tags = new Set(paths.flatMap(([, path]) => Object.values(path).flatMap((one) => one.tags)));
    const schemas = Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      openapi: '3.1.0' as const,
      info: { title: '', version: '', ...read.frame.info },
      servers: [{ url: '' }],
      tags: [...tags].map((name) => ({ name })),
      security: [] as Security,
      paths: Object.fromEntries(paths),
      components: {
        schemas,
        headers: read.frame.headers,
        securitySchemes: read.frame.securitySchemes,
      },
    };
  }

  #operation(method: RouteMethod, route: Route, described: MethodDocument): ApiOperation {
    const { summary, description, query = [], headers = [], body, isWrite = false } = described;
    const examples = readExamples(described, route.path);
    const { tag = '', path = [] } = describeRoute(route) ?? {};
    const parameters = [
      ...path.map((one) => toParameter(one, 'path', examples)),
      ...query.map((one) => toParameter(one, 'query', examples)),
      ...headers.map((one) => toParameter(one, 'header', examples)),
      ...(method === 'GET' ? [toParameter(read.frame.ifNoneMatch, 'header', examples)] : []),
    ];
    const security = listSecurity(route, isWrite);
    return {
      operationId: operationId(method, route.path),
      tags: [tag],
      summary,
      ...(description === undefined ? {} : { description }),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(body
        ? { requestBody: { required: body.required, content: this.#content(body.content, examples.body) } }
        : {}),
      responses: this.#responses(method, route, described, security.length > 0),
      ...(security.length > 0 ? { security } : {}),
    };
  }

  #responses(
    method: RouteMethod,
    { protocol, files }: Route,
    described: MethodDocument,
    needsRight: boolean,
  ): ApiOperation['responses'] {
    const { answers, body, errors, errorContent } = described;
    const { withoutRight, everywhere, ofBodies, unread, unchanged: description } = read.frame;
    const byStatus = new Map<string, string[]>(
      Object.entries(needsRight ? withoutRight : {}).map(([status, why]) => [status, [why]]),
    );
    for (const code of new Set([...errors, ...everywhere, ...(body ? ofBodies : [])])) {
      const status = String(ERRORS[code].status);
      byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
    }
    const respond = (status: number | string, one: AnswerDocument): ApiResponse => ({
      description: one.description,
      headers: listHeaders(Number(status), one.headers, files === undefined),
      ...(one.content ? { content: this.#content(one.content) } : {}),
    });
    const rejections = [...byStatus].map(([status, codes]) => {
      const isUnread = protocol !== 'fhir' && unread.errors.some((code) => codes.includes(code));
      const inFormat = Number(status) === HEADERS_TOO_LARGE ? {} : errorContent;
      const content = isUnread ? { ...inFormat, ...unread.content } : errorContent;
      const headers = listErrorHeaders(Number(status), content, needsRight || codes.includes('not-permitted'));
      return [status, { ...respond(status, { description: codes.join(', '), content }), headers }] as const;
    });
    const replies = Object.entries(answers).map(([status, answer]) => [status, respond(status, answer)] as const);
    const unchanged: ApiResponse = {
      description,
      headers: listHeaders(304, answers[200]?.headers, files === undefined),
    };
    // A status may stand for an answer too (readiness): the answer is described then.
    return {
      ...Object.fromEntries(rejections.sort(([a], [b]) => Number(a) - Number(b))),
      ...(method === 'GET' ? { 304: unchanged } : {}),
      ...Object.fromEntries(replies),
    };
  }

  #content(described: ContentByType, examples: Readonly<Record<string, unknown>> = {}): ApiContent {
    return Object.fromEntries(
      Object.entries(described).map(([type, { schema, name, parts = {} }]) => {
        for (const [part, one] of Object.entries(parts)) this.#schemas.set(part, one);
        if (name !== undefined) this.#schemas.set(name, schema);
        const shown = name === undefined ? schema : { $ref: `#/components/schemas/${name}` };
        return [type, { schema: shown, ...(type in examples ? { example: examples[type] } : {}) }];
      }),
    );
  }
}

function toParameter(described: ParameterDocument, place: Place, examples: ExampleValues): ApiParameter {
  const { name, description, schema = { type: 'string' }, required = false } = described;
  const values = place === 'query' ? examples.query.getAll(name) : [findOwn(examples[place], name) ?? []].flat();
  return {
    name,
    in: place,
    description,
    ...(place === 'path' || required ? { required: true } : {}),
    schema,
    ...(values.length > 0 ? { example: readExample(values, schema) } : {}),
  };
}

/** Every route of a server as an OpenAPI 3.1 document, without what the server itself fills in. */
export const apiDocument = (routes: readonly Route[]): ApiDocument => new ApiWriter().write(routes);
