import type { ErrorCode } from '../../core/errors.js';
import { ERRORS } from '../../core/errors.js';
import type { Answering, Route } from '../route.js';
import { listAnswered } from '../route.js';
import type {
  ContentByType,
  ExampleCall,
  MethodDocument,
  ParameterDocument,
  RouteMethod,
  Schema,
} from '../route-document.js';
import { ANSWER_HEADERS, IF_NONE_MATCH, listHeaders } from './answer-headers.js';
import type { ExampleValues } from './examples.js';
import { readExample, readExamples } from './examples.js';

/** What is described of an address: a route, or files that are served as they are. */
export type DocumentedRoute = Pick<
  Route,
  'path' | 'document' | 'protocol' | 'isOpen' | 'isForCdsClients' | 'isByRight'
> &
  Answering;

export interface ApiFacts {
  readonly title: string;
  readonly version: string;
  /** Address by which clients reach us. */
  readonly baseUrl: string;
  readonly routes: readonly DocumentedRoute[];
  /** How clients show who they are, by the scheme's name; none: nothing is closed or can be written. */
  readonly securitySchemes: Readonly<Record<string, object>>;
  /** Names of the schemes that reading a route asks for, any of which will do; none: it is open to everyone. */
  readonly readSchemes: (route: DocumentedRoute) => readonly string[];
}

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
  readonly headers: Readonly<Record<string, { readonly $ref: string }>>;
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
export interface ApiDocument {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  /** What an operation needs that names nothing of its own: nothing. */
  readonly security: Security;
  readonly paths: Readonly<Record<string, ApiPath>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly headers: typeof ANSWER_HEADERS;
    readonly securitySchemes?: Readonly<Record<string, object>>;
  };
}

const DESCRIPTION =
  'A clinical code goes in, the patient-education article that explains it comes out. ' +
  'Every address also answers HEAD where it answers GET, and OPTIONS; answers to GET carry an ETag and honour If-None-Match.';

/** What every route may be rejected for. */
const EVERYWHERE: readonly ErrorCode[] = [
  ...(['bad-request', 'too-many-parameters', 'address-too-long', 'wrong-host', 'rate-limited'] as const),
  ...(['headers-too-large', 'internal', 'library-unavailable', 'overloaded'] as const),
];
/** What every body may be rejected for. */
const OF_BODIES: readonly ErrorCode[] = ['request-timeout', 'body-too-large', 'unsupported-media-type'];
const WITHOUT_RIGHT = { 401: 'Who asks has not said who it is.', 403: 'Who asks may not do this.' };

const LICENSE = { name: 'Apache 2.0', identifier: 'Apache-2.0' } as const;

/** The scheme of bearer tokens. */
export const BEARER = 'bearer';

/** `/fhir/ValueSet/:id` → `/fhir/ValueSet/{id}`. */
const toTemplate = (path: string): string => path.replace(/[:*](\w+)/g, '{$1}');

/** The name of a method of a route in the document. */
export function operationId(method: string, path: string): string {
  const words = path.match(/[A-Za-z0-9]+/g) ?? ['root'];
  return [method.toLowerCase(), ...words].join('-');
}

/** The methods of a route that are answered as the server is configured, each with its description. */
export function describedMethods(route: DocumentedRoute): [RouteMethod, MethodDocument][] {
  const answered = listAnswered(route);
  const described = Object.entries(route.document?.methods ?? {}) as [RouteMethod, MethodDocument][];
  return described.filter(([method]) => answered.includes(method));
}

/** Writes one document and collects the schemas that are named on the way. */
class ApiWriter {
  readonly #facts: ApiFacts;
  readonly #schemas = new Map<string, Schema>();

  constructor(facts: ApiFacts) {
    this.#facts = facts;
  }

  write(): ApiDocument {
    const { title, version, baseUrl, routes, securitySchemes } = this.#facts;
    const paths = routes.flatMap((route) => {
      const methods = describedMethods(route).map(
        ([method, described]) => [method.toLowerCase(), this.#operation(method, route, described)] as const,
      );
      return methods.length > 0 ? [[toTemplate(route.path), Object.fromEntries(methods)] as const] : [];
    });
    const tags = new Set(paths.flatMap(([, path]) => Object.values(path).flatMap((one) => one.tags)));
    const schemas = Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      openapi: '3.1.0',
      info: { title, version, description: DESCRIPTION, license: LICENSE },
      servers: [{ url: baseUrl }],
      tags: [...tags].map((name) => ({ name })),
      security: [],
      paths: Object.fromEntries(paths),
      components: {
        schemas,
        headers: ANSWER_HEADERS,
        ...(Object.keys(securitySchemes).length > 0 ? { securitySchemes } : {}),
      },
    };
  }

  #operation(method: RouteMethod, route: DocumentedRoute, described: MethodDocument): ApiOperation {
    const { summary, description, query = [], headers = [], body, isWrite = false } = described;
    const examples = readExamples(described, route.path);
    const { tag = '', path = [] } = route.document ?? {};
    const parameters = [
      ...path.map((one) => toParameter(one, 'path', examples)),
      ...query.map((one) => toParameter(one, 'query', examples)),
      ...headers.map((one) => toParameter(one, 'header', examples)),
      ...(method === 'GET' ? [toParameter(IF_NONE_MATCH, 'header', examples)] : []),
    ];
    const { securitySchemes, readSchemes } = this.#facts;
    // What is written is written by programs: a password is none.
    const schemes = isWrite ? Object.keys(securitySchemes).filter((name) => name === BEARER) : readSchemes(route);
    return {
      operationId: operationId(method, route.path),
      tags: [tag],
      summary,
      ...(description === undefined ? {} : { description }),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(body
        ? { requestBody: { required: body.required, content: this.#content(body.content, examples.body) } }
        : {}),
      responses: this.#responses(method, described, schemes.length > 0),
      ...(schemes.length > 0 ? { security: schemes.map((name) => ({ [name]: [] })) } : {}),
    };
  }

  #responses(method: RouteMethod, described: MethodDocument, needsRight: boolean): ApiOperation['responses'] {
    const { answers, body, errors, errorContent } = described;
    const byStatus = new Map<string, string[]>(
      Object.entries(needsRight ? WITHOUT_RIGHT : {}).map(([status, why]) => [status, [why]]),
    );
    for (const code of new Set([...errors, ...EVERYWHERE, ...(body ? OF_BODIES : [])])) {
      const status = String(ERRORS[code].status);
      byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
    }
    const rejections = [...byStatus].map(([status, codes]): [string, ApiResponse] => [
      status,
      { description: codes.join(', '), headers: listHeaders(Number(status)), content: this.#content(errorContent) },
    ]);
    const replies = Object.entries(answers).map(
      ([status, { description, content, headers }]): [string, ApiResponse] => [
        status,
        {
          description,
          headers: listHeaders(Number(status), headers),
          ...(content ? { content: this.#content(content) } : {}),
        },
      ],
    );
    const unchanged: ApiResponse = {
      description: 'The client holds this very answer.',
      headers: listHeaders(304, answers[200]?.headers),
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
  const values = place === 'query' ? examples.query.getAll(name) : [examples[place][name] ?? []].flat();
  return {
    name,
    in: place,
    description,
    ...(place === 'path' || required ? { required: true } : {}),
    schema,
    ...(values.length > 0 ? { example: readExample(values, schema) } : {}),
  };
}

/** Every route of the server as an OpenAPI 3.1 document. */
export const apiDocument = (facts: ApiFacts): ApiDocument => new ApiWriter(facts).write();

/** The example calls of every operation, by its id. */
export const exampleCalls = (routes: ApiFacts['routes']): ReadonlyMap<string, readonly ExampleCall[]> =>
  new Map(
    routes.flatMap((route) =>
      describedMethods(route).map(([method, { examples }]) => [operationId(method, route.path), examples] as const),
    ),
  );
