import { RequestError } from '../../../core/errors.js';
import { READ_ARTICLES, requireRight } from '../../access.js';
import { rejectMethod, type Route } from '../../route.js';
import { RouteTable, type FoundRow } from '../../route-table.js';
import { cacheableParameters } from './cacheable.js';
import type { FhirAnswer, FhirRequest, Interaction, TypeModule } from './interaction.js';
import type { FhirModules } from './module-options.js';
import { BASE, ID, listAnsweredMethods, toReadRight, type FhirRow } from './rows.js';
import { toRow } from './type-rows.js';

/** A name that may be one of a type. */
const TYPE = /^[A-Z][A-Za-z]{1,63}$/;

/** Interactions of the whole system that no module is for. */
export interface SystemInteractions {
  readonly capabilities: Interaction;
  /** Answers a Bundle of requests, each of which is looked up again. */
  readonly batch: (request: FhirRequest, table: FhirTable) => Promise<FhirAnswer>;
  /** Whether reading needs a right too. */
  readonly isClosed: boolean;
}

const createSystemRows = ({ capabilities, batch }: SystemInteractions, table: () => FhirTable): FhirRow[] => [
  toRow(BASE, { POST: { name: 'batch', run: async (request) => batch(request, table()) } }, { takes: 'bundle' }),
  toRow(
    `${BASE}/metadata`,
    { GET: { name: 'capabilities', run: capabilities } },
    { isOpen: true, cacheable: cacheableParameters.ofMetadata },
  ),
];

/** The error for an address of FHIR's at which nothing is. An operation's name is not repeated: it may be anything. */
function findMissing(below: string, types: ReadonlySet<string>): RequestError {
  const parts = below.split('/');
  const [first = '', second = '', third = ''] = parts;
  const isOperation = parts.at(-1)?.startsWith('$') ?? false;
  if (parts.length > 4) return new RequestError('not-found');
  if (parts.at(-1) === '_history' && (parts.length === 1 || types.has(first))) {
    return new RequestError('history-not-served');
  }
  if (!types.has(first)) {
    if (TYPE.test(first)) return new RequestError('unknown-resource-type', { type: first });
    return new RequestError(isOperation && parts.length === 1 ? 'unknown-operation' : 'not-found');
  }
  const isOfType = second === '' || /^[$_]/.test(second);
  if (!isOfType && !ID.test(second)) return new RequestError('resource-not-found', { type: first });
  const isUnknown = isOperation && (isOfType ? third === '' : parts.length === 3);
  return new RequestError(isUnknown ? 'unknown-operation' : 'not-found');
}

/** Everything else below the base. A preflight names the methods of an operation that is not known, whose answer reports it. */
function createMissingRow(modules: readonly TypeModule[]): FhirRow {
  const types = new Set<string>(modules.map(({ type }) => type));
  return {
    path: `${BASE}/*rest`,
    methods: {},
    read: READ_ARTICLES,
    takes: 'resource',
    missing: ({ rest = '' }) => findMissing(rest, types),
    announced: ({ rest = '' }) => (/(?:^|\/)\$[^/]*$/.test(rest) ? ['GET', 'POST'] : []),
    document: undefined,
  };
}

/** Returns the rights of a request: to write always, to read where reading is closed. A conditional write also searches. */
export function findNeededRights(row: FhirRow, isClosed: boolean): NonNullable<Route['neededRights']> {
  const { type = '*', methods, read, isOpen, isByRight = false } = row;
  return (method, headers) => {
    const right = methods[method]?.right;
    if (!right) return (isClosed || isByRight) && !isOpen && read ? [read] : [];
    const isSearched = headers['if-none-exist'] !== undefined || (!row.path.endsWith('/:id') && method !== 'POST');
    return [{ type, rights: [right] }, ...(isClosed && isSearched ? [toReadRight(type, 's')] : [])];
  };
}

/** FHIR's addresses: rows of the modules. It knows nothing of HTTP's bytes, so that the entries of a batch take the same way as requests. */
export class FhirTable {
  readonly rows: readonly FhirRow[];
  readonly #table: RouteTable<FhirRow>;
  readonly #isClosed: boolean;

  constructor({ types, rows }: Pick<FhirModules, 'types' | 'rows'>, system: SystemInteractions) {
    const all = [...createSystemRows(system, () => this), ...rows];
    this.rows = [...all.filter((row) => listAnsweredMethods(row).length > 0), createMissingRow(types)];
    this.#table = new RouteTable(this.rows);
    this.#isClosed = system.isClosed;
  }

  /** @param path below the base, as an entry of a Bundle has it. @throws RequestError `bad-request`, `not-found` */
  find(path: string): FoundRow<FhirRow> {
    const found = this.#table.find(`${BASE}/${path}`);
    if (!found) throw new RequestError('not-found');
    if (found.isMalformed) throw new RequestError('bad-request');
    return found;
  }

  /** Checks that the client may do this. @throws RequestError `authorization-required`, `not-permitted`, `issuer-unavailable` */
  admit(row: FhirRow, { method, headers, access }: Pick<FhirRequest, 'method' | 'headers' | 'access'>): void {
    for (const right of findNeededRights(row, this.#isClosed)(method, headers)) requireRight(access, right);
  }

  /**
   * Answers an entry of a Bundle.
   * @throws RequestError `unknown-resource-type`, `unknown-operation`, `resource-not-found`, `not-found`, `method-not-allowed`,
   * `writing-off`, and what the interaction itself rejects
   */
  async answer({ row, pathParameters }: FoundRow<FhirRow>, request: FhirRequest): Promise<FhirAnswer> {
    if (row.missing) throw row.missing(pathParameters);
    this.admit(row, request);
    const run = row.methods[request.method]?.run;
    if (!run) throw rejectMethod(request.method, listAnsweredMethods(row), row.switchedOff);
    return run(request, pathParameters);
  }
}
