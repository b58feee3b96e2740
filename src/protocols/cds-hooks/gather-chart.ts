import { RequestError } from '../../core/errors.js';
import { EhrFailure, type EhrClient } from '../../upstream/ehr-client.js';
import { isOfOther, readPage, type FhirPage } from '../../upstream/fhir-page.js';
import type { JsonObject } from '../json-object.js';
import { normalizeBase } from '../literal-reference.js';
import { buildReference, dependsOnEncounter, isOrder, leaveOutInHouse, readOrders, toSigned } from './read-orders.js';
import { refuseRequest } from './read-body.js';
import type { HookRequest } from './read-request.js';
import type { CdsService, PrefetchPart } from './services.js';
import { LIMITS } from '../../limits.js';
import { EhrReader } from '../../upstream/ehr-reader.js';
import type { InFlight } from '../route.js';

export interface FetchOptions {
  readonly client: Pick<EhrClient, 'read'>;
  /** Base addresses of allowed servers, without a trailing slash. */
  readonly allowed: readonly string[];
}

/** Finds the server for missing data, read with the token of the request; a failure if there is none, or the site does not allow it. */
export function findReader(
  { fhirServer, accessToken: token }: HookRequest,
  { client, allowed }: FetchOptions,
  inFlight: InFlight | undefined,
): Reader {
  if (fhirServer === undefined) return new EhrFailure('no-server');
  const base = allowed.find((one) => one === normalizeBase(fhirServer));
  if (base === undefined) return new EhrFailure('not-allowed');
  return new EhrReader({ client, base, token, signal: AbortSignal.timeout(LIMITS.ehrTimeoutMs), inFlight });
}

/** Whether the request has all that is needed, so that nothing is fetched. */
const isWhole = (sent: FhirPage | undefined): boolean => sent !== undefined && sent.next === undefined;

/**
 * Reads one part of the prefetch (CDS Hooks 2.0.1, "Prefetch"): `null` means that there is no such data, an absent key that it was not
 * fetched, an OperationOutcome that fetching it failed; a searchset may be the first of several pages.
 * @returns undefined where it was not sent
 * @throws RequestError `bad-hook-request`, `too-many-resources`
 */
function readPart(prefetch: JsonObject, { key, type }: PrefetchPart): FhirPage | undefined {
  const value = Object.hasOwn(prefetch, key) ? prefetch[key] : undefined;
  if (value === undefined) return undefined;
  if (value === null) return { resources: [], next: undefined };
  return readPage(value, type, (fault) => refuseRequest(`prefetch.${key}${fault}`));
}

/** The resources that a service reads. */
export interface GatheredChart {
  /** Orders as they are once signed; empty for services that are not about orders. */
  readonly orders: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
}

/** The reader of the EHR's server, or the reason why there is none. */
type Reader = EhrReader | EhrFailure;

interface PartResult {
  readonly resources: readonly JsonObject[];
  readonly failure?: EhrFailure;
}

/** Fills a template's tokens; each is one part of a path or one value. */
const fillTemplate = (query: string, { patientId, encounterId = '' }: HookRequest): string =>
  query
    .replaceAll('{{context.patientId}}', encodeURIComponent(patientId))
    .replaceAll('{{context.encounterId}}', encodeURIComponent(encounterId));

async function getPart(
  part: PrefetchPart,
  sent: FhirPage | undefined,
  request: HookRequest,
  reader: Reader,
): Promise<PartResult> {
  const { resources = [], next } = sent ?? {};
  if (isWhole(sent)) return { resources };
  try {
    if (reader instanceof EhrFailure) throw reader;
    const query = { query: fillTemplate(part.query, request), type: part.type };
    return { resources: [...resources, ...(await reader.read(query, next))] };
  } catch (failure) {
    if (!(failure instanceof EhrFailure)) throw failure;
    return part.isOptional ? { resources } : { resources: [], failure };
  }
}

/**
 * Rejects data of two patients, also of two servers: an article on another person's illness harms.
 * @throws RequestError `bad-hook-request`
 */
function checkPatient(resources: readonly JsonObject[], { patientId, fhirServer }: HookRequest, place: string): void {
  if (resources.some((one) => isOfOther(one, patientId, fhirServer))) {
    throw refuseRequest(`${place} is of another patient than context.patientId`);
  }
}

/**
 * Reads all parts; missing ones are fetched from the EHR's server.
 * @param needsEncounter false: an encounter that was not sent is not fetched
 * @throws RequestError `data-not-available`
 */
async function getParts(
  service: CdsService,
  request: HookRequest,
  reader: Reader,
  needsEncounter: boolean,
): Promise<JsonObject[]> {
  const sent = service.prefetch.flatMap((part) => {
    const read = readPart(request.prefetch, part);
    const isLeftOut = part.type === 'Encounter' && !(needsEncounter && request.encounterId !== undefined);
    return read === undefined && isLeftOut ? [] : [[part, read] as const];
  });
  const got = await Promise.all(
    sent.map(async ([part, one]) => [part.key, await getPart(part, one, request, reader)] as const),
  );
  const lacking = got.flatMap(([key, { failure }]) => (failure ? [{ key, failure }] : []));
  if (lacking[0]) {
    const names = lacking.map(({ key }) => key).join(', ');
    throw new RequestError('data-not-available', { names, reason: lacking[0].failure.kind });
  }
  for (const [key, { resources }] of got) checkPatient(resources, request, `prefetch.${key}`);
  return got.flatMap(([, { resources }]) => [...resources]);
}

/**
 * Reads the chart for a service; undefined if there are no orders to inform about.
 * @throws RequestError `bad-hook-request`, `data-not-available`
 */
export async function gatherChart(
  service: CdsService,
  request: HookRequest,
  reader: Reader,
  now: Date,
): Promise<GatheredChart | undefined> {
  const drafts = service.isOfOrders ? readOrders(service, request) : [];
  checkPatient(drafts, request, 'context.draftOrders');
  if (service.isOfOrders && !drafts.some(isOrder)) return undefined;
  const signed = new Set(drafts.flatMap((order) => buildReference(order) ?? []));
  const needsEncounter = !service.isOfOrders || drafts.some(dependsOnEncounter);
  const got = await getParts(service, request, reader, needsEncounter);
  const orders = leaveOutInHouse(drafts, got).map((order) => toSigned(order, now));
  if (service.isOfOrders && !orders.some(isOrder)) return undefined;
  // The patient's drugs may include an order in its earlier state.
  const parts = got.filter((one) => !signed.has(buildReference(one) ?? ''));
  const medications = reader instanceof EhrFailure ? [] : await reader.readMedications([...orders, ...parts]);
  return { orders, resources: [...parts, ...medications] };
}
