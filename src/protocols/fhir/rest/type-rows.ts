import { READ_ARTICLES } from '../../access.js';
import { cacheableParameters } from './cacheable.js';
import { describeFhir } from '../conformance/describe-routes.js';
import type { OperationModule, TypeModule } from './interaction.js';
import { isAskedByGet, readOperationInput, rejectDeclined } from './read-operation-input.js';
import { isWritten } from '../writing/stored-resource.js';
import type { FhirRow, Interaction, Type } from './rows.js';
import { BASE, ID, reading, requireBody } from './rows.js';

const OF_ID = { id: ID } as const;
/** What writing makes of a type's addresses, were it switched on. */
const OFF = { type: ['POST', 'PUT', 'DELETE'], instance: ['PUT', 'DELETE'] } as const;

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
export function operationRows(operation: OperationModule, types: readonly TypeModule[]): FhirRow[] {
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

/** The addresses of a type and of its resources (R4 http, 3.1.0.1.2). */
export function typeRows(module: TypeModule): FhirRow[] {
  const rows = [typeRow(module), searchRow(module), instanceRow(module), ...historyRows(module)];
  if (!module.isPersonal) return rows;
  return rows.map(({ cacheable: _none, ...row }) => ({ ...row, isByRight: true }));
}
