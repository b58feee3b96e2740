import type { BundleEntry } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { Library } from '../../../core/model/library.js';
import type { WrittenStore, WrittenVersion } from '../../../core/model/written-store.js';
import { LIMITS } from '../../../limits.js';
import { findParameter } from '../../route.js';
import type { FhirAnswer, FhirRequest } from '../rest/interaction.js';
import { readHistoryTimes } from '../search/history-times.js';
import { PAGE_PARAMETER } from '../search/page-place.js';
import { readShortening, shorten } from '../search/shorten.js';
import type { ReadInteractions } from '../search/resource-module.js';
import { createHistoryBundle, toAnswer, toFhirUrl, toHistoryEntry } from '../search/resource-module.js';
import { listSuppressedDocuments, toResource } from './stored-resource.js';
import { badValue } from '../rest/bad-request.js';
import { flatMap } from '../../../core/flat-map.js';

function toEntry(version: WrittenVersion, request: FhirRequest): BundleEntry {
  const { type, id, method, version: number, writtenAt } = version;
  const address = `${type}/${id}`;
  return toHistoryEntry(address, request, {
    method,
    url: method === 'POST' ? type : address,
    status: method === 'DELETE' ? '204' : number === 1 ? '201' : '200',
    resource: toResource(version, request.baseUrl),
    versionId: String(number),
    lastUpdated: writtenAt,
  });
}

/** What was written, and the library whose policy decides what of it is returned. */
interface WrittenPlace {
  readonly store: WrittenStore;
  readonly library: Pick<Library, 'status'>;
}

function readWholeNumber({ parameters }: FhirRequest, name: string): number | undefined {
  const sent = findParameter(parameters, name)?.trim();
  if (sent === undefined) return undefined;
  if (!/^\d{1,9}$/.test(sent)) throw badValue(name, 'expected a whole number');
  return Number(sent);
}

/**
 * The history of what a site has written: of one resource, of a type or of all (R4 http, 3.1.0.12), the latest first. What its
 * policy suppresses is in none.
 * @param of the type, and the id; empty for all
 * @throws RequestError `bad-parameter-value`
 */
export async function answerHistory(
  { store, library }: WrittenPlace,
  of: { readonly type?: string; readonly id?: string },
  request: FhirRequest,
): Promise<FhirAnswer> {
  const times = readHistoryTimes(request, ['_count', PAGE_PARAMETER]);
  const count = readWholeNumber(request, '_count');
  const before = readWholeNumber(request, PAGE_PARAMETER);
  const most = Math.min(count ?? LIMITS.defaultPageMatches, LIMITS.maxPageMatches);
  const { type, id } = of;
  const address = flatMap([type, id], (part) => (part === undefined ? [] : `/${part}`)).join('');
  const { versions, total, hasMore } = await store.history({
    type,
    id,
    since: times.since?.toISOString(),
    from: times.from?.toISOString(),
    to: times.to?.toISOString(),
    without: listSuppressedDocuments(library),
    before,
    most,
    mostBytes: LIMITS.maxHistoryBytes,
  });
  const toQuery = (page: number | undefined): URLSearchParams => {
    const parameters = new URLSearchParams(times.query);
    if (count !== undefined) parameters.set('_count', String(most));
    if (page !== undefined) parameters.set(PAGE_PARAMETER, String(page));
    return parameters;
  };
  const next = hasMore ? versions.at(-1)?.sequence : undefined;
  const entry = versions.map((version) => toEntry(version, request));
  const pages = [['self', toQuery(before)] as const, ...(next === undefined ? [] : [['next', toQuery(next)] as const])];
  const bundle = createHistoryBundle(`${toFhirUrl(request)}${address}/_history`, entry, total, pages);
  return toAnswer(bundle, total > 0 ? 'answered' : 'empty');
}

const NOT_FOUND: ReadonlySet<string> = new Set(['article-not-found', 'resource-not-found']);

/**
 * Reads of a type whose resources a site may have written: versions by number, a history of all of them, 410 for deleted ones. All
 * versions of what the site suppresses are as its current one: not there.
 */
export function addWrittenVersions(type: string, place: WrittenPlace, shipped: ReadInteractions): ReadInteractions {
  const { store, library } = place;
  // One that is there and is not given (a site suppresses it) was not deleted.
  const goneOr = async (id = '', error: RequestError): Promise<RequestError> => {
    const [latest] = await store.findLatest(type, [id]);
    return latest && latest.content === undefined ? new RequestError('resource-gone') : error;
  };
  const checkGiven = async (id: string): Promise<void> => {
    if (!listSuppressedDocuments(library).includes(`${type}/${id}`)) return;
    throw await goneOr(id, new RequestError('article-not-found'));
  };
  return {
    read: async (request, path) => {
      try {
        return await shipped.read(request, path);
      } catch (error) {
        if (!(error instanceof RequestError) || !NOT_FOUND.has(error.code)) throw error;
        throw await goneOr(path.id, error);
      }
    },
    vread: async (request, path) => {
      const { id = '', versionId = '' } = path;
      await checkGiven(id);
      const number = /^[1-9]\d{0,8}$/.test(versionId) ? Number(versionId) : undefined;
      const found = number === undefined ? undefined : await store.findVersion(type, id, number);
      if (!found) return shipped.vread(request, path);
      const resource = toResource(found, request.baseUrl);
      if (!resource) throw new RequestError('resource-gone');
      return toAnswer(shorten(resource, readShortening(request, type)));
    },
    'history-instance': async (request, path) => {
      const { id = '' } = path;
      await checkGiven(id);
      const [latest] = await store.findLatest(type, [id]);
      if (!latest) return shipped['history-instance'](request, path);
      return answerHistory(place, { type, id }, request);
    },
  };
}
