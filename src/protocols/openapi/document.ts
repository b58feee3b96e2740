import type { ErrorCode } from '../../core/errors.js';
import { ERRORS } from '../../core/errors.js';
import type { Answering, Route } from '../route.js';
import { methodsOf } from '../route.js';
import type {
  ContentByType,
  ExampleCall,
  MethodDocument,
  ParameterDocument,
  RouteMethod,
  Schema,
} from '../route-document.js';

/** What can be told of an address: a route, or files that are served as they are. */
export type DocumentedRoute = Pick<Route, 'path' | 'document' | 'protocol' | 'isOpen' | 'isForCdsClients'> & Answering;

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

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string;
}

export interface ApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: ApiContent };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: ApiContent }>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Calls that work as they stand. */
  readonly 'x-examples': readonly ExampleCall[];
}

/** By method, in lower case. */
export type ApiPath = Readonly<Record<string, ApiOperation>>;

/** An OpenAPI 3.1 document, as far as this server makes use of it. */
export interface ApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, ApiPath>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes?: Readonly<Record<string, object>>;
  };
}

const DESCRIPTION =
  'A clinical code goes in, the patient-education article that explains it comes out. ' +
  'Every address also answers HEAD where it answers GET, and OPTIONS; answers to GET carry an ETag and honour If-None-Match.';

/** What the edge refuses on every route. */
const EVERYWHERE: readonly ErrorCode[] = [
  ...(['too-many-parameters', 'address-too-long', 'rate-limited'] as const),
  ...(['headers-too-large', 'internal', 'library-unavailable', 'overloaded'] as const),
];
const WITHOUT_RIGHT = { 401: 'Who asks has not said who it is.', 403: 'Who asks may not do this.' };

/** The scheme of bearer tokens. */
export const BEARER = 'bearer';

/** `/fhir/ValueSet/:id` → `/fhir/ValueSet/{id}`. */
const templateOf = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

function operationId(method: string, path: string): string {
  const words = path.match(/[A-Za-z0-9]+/g) ?? ['root'];
  return [method.toLowerCase(), ...words].join('-');
}

/** Makes one document; gathers the schemas that are named on the way. */
class ApiWriter {
  readonly #facts: ApiFacts;
  readonly #schemas = new Map<string, Schema>();

  constructor(facts: ApiFacts) {
    this.#facts = facts;
  }

  write(): ApiDocument {
    const { title, version, baseUrl, routes, securitySchemes } = this.#facts;
    const told = routes.flatMap((route) => {
      const path = this.#path(route);
      return path ? [[templateOf(route.path), path] as const] : [];
    });
    const tags = new Set(told.flatMap(([, path]) => Object.values(path).flatMap((one) => one.tags)));
    const schemas = Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      openapi: '3.1.0',
      info: { title, version, description: DESCRIPTION },
      servers: [{ url: baseUrl }],
      tags: [...tags].map((name) => ({ name })),
      paths: Object.fromEntries(told),
      components: { schemas, ...(Object.keys(securitySchemes).length > 0 ? { securitySchemes } : {}) },
    };
  }

  #path(route: DocumentedRoute): ApiPath | undefined {
    const { document, path } = route;
    if (!document) return undefined;
    const answered = methodsOf(route, path.replace(/:\w+/g, 'x'));
    const told = Object.entries(document.methods).filter(([method]) => answered.includes(method));
    const parameters = (document.path ?? []).map((one) => toParameter(one, 'path'));
    return told.length === 0
      ? undefined
      : Object.fromEntries(
          told.map(([method, one]) => [
            method.toLowerCase(),
            this.#operation(method as RouteMethod, route, document.tag, one, parameters),
          ]),
        );
  }

  #operation(
    method: RouteMethod,
    route: DocumentedRoute,
    tag: string,
    told: MethodDocument,
    ofPath: readonly ApiParameter[],
  ): ApiOperation {
    const { summary, description, query = [], body, isWrite = false, examples } = told;
    const parameters = [...ofPath, ...query.map((one) => toParameter(one, 'query'))];
    const { securitySchemes, readSchemes } = this.#facts;
    // What is written is written by programs: a password is none.
    const schemes = isWrite ? Object.keys(securitySchemes).filter((name) => name === BEARER) : readSchemes(route);
    return {
      operationId: operationId(method, route.path),
      tags: [tag],
      summary,
      ...(description === undefined ? {} : { description }),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(body ? { requestBody: { required: body.required, content: this.#content(body.content) } } : {}),
      responses: this.#responses(method, told, schemes.length > 0),
      ...(schemes.length > 0 ? { security: schemes.map((name) => ({ [name]: [] })) } : {}),
      'x-examples': examples,
    };
  }

  #responses(method: RouteMethod, told: MethodDocument, needsRight: boolean): ApiOperation['responses'] {
    const { answers, errors, errorContent } = told;
    const good = Object.entries(answers).map(([status, { description, content }]) => [
      status,
      { description, ...(content ? { content: this.#content(content) } : {}) },
    ]);
    const content = this.#content(errorContent);
    const byStatus = new Map<string, string[]>(
      Object.entries(needsRight ? WITHOUT_RIGHT : {}).map(([status, why]) => [status, [why]]),
    );
    for (const code of new Set([...errors, ...EVERYWHERE])) {
      const status = String(ERRORS[code].status);
      byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
    }
    const bad = [...byStatus].sort(([a], [b]) => Number(a) - Number(b));
    // A status may stand for an answer too (readiness): its answer is told then.
    return {
      ...Object.fromEntries(bad.map(([status, codes]) => [status, { description: codes.join(', '), content }])),
      ...(method === 'GET' ? { 304: { description: 'The client holds this very answer.' } } : {}),
      ...(Object.fromEntries(good) as ApiOperation['responses']),
    };
  }

  #content(told: ContentByType): ApiContent {
    return Object.fromEntries(
      Object.entries(told).map(([type, { schema, name, example }]) => {
        if (name !== undefined) this.#schemas.set(name, schema);
        const shown = name === undefined ? schema : { $ref: `#/components/schemas/${name}` };
        return [type, { schema: shown, ...(example === undefined ? {} : { example }) }];
      }),
    );
  }
}

function toParameter(told: ParameterDocument, place: 'path' | 'query'): ApiParameter {
  const { name, description, schema = { type: 'string' }, required = false, example } = told;
  return {
    name,
    in: place,
    description,
    ...(place === 'path' || required ? { required: true } : {}),
    schema,
    ...(example === undefined ? {} : { example }),
  };
}

/** Every route of the server as an OpenAPI 3.1 document. */
export const apiDocument = (facts: ApiFacts): ApiDocument => new ApiWriter(facts).write();
