import { RequestError } from '../../core/errors.js';
import { READ_ARTICLES, requireRight } from '../access.js';
import type { AccessRight, NeededRight, Route } from '../route.js';
import { handledMethods, rejectMethod } from '../route.js';
import type { RouteDocument, RouteMethod } from '../route-document.js';
import type { Found } from '../route-table.js';
import { RouteTable } from '../route-table.js';
import { cacheableParameters } from './cacheable.js';
import { describeFhir } from './describe-routes.js';
import type { FhirAnswer, FhirRequest, OperationModule, TypeModule } from './interaction.js';
import type { FhirModules } from './module-options.js';
import { isAskedByGet, readOperationInput, rejectDeclined } from './read-operation-input.js';
import { isWritten } from './writing/stored-resource.js';

type Type = TypeModule['type'];

/** What a method does at an address. */
export type Interaction = (
  request: FhirRequest,
  pathParameters: Found<unknown>['pathParameters'],
) => Promise<FhirAnswer>;

/** One address of R4's RESTful API (http, 3.1.0, and operations, 3.2.0): what is done there, by whom, and what is told of it. */
export interface FhirRow extends Pick<
  Route,
  'forms' | 'cacheable' | 'prepare' | 'isOpen' | 'switchedOff' | 'missing' | 'announced'
> {
  /** The whole path, with `:id` where a resource's id stands. */
  readonly path: string;
  readonly type?: Type | undefined;
  readonly interactions: Readonly<Partial<Record<RouteMethod, Interaction | undefined>>>;
  /** FHIR's interaction that a method is (R4 value set restful-interaction). */
  readonly names: Readonly<Partial<Record<RouteMethod, string>>>;
  /** What reading needs; undefined: nothing, as of a Bundle, whose entries are looked at one by one. */
  readonly read?: NeededRight | undefined;
  /** What each method that writes needs. */
  readonly writes?: Readonly<Partial<Record<RouteMethod, AccessRight>>>;
  /** What is posted: a form (a search's parameters), a Bundle of requests, or a resource. */
  readonly takes: 'form' | 'bundle' | 'resource';
  readonly document: RouteDocument | undefined;
}

/** Interactions of the whole system that no module is for. */
export interface SystemInteractions {
  readonly capabilities: Interaction;
  /** Answers a Bundle of requests, each of which is looked up again. */
  readonly batch: (request: FhirRequest, table: FhirTable) => Promise<FhirAnswer>;
  /** The history of everything; undefined where nothing can have one. */
  readonly history: Interaction | undefined;
  /** Whether reading needs a right too. */
  readonly isClosed: boolean;
}

const BASE = '/fhir';
/** An id of R4 (datatypes, 2.24.0.1). */
const ID = /^[A-Za-z0-9.-]{1,64}$/;
const TYPE = /^[A-Z][A-Za-z]{1,63}$/;
const OF_ID = { id: ID } as const;
/** What writing makes of a type's addresses, were it switched on. */
const OFF = { type: ['POST', 'PUT', 'DELETE'], instance: ['PUT', 'DELETE'] } as const;

/** What a request that means to read or write a resource must bring. @throws RequestError `bad-resource` */
export function requireBody(request: FhirRequest, type: Type): FhirRequest {
  if (request.body?.resourceType === type) return request;
  const reason = request.body ? `it is a ${request.body.resourceType}, and ${type} is asked for` : 'it is empty';
  throw new RequestError('bad-resource', { reason });
}

/**
 * The right to read at an address where reading is closed (SMART App Launch 2): `r` is read, vread and a resource's history, `s`
 * searches and the other histories. An operation reads and searches the type that it is invoked on, the system's own ones articles.
 */
const reading = (type: NeededRight['type'], ...rights: AccessRight[]): NeededRight => ({ type, rights });

function operationRow(path: string, operation: OperationModule, type?: Type): FhirRow {
  const { definition, declined = [], run } = operation;
  const invoke: Interaction = async (request, { id }) => {
    rejectDeclined(declined, request);
    return run(readOperationInput(definition, request), request, { type, id });
  };
  return {
    path,
    type,
    forms: OF_ID,
    interactions: { GET: isAskedByGet(definition) ? invoke : undefined, POST: invoke },
    names: { GET: 'operation', POST: 'operation' },
    read: type ? reading(type, 'r', 's') : READ_ARTICLES,
    takes: 'resource',
    document: describeFhir.operation(path, definition, type),
    ...cacheableParameters.ofOperation(definition),
  };
}

/** The addresses at which an operation lets itself be invoked (R4 operations, 3.2.0.2). */
function operationRows(operation: OperationModule, types: readonly TypeModule[]): FhirRow[] {
  const { code, system, type: ofType, instance, resource = [] } = operation.definition;
  const named = new Set<string>(resource);
  const on = named.has('Resource') ? types : types.filter(({ type }) => named.has(type));
  return [
    ...(system ? [operationRow(`${BASE}/$${code}`, operation)] : []),
    ...(ofType ? on.map(({ type }) => operationRow(`${BASE}/${type}/$${code}`, operation, type)) : []),
    ...(instance ? on.map(({ type }) => operationRow(`${BASE}/${type}/:id/$${code}`, operation, type)) : []),
  ];
}

function typeRow(module: TypeModule): FhirRow {
  const { type, search, create, update, delete: remove, prepare } = module;
  const path = `${BASE}/${type}`;
  return {
    path,
    type,
    interactions: {
      GET: search,
      POST: create && (async (request) => create(requireBody(request, type))),
      PUT: update && (async (request) => update(undefined, requireBody(request, type))),
      DELETE: remove && (async (request) => remove(undefined, request)),
    },
    names: { GET: 'search-type', POST: 'create', PUT: 'update', DELETE: 'delete' },
    read: reading(type, 's'),
    writes: { ...(create && { POST: 'c' }), ...(update && { PUT: 'u' }), ...(remove && { DELETE: 'd' }) },
    switchedOff: isWritten(type) && !create ? OFF.type : [],
    takes: 'resource',
    cacheable: cacheableParameters.ofSearch(module),
    ...(prepare ? { prepare } : {}),
    document: describeFhir.type(path, module),
  };
}

function instanceRow(module: TypeModule): FhirRow {
  const { type, read, create, update, delete: remove } = module;
  const path = `${BASE}/${type}/:id`;
  return {
    path,
    type,
    forms: OF_ID,
    interactions: {
      GET: read && (async (request, { id = '' }) => read(id, request)),
      PUT: update && (async (request, { id }) => update(id, requireBody(request, type))),
      DELETE: remove && (async (request, { id }) => remove(id, request)),
    },
    names: { GET: 'read', PUT: 'update', DELETE: 'delete' },
    read: reading(type, 'r'),
    writes: { ...(update && { PUT: 'u' }), ...(remove && { DELETE: 'd' }) },
    switchedOff: isWritten(type) && !create ? OFF.instance : [],
    takes: 'resource',
    cacheable: cacheableParameters.ofRead,
    document: describeFhir.instance(path, module),
  };
}

/** Versions of a resource, of a type, of all. */
function historyRows({ type, history, historyType, vread }: TypeModule): FhirRow[] {
  const root = `${BASE}/${type}`;
  const common = { type, forms: OF_ID, takes: 'resource' } as const;
  return [
    {
      ...common,
      path: `${root}/_history`,
      interactions: { GET: historyType },
      names: { GET: 'history-type' },
      read: reading(type, 's'),
      document: describeFhir.historyOf(`${root}/_history`, type),
    },
    {
      ...common,
      path: `${root}/:id/_history`,
      interactions: { GET: history && (async (request, { id = '' }) => history(id, request)) },
      names: { GET: 'history-instance' },
      read: reading(type, 'r'),
      document: describeFhir.history(`${root}/:id/_history`, type),
    },
    {
      ...common,
      path: `${root}/:id/_history/:versionId`,
      interactions: {
        GET: vread && (async (request, { id = '', versionId = '' }) => vread(id, versionId, request)),
      },
      names: { GET: 'vread' },
      read: reading(type, 'r'),
      cacheable: cacheableParameters.ofRead,
      document: describeFhir.version(`${root}/:id/_history/:versionId`, type),
    },
  ];
}

function searchRow(module: TypeModule): FhirRow {
  const { type, search } = module;
  const path = `${BASE}/${type}/_search`;
  return {
    path,
    type,
    interactions: { GET: search, POST: search },
    names: { GET: 'search-type', POST: 'search-type' },
    read: reading(type, 's'),
    takes: 'form',
    document: describeFhir.postedSearch(path, module),
  };
}

function systemRows({ capabilities, batch, history }: SystemInteractions, table: () => FhirTable): FhirRow[] {
  const [metadata, all] = [`${BASE}/metadata`, `${BASE}/_history`];
  return [
    {
      path: BASE,
      interactions: { POST: async (request) => batch(request, table()) },
      names: { POST: 'batch' },
      takes: 'bundle',
      document: describeFhir.system(BASE),
    },
    {
      path: metadata,
      interactions: { GET: capabilities },
      names: { GET: 'capabilities' },
      isOpen: true,
      takes: 'resource',
      cacheable: cacheableParameters.ofMetadata,
      document: describeFhir.metadata(metadata),
    },
    {
      path: all,
      interactions: { GET: history },
      names: { GET: 'history-system' },
      read: reading('*', 's'),
      takes: 'resource',
      document: describeFhir.historyOf(all),
    },
  ];
}

/** What is told of an address of FHIR's at which nothing is. An operation's name is not repeated: it may be anything. */
function findMissing(below: string, types: ReadonlySet<string>): RequestError {
  const parts = below.split('/');
  const [first = '', second = '', third = ''] = parts;
  const isOperation = parts.at(-1)?.startsWith('$') ?? false;
  if (parts.length > 4) return new RequestError('not-found');
  if (!types.has(first)) {
    if (TYPE.test(first)) return new RequestError('unknown-resource-type', { type: first });
    return new RequestError(isOperation && parts.length === 1 ? 'unknown-operation' : 'not-found');
  }
  const isOfType = second === '' || /^[$_]/.test(second);
  if (!isOfType && !ID.test(second)) return new RequestError('resource-not-found', { type: first });
  const isUnknown = isOperation && (isOfType ? third === '' : parts.length === 3);
  return new RequestError(isUnknown ? 'unknown-operation' : 'not-found');
}

/** Whatever else lies below the base. A preflight names the methods of an operation that is not known, whose answer says so. */
function missingRow(modules: readonly TypeModule[]): FhirRow {
  const types = new Set<string>(modules.map(({ type }) => type));
  return {
    path: `${BASE}/*rest`,
    interactions: {},
    names: {},
    read: READ_ARTICLES,
    takes: 'resource',
    missing: ({ rest = '' }) => findMissing(rest, types),
    announced: ({ rest = '' }) => (/(?:^|\/)\$[^/]*$/.test(rest) ? ['GET', 'POST'] : []),
    document: undefined,
  };
}

/** What a request needs: to write always, to read where reading is closed. What is written on a condition is searched for. */
export function neededRights(row: FhirRow, isClosed: boolean): NonNullable<Route['neededRights']> {
  const { type = '*', writes, read, isOpen } = row;
  return (method, headers) => {
    const right = writes?.[method];
    if (!right) return isClosed && !isOpen && read ? [read] : [];
    const isSearched = headers['if-none-exist'] !== undefined || (!row.path.endsWith('/:id') && method !== 'POST');
    return [{ type, rights: [right] }, ...(isClosed && isSearched ? [reading(type, 's')] : [])];
  };
}

/** FHIR's addresses: rows of the modules. It knows nothing of HTTP's bytes, so that the entries of a batch take the same way as requests. */
export class FhirTable {
  readonly rows: readonly FhirRow[];
  readonly #table: RouteTable<FhirRow>;
  readonly #isClosed: boolean;

  constructor({ types, operations }: Pick<FhirModules, 'types' | 'operations'>, system: SystemInteractions) {
    const rows = [
      ...systemRows(system, () => this),
      ...operations.flatMap((operation) => operationRows(operation, types)),
      ...types.flatMap((one) => [typeRow(one), searchRow(one), instanceRow(one), ...historyRows(one)]),
    ];
    const answering = rows.filter((row) => handledMethods(row.interactions).length > 0);
    this.rows = [...answering, missingRow(types)];
    this.#table = new RouteTable(this.rows);
    this.#isClosed = system.isClosed;
  }

  /** @param path below the base, as an entry of a Bundle has it. @throws RequestError `bad-request`, `not-found` */
  find(path: string): Found<FhirRow> {
    const found = this.#table.find(`${BASE}/${path}`);
    if (!found) throw new RequestError('not-found');
    return found;
  }

  /**
   * Lets pass who may.
   * @throws RequestError `authorization-required`, `not-permitted`, `issuer-unavailable`
   */
  admit(row: FhirRow, { method, headers, access }: Pick<FhirRequest, 'method' | 'headers' | 'access'>): void {
    for (const right of neededRights(row, this.#isClosed)(method, headers)) requireRight(access, right);
  }

  /**
   * Answers an entry of a Bundle.
   * @throws RequestError `unknown-resource-type`, `unknown-operation`, `resource-not-found`, `not-found`, `method-not-allowed`,
   * `writing-off`, and what the interaction itself rejects
   */
  async answer({ row, pathParameters }: Found<FhirRow>, request: FhirRequest): Promise<FhirAnswer> {
    if (row.missing) throw row.missing(pathParameters);
    this.admit(row, request);
    const interaction = row.interactions[request.method];
    if (!interaction) throw rejectMethod(request.method, handledMethods(row.interactions), row.switchedOff);
    return interaction(request, pathParameters);
  }
}
