import { READ_ARTICLES } from '../../access.js';
import type { AccessRight } from '../../identity.js';
import type { RouteMethod } from '../../route-document.js';
import { isWrittenType } from '../writing/written-type.js';
import { cacheableParameters } from './cacheable.js';
import type { Interaction, OperationModule, TypeInteraction, TypeModule } from './interaction.js';
import { allowsGet, readOperationInput, rejectDeclined } from './read-operation-input.js';
import { BASE, ID, toReadRight, requireBody, type FhirMethod, type FhirRow, type Type } from './rows.js';

/** Methods of a row, each with the name of its description where that is not the interaction's. */
type Methods = Partial<Record<RouteMethod, FhirMethod & { readonly described?: string }>>;

/** Builds a row whose ids are FHIR ids. */
export function toRow(
  path: string,
  methods: Methods,
  rest: Omit<FhirRow, 'path' | 'methods' | 'takes' | 'document'> & Partial<Pick<FhirRow, 'takes'>>,
): FhirRow {
  const described = Object.entries(methods).map(([method, { name, described: own = name }]) => [method, own]);
  const document = { file: 'fhir', methods: Object.fromEntries(described) as Record<string, string> };
  return { path, methods, forms: { id: ID }, takes: 'resource', document, ...rest };
}

function toOperationRow(path: string, operation: OperationModule, type?: Type): FhirRow {
  const { definition, declined = [], right, run } = operation;
  const invoke: Interaction = async (request, { id }) => {
    rejectDeclined(declined, request);
    return run(readOperationInput(definition, request), request, { type, id });
  };
  const isByGet = allowsGet(definition);
  const methods: Methods = {
    GET: { name: 'operation', run: isByGet ? invoke : undefined, described: 'operation-by-get' },
    POST: { name: 'operation', run: invoke },
  };
  const read = type ? toReadRight(type, ...(right ? [right] : (['r', 's'] as const))) : READ_ARTICLES;
  const row = {
    type,
    operation: definition,
    read,
    ...(right ? { isByRight: true } : cacheableParameters.ofOperation(definition)),
  };
  return toRow(path, methods, row);
}

/** The addresses at which an operation can be invoked (R4 operations, 3.2.0.2). */
export function createOperationRows(operation: OperationModule, types: readonly TypeModule[]): FhirRow[] {
  const { code, system, type: ofType, instance, resource = [] } = operation.definition;
  const named = new Set<string>(resource);
  const on = named.has('Resource') ? types : types.filter(({ type }) => named.has(type));
  return [
    ...(system ? [toOperationRow(`${BASE}/$${code}`, operation)] : []),
    ...(ofType ? on.map(({ type }) => toOperationRow(`${BASE}/${type}/$${code}`, operation, type)) : []),
    ...(instance ? on.map(({ type }) => toOperationRow(`${BASE}/${type}/:id/$${code}`, operation, type)) : []),
  ];
}

/** An address of a type: what each method does there. */
interface TypeAddress {
  /** Behind the type's name. */
  readonly end: string;
  /** Right to read there. */
  readonly right: AccessRight;
  readonly takes?: FhirRow['takes'];
  /** Interaction of each method, and the name of its description where that is not the interaction's own. */
  readonly methods: Readonly<Partial<Record<RouteMethod, readonly [name: TypeInteraction, described?: string]>>>;
}

/** The addresses of a type and of its resources (R4 http, 3.1.0.1.2). */
const ADDRESSES: readonly TypeAddress[] = [
  {
    end: '',
    right: 's',
    methods: {
      GET: ['search-type'],
      PUT: ['update', 'conditional-update'],
      DELETE: ['delete', 'conditional-delete'],
      POST: ['create'],
    },
  },
  {
    end: '/_search',
    right: 's',
    takes: 'form',
    methods: { GET: ['search-type', 'search-at'], POST: ['search-type', 'search-form'] },
  },
  { end: '/:id', right: 'r', methods: { GET: ['read'], PUT: ['update'], DELETE: ['delete'] } },
  { end: '/:id/_history/:versionId', right: 'r', methods: { GET: ['vread'] } },
];

/** The right that an interaction that writes needs. */
const WRITE_RIGHTS: Readonly<Partial<Record<TypeInteraction, AccessRight>>> = { create: 'c', update: 'u', delete: 'd' };

/** Returns the method of an interaction, where the module does it; a create or update must have a body. */
function toMethod({ type, interactions }: TypeModule, name: TypeInteraction): FhirMethod {
  const run = interactions[name];
  if (!run || !(name in WRITE_RIGHTS)) return { name, run };
  const hasBody = name !== 'delete';
  return {
    name,
    run: async (request, path) => run(hasBody ? requireBody(request, type) : request, path),
    right: WRITE_RIGHTS[name],
  };
}

/** With which query parameters the answers at an address are cached. */
function findCacheable(module: TypeModule, end: string): Pick<FhirRow, 'cacheable'> {
  // Resources of patients are cached nowhere.
  if (module.isPersonal) return {};
  if (end === '') return { cacheable: cacheableParameters.ofSearch(module) };
  return end.endsWith('/:id') || end.endsWith('/:versionId') ? { cacheable: cacheableParameters.ofRead } : {};
}

/** The rows of a type's addresses. */
export function createTypeRows(module: TypeModule): FhirRow[] {
  const { type, interactions, prepare, isPersonal, searchParameters = [], includes = [] } = module;
  // Methods that a setting would switch on.
  const isOff = isWrittenType(type) && !interactions.create;
  return ADDRESSES.map(({ end, right, methods, takes = 'resource' }) => {
    const all = Object.entries(methods) as [RouteMethod, [TypeInteraction, string?]][];
    const rowMethods = all.map(([method, [name, described = name]]) => [
      method,
      { ...toMethod(module, name), described },
    ]);
    const row = {
      type,
      search: { searchParameters, includes },
      takes,
      read: toReadRight(type, right),
      switchedOff: isOff ? all.flatMap(([method, [name]]) => (name in WRITE_RIGHTS ? [method] : [])) : [],
      ...(end === '' && prepare ? { prepare } : {}),
      ...(isPersonal ? { isByRight: true } : {}),
      ...findCacheable(module, end),
    };
    const path = `${BASE}/${type}${end}`;
    return toRow(path, Object.fromEntries(rowMethods) as Methods, row);
  });
}
