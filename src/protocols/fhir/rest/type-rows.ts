import { READ_ARTICLES } from '../../access.js';
import type { AccessRight } from '../../route.js';
import type { RouteMethod } from '../../route-document.js';
import { describeRow, operationValues, typeValues } from '../conformance/describe-row.js';
import { isWritten } from '../writing/stored-resource.js';
import { cacheableParameters } from './cacheable.js';
import type { OperationModule, TypeModule } from './interaction.js';
import { isAskedByGet, readOperationInput, rejectDeclined } from './read-operation-input.js';
import type { FhirMethod, FhirRow, Interaction, Type } from './rows.js';
import { BASE, ID, reading, requireBody } from './rows.js';

/** Methods of a row, each with the name of its description where that is not the interaction's. */
type Methods = Partial<Record<RouteMethod, FhirMethod & { readonly described?: string }>>;

type Values = Readonly<Record<string, unknown>>;

/** Builds a row whose ids are FHIR ids. */
export function toRow(
  path: string,
  methods: Methods,
  values: Values,
  rest: Omit<FhirRow, 'path' | 'methods' | 'takes' | 'document'> & Partial<Pick<FhirRow, 'takes'>>,
): FhirRow {
  const described = Object.entries(methods).flatMap(([method, { name, run, described: own = name }]) =>
    run ? [[method, own]] : [],
  );
  const document = describeRow(path, Object.fromEntries(described) as Partial<Record<RouteMethod, string>>, values);
  return { path, methods, forms: { id: ID }, takes: 'resource', document, ...rest };
}

function operationRow(path: string, operation: OperationModule, type?: Type): FhirRow {
  const { definition, declined = [], run } = operation;
  const invoke: Interaction = async (request, { id }) => {
    rejectDeclined(declined, request);
    return run(readOperationInput(definition, request), request, { type, id });
  };
  const isByGet = isAskedByGet(definition);
  const methods: Methods = {
    GET: { name: 'operation', run: isByGet ? invoke : undefined, described: 'operation-by-get' },
    POST: { name: 'operation', run: invoke },
  };
  return toRow(path, methods, operationValues(definition, type), {
    type,
    operation: definition,
    read: type ? reading(type, 'r', 's') : READ_ARTICLES,
    ...cacheableParameters.ofOperation(definition),
  });
}

/** The addresses at which an operation can be invoked (R4 operations, 3.2.0.2). */
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

const writes = (name: string, right: AccessRight, run: Interaction | undefined, described = name) => ({
  name,
  run,
  right: run && right,
  described,
});

/** Versions of a resource, and of a type. */
function historyRows({ type, history, historyType, vread }: TypeModule, values: Values): FhirRow[] {
  const root = `${BASE}/${type}`;
  const [of, ofAll] = [
    { type, read: reading(type, 'r') },
    { type, read: reading(type, 's') },
  ];
  return [
    toRow(`${root}/_history`, { GET: { name: 'history-type', run: historyType } }, values, ofAll),
    toRow(
      `${root}/:id/_history`,
      { GET: { name: 'history-instance', run: history && (async (request, { id = '' }) => history(id, request)) } },
      values,
      of,
    ),
    toRow(
      `${root}/:id/_history/:versionId`,
      {
        GET: {
          name: 'vread',
          run: vread && (async (request, { id = '', versionId = '' }) => vread(id, versionId, request)),
        },
      },
      values,
      { ...of, cacheable: cacheableParameters.ofRead },
    ),
  ];
}

/** The addresses of a type and of its resources (R4 http, 3.1.0.1.2). */
export function typeRows(module: TypeModule): FhirRow[] {
  const { type, search, read, create, update, delete: remove, prepare } = module;
  const values = typeValues(module);
  const root = `${BASE}/${type}`;
  // Methods that a setting would switch on.
  const isOff = isWritten(type) && !create;
  const [of, ofAll] = [
    { type, read: reading(type, 'r') },
    { type, read: reading(type, 's') },
  ];
  const rows = [
    toRow(
      root,
      {
        GET: { name: 'search-type', run: search },
        PUT: writes(
          'update',
          'u',
          update && (async (request) => update(undefined, requireBody(request, type))),
          'conditional-update',
        ),
        DELETE: writes('delete', 'd', remove && (async (request) => remove(undefined, request)), 'conditional-delete'),
        POST: writes('create', 'c', create && (async (request) => create(requireBody(request, type)))),
      },
      values,
      {
        ...ofAll,
        switchedOff: isOff ? ['POST', 'PUT', 'DELETE'] : [],
        cacheable: cacheableParameters.ofSearch(module),
        ...(prepare ? { prepare } : {}),
      },
    ),
    toRow(
      `${root}/_search`,
      {
        GET: { name: 'search-type', run: search, described: 'search-at' },
        POST: { name: 'search-type', run: search, described: 'search-form' },
      },
      values,
      { ...ofAll, takes: 'form' },
    ),
    toRow(
      `${root}/:id`,
      {
        GET: { name: 'read', run: read && (async (request, { id = '' }) => read(id, request)) },
        PUT: writes('update', 'u', update && (async (request, { id }) => update(id, requireBody(request, type)))),
        DELETE: writes('delete', 'd', remove && (async (request, { id }) => remove(id, request))),
      },
      values,
      { ...of, switchedOff: isOff ? ['PUT', 'DELETE'] : [], cacheable: cacheableParameters.ofRead },
    ),
    ...historyRows(module, values),
  ];
  if (!module.isPersonal) return rows;
  return rows.map(({ cacheable: _none, ...row }) => ({ ...row, isByRight: true }));
}
