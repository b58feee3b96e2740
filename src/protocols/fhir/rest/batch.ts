import { STATUS_CODES } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Bundle, BundleEntry, BundleEntryRequest, BundleEntryResponse } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { LIMITS } from '../../../limits.js';
import type { Texts } from '../../../texts.js';
import { isFresh } from '../../input/request-headers.js';
import { checkClient, answerTooLarge, type AuditFacts } from '../../route.js';
import type { FoundRow } from '../../route-table.js';
import { listAuditFacts, joinFacts } from '../conformance/audit-facts.js';
import { checkResource } from './check-shape.js';
import { entityTag } from './entity-tag.js';
import { withoutFormat } from './format.js';
import type { FhirAnswer, FhirRequest } from './interaction.js';
import { toOutcome } from './outcome.js';
import type { FhirRow } from './rows.js';
import type { FhirTable } from './table.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { badResource } from './bad-request.js';
import { measureEntry } from '../syntax/write-resource.js';
import { InvalidResourceError } from '../writing/faults.js';

/** An entry of a Bundle that was sent. */
interface EntryPlace {
  readonly index: number;
  /** Its own name, as it was sent. */
  readonly fullUrl?: unknown;
}

/** Names longer than any address of ours say nothing. */
const NAME = /^[!-~]{1,200}$/;

/** Where a fault of an entry's request lies in the Bundle: what lies in its resource keeps its way there. */
function findPlace(at: string, expression: unknown): string {
  if (typeof expression !== 'string') return at;
  if (expression.startsWith(at)) return expression;
  const [, within] = /^[A-Z][A-Za-z]*\.(.+)$/.exec(expression) ?? [];
  return within === undefined ? at : `${at}.resource.${within}`;
}

/** An error of one entry as one of the whole Bundle: it names the entry, by its number and its own name, and tells the place. */
function nameEntry<E>(error: E, { index, fullUrl }: EntryPlace): E | RequestError {
  if (!(error instanceof RequestError)) return error;
  const at = `Bundle.entry[${index}]`;
  const entry = typeof fullUrl === 'string' && NAME.test(fullUrl) ? `${at} (${fullUrl})` : at;
  if (error instanceof InvalidResourceError) {
    return new InvalidResourceError(
      error.faults.map((fault) => ({
        ...fault,
        expression: findPlace(at, fault.expression),
        reason: `${entry}: ${fault.reason}`,
      })),
    );
  }
  return new RequestError(
    error.code,
    { ...error.values, entry, expression: findPlace(at, error.values.expression) },
    error.cause,
  );
}

/** Does something for one entry; what fails names it. */
async function runForEntry<T>(place: EntryPlace, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw nameEntry(error, place);
  }
}

/** An entry with its answer, and the facts that the audit trail records of it, as of a single request. */
interface AnsweredEntry {
  readonly entry: BundleEntry;
  readonly audit: AuditFacts;
}

/** Share of the byte budget for entries; the rest is for the Bundle's frame and for entries with errors. */
const SHARE_OF_ENTRIES = 15 / 16;

/** Budget left to one Bundle: all its answers are held until the last is there, and each entry may cost as much as a request. */
class BundleBudget {
  readonly #request: Pick<FhirRequest, 'syntax'>;
  readonly #began = performance.now();
  /** Bytes of answers, in the syntax in which the Bundle is answered. */
  #left = LIMITS.maxAnswerBytes * SHARE_OF_ENTRIES;

  constructor(request: Pick<FhirRequest, 'syntax'>) {
    this.#request = request;
  }

  /** Checks whether one more entry may be answered. @throws RequestError `answer-too-large`, `too-costly` */
  check(): void {
    const { maxBatchMs } = LIMITS;
    if (this.#left <= 0) throw answerTooLarge();
    if (performance.now() - this.#began >= maxBatchMs) {
      throw new RequestError('too-costly', { most: maxBatchMs / 1000, unit: 'seconds for a Bundle' });
    }
  }

  /**
   * Adds an answer: that of a write always, that of a read only if there is room for it.
   * @throws RequestError `answer-too-large`
   */
  add(answered: AnsweredEntry, isWrite: boolean): AnsweredEntry {
    const bytes = measureEntry(answered.entry, this.#request.syntax ?? 'json');
    if (!isWrite && bytes > this.#left) {
      this.#left = 0;
      throw answerTooLarge();
    }
    this.#left -= bytes;
    return answered;
  }
}

/** A Bundle of requests, and what answers them. */
interface SentBundle {
  readonly texts: Texts;
  readonly entries: readonly BundleEntry[];
  readonly outer: FhirRequest;
  readonly table: FhirTable;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);
const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

/** The headers of an entry: those of the whole request, with the entry's own conditions in the place of any of its. */
function buildHeaders(request: BundleEntryRequest, outer: FhirRequest): FhirRequest['headers'] {
  const shared = Object.entries(outer.headers).filter(([name]) => !name.startsWith('if-'));
  return dropEmpty({
    ...Object.fromEntries(shared),
    'if-match': request.ifMatch,
    'if-none-match': request.ifNoneMatch,
    'if-modified-since': request.ifModifiedSince,
    'if-none-exist': request.ifNoneExist,
  });
}

/** The parameters of an entry, which are as many as those of a request of its own. @throws RequestError `too-many-parameters` */
function readQuery(query: string): FhirRequest['parameters'] {
  const parameters = [...new URLSearchParams(query)];
  if (parameters.length > LIMITS.maxParameters) {
    throw new RequestError('too-many-parameters', { most: LIMITS.maxParameters });
  }
  return withoutFormat(parameters);
}

interface EntryRequest {
  readonly found: FoundRow<FhirRow>;
  readonly request: FhirRequest;
  /** The answer's resource is not wanted. */
  readonly isHead: boolean;
}

/** An entry as a request, and what answers it. */
function readEntry({ entries, outer, table }: SentBundle, index: number): EntryRequest {
  const entry = entries[index] as BundleEntry | null | undefined;
  const expression = `Bundle.entry[${index}].request`;
  const refuse = (reason: string): RequestError => badResource(reason, expression);
  const sent: unknown = entry?.request;
  if (!entry || typeof sent !== 'object' || sent === null) throw refuse('an entry has no request');
  const { method, url, ifNoneExist = '' } = sent as { method?: unknown; url?: unknown; ifNoneExist?: unknown };
  if (typeof method !== 'string' || typeof url !== 'string') throw refuse('a request needs method and url');
  // Criteria of a conditional create are searched for as by an address.
  const longest = Math.max(url.length, String(ifNoneExist).length);
  if (longest > LIMITS.maxAddressChars) throw new RequestError('address-too-long', { most: LIMITS.maxAddressChars });
  if (!METHODS.has(method)) throw refuse(`its method is none of ${[...METHODS].join(', ')}`);
  const own = `${outer.baseUrl}/fhir`;
  const relative = (url.startsWith(own) ? url.slice(own.length) : url).replace(/^\//, '').split('#', 1)[0] ?? '';
  if (/^[a-z]+:/i.test(relative)) throw refuse('its address is on another server');
  const [path = '', query = ''] = relative.split(/\?(.*)/s, 2);
  const found = table.find(path);
  // A batch within a batch would have no end.
  if (found.row.takes === 'bundle') throw refuse('its address names nothing');
  if (Object.hasOwn(entry, 'resource')) {
    checkResource(entry.resource, `Bundle.entry[${index}].resource`);
  }
  const request: FhirRequest = {
    ...outer,
    method: method === 'HEAD' ? 'GET' : (method as FhirRequest['method']),
    parameters: readQuery(query),
    body: method === 'POST' || method === 'PUT' ? entry.resource : undefined,
    headers: buildHeaders(sent as BundleEntryRequest, outer),
  };
  return { found, request, isHead: method === 'HEAD' };
}

/** Returns an answer as an entry; one that the client holds already (R4 http, 3.1.0.4) is reported as 304. */
function toEntry({ request, isHead }: EntryRequest, { status, resource, headers = {} }: FhirAnswer): BundleEntry {
  const ownTag = resource && entityTag(resource);
  const etag = headers.ETag ?? ownTag;
  const lastModified = resource?.meta?.lastUpdated;
  const changed = lastModified === undefined ? undefined : Date.parse(lastModified);
  if (request.method === 'GET' && ownTag !== undefined && isFresh(request.headers, ownTag, changed)) {
    return { response: dropEmpty({ status: statusText(304), etag }) };
  }
  const outcome = resource?.resourceType === 'OperationOutcome' ? resource : undefined;
  const { Location: location } = headers;
  const response: BundleEntryResponse = dropEmpty({
    status: statusText(status),
    location,
    etag,
    lastModified,
    outcome,
  });
  return dropEmpty({ resource: outcome || isHead ? undefined : resource, response });
}

const toAnsweredEntry = (one: EntryRequest, answer: FhirAnswer): AnsweredEntry => ({
  entry: toEntry(one, answer),
  audit: listAuditFacts(answer, one.request, one.found),
});

const findEntry = ({ entries }: SentBundle, index: number): EntryPlace => ({
  index,
  fullUrl: (entries[index] as BundleEntry | null | undefined)?.fullUrl,
});

/** Answers an entry; its errors are rendered within it. */
async function answerWithinEntry(
  sent: SentBundle,
  index: number,
  answer: () => Promise<AnsweredEntry>,
): Promise<AnsweredEntry> {
  try {
    return await runForEntry(findEntry(sent, index), answer);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const response = { status: statusText(error.status), outcome: toOutcome(error, sent.texts) };
    return { entry: { response }, audit: {} };
  }
}

/** Each entry by itself (R4 http, 3.1.0.11.1). */
async function answerBatch(sent: SentBundle): Promise<AnsweredEntry[]> {
  const { entries, outer, table } = sent;
  const budget = new BundleBudget(outer);
  const answered: AnsweredEntry[] = [];
  for (const index of entries.keys()) {
    // Here a client is noticed that has gone, and in the main process, which writes, other requests come between.
    await setImmediate();
    checkClient(outer.inFlight);
    const answer = async () => {
      budget.check();
      const { found, ...read } = readEntry(sent, index);
      const one = toAnsweredEntry({ found, ...read }, await table.answer(found, read.request));
      return budget.add(one, found.row.methods[read.request.method]?.right !== undefined);
    };
    answered.push(await answerWithinEntry(sent, index, answer));
  }
  return answered;
}

/**
 * Creates the interaction that answers a batch (R4 http, 3.1.0.11): each entry by a status of its own.
 * @throws RequestError `bad-resource`, `transaction-not-supported`
 */
export function createBatch(texts: Texts) {
  return async (outer: FhirRequest, table: FhirTable): Promise<FhirAnswer> => {
    if (outer.body?.resourceType !== 'Bundle') throw badResource('a Bundle is asked for');
    const { type, entry: entries = [] } = outer.body;
    const most = LIMITS.maxBatchEntries;
    if (entries.length > most) throw badResource(`it holds more than ${most} entries`);
    if (type === 'transaction') throw new RequestError('transaction-not-supported');
    if (type !== 'batch') throw badResource('its type must be batch');
    const answered = await answerBatch({ texts, entries, outer, table });
    const entry = answered.map((one) => one.entry);
    const resource: Bundle = dropEmpty({ resourceType: 'Bundle', type: 'batch-response', entry });
    return { status: 200, resource, facts: { outcome: 'ok', audit: joinFacts(answered.map(({ audit }) => audit)) } };
  };
}
