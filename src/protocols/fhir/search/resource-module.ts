import type { BundleEntry, Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { FhirAnswer, FhirRequest, TypeModule } from '../rest/interaction.js';
import { createSearchBundle, sortItems, type PageFacts } from './bundle.js';
import { markRelease } from '../rest/entity-tag.js';
import { readOffset } from './page-place.js';
import type { Parameter } from './parameter.js';
import { readSearch, type Search } from './read-search.js';
import { readShortening, shorten, listSummaryElements, type Shortening } from './shorten.js';

export interface ResourceModuleOptions<R extends Resource> {
  readonly type: R['resourceType'];
  /** All resources of the type, as they are now; each has an id. A list that is the same stays the same object. */
  readonly resources: (request: FhirRequest) => readonly R[] | Promise<readonly R[]>;
  /** Search parameters beside those of every resource: `resourceParameters`, `conformanceParameters`. */
  readonly parameters: readonly Parameter<R>[];
  /** One resource; undefined: it is looked for among all. */
  readonly find?: (id: string) => Promise<R | undefined>;
  /** The whole of a resource whose listing is too large to be held whole; without it what is listed is whole. */
  readonly complete?: (resource: R, request: FhirRequest) => R | Promise<R>;
  /** The release that the listing depends on: page links of another release are gone. */
  readonly release: () => string;
}

const toAnswer = (resource: Resource, outcome = 'answered'): FhirAnswer => ({
  status: 200,
  resource,
  facts: { outcome },
});

/** Where searches and references of a request lead. */
export const toFhirUrl = ({ baseUrl }: FhirRequest): string => `${baseUrl}/fhir`;

/** Answers a search by one of its pages. */
export function answerSearch<T>(
  search: Search<T>,
  request: FhirRequest,
  type: string,
  page: Omit<PageFacts, 'address'>,
): FhirAnswer {
  const bundle = createSearchBundle(search, { address: `${toFhirUrl(request)}/${type}`, ...page });
  return toAnswer(bundle, page.total > 0 ? 'answered' : 'empty');
}

/** Compiles the filters of a search to one test. @throws RequestError `bad-parameter-value` */
export async function compileFilters<T>({ filters }: Search<T>, request: FhirRequest): Promise<(item: T) => boolean> {
  const place = { now: request.now, fhirUrl: toFhirUrl(request) };
  const tests: ((item: T) => boolean)[] = [];
  for (const { parameter, filter } of filters) {
    const test = await parameter.compile?.(filter, place);
    if (test) tests.push(test);
  }
  return (item) => tests.every((test) => test(item));
}

/** Interactions that read one resource. */
export type ReadInteractions = Required<Pick<TypeModule['interactions'], 'read' | 'vread'>>;

/** Reads of resources: as they are now, or by the version that is the current one. */
export function createReadInteractions(
  find: (id: string, request: FhirRequest) => Promise<Resource>,
): ReadInteractions {
  const read = async (request: FhirRequest, id: string): Promise<Resource> => {
    const found = await find(id, request);
    return shorten(found, readShortening(request, found.resourceType));
  };
  return {
    read: async (request, { id = '' }) => toAnswer(await read(request, id)),
    vread: async (request, { id = '', versionId }) => {
      const resource = await read(request, id);
      if (resource.meta?.versionId !== versionId) throw new RequestError('history-not-served');
      return toAnswer(resource);
    },
  };
}

/** Whether what is wanted of a resource may lie in what its listing leaves out; that is neither summary nor mandatory. */
function needsWhole({ resourceType }: Resource, { summary, elements }: Shortening): boolean {
  if (summary !== 'false' && summary !== 'data') return false;
  const listed = listSummaryElements(resourceType);
  return elements.length === 0 || elements.some((name) => !listed.includes(name));
}

/** A type whose resources are held in memory: read, vread, and search with every rule of R4's. */
export function createResourceModule<R extends Resource>(
  options: ResourceModuleOptions<R>,
): TypeModule & { readonly interactions: ReadInteractions } {
  const { type, resources, parameters, release } = options;
  const complete = options.complete ?? ((resource: R): R => resource);
  const table = { type, parameters, includes: [] };
  const byId = async (id: string, request: FhirRequest): Promise<Resource | undefined> => {
    const found = options.find ? await options.find(id) : (await resources(request)).find((one) => one.id === id);
    return found && complete(found, request);
  };
  const find = async (id: string, request: FhirRequest): Promise<Resource> => {
    const found = await byId(id, request);
    if (!found) throw new RequestError('resource-not-found', { type });
    return found;
  };
  const findAll = async (wanted: Search<R>, request: FhirRequest): Promise<R[]> =>
    (await resources(request)).filter(await compileFilters(wanted, request));
  const search = async (request: FhirRequest): Promise<FhirAnswer> => {
    const wanted = readSearch(table, request);
    const fhirUrl = toFhirUrl(request);
    const sorted = sortItems(await findAll(wanted, request), wanted.sort, ({ id = '' }) => id);
    const mark = markRelease(release());
    const offset = readOffset(wanted.place, mark);
    const entries: BundleEntry[] = [];
    for (const one of sorted.slice(offset, offset + wanted.count)) {
      const resource = needsWhole(one, wanted) ? await complete(one, request) : one;
      entries.push({ fullUrl: `${fhirUrl}/${type}/${one.id ?? ''}`, resource, search: { mode: 'match' } });
    }
    return answerSearch(wanted, request, type, { release: mark, offset, total: sorted.length, entries, notes: [] });
  };
  return {
    type,
    searchParameters: parameters,
    interactions: { ...createReadInteractions(find), 'search-type': search },
    lookup: {
      byId,
      byCriteria: async (criteria, request) => {
        const found = await findAll(readSearch(table, { parameters: criteria, strict: true }), request);
        const whole: R[] = [];
        for (const one of found) whole.push(await complete(one, request));
        return whole;
      },
    },
  };
}
