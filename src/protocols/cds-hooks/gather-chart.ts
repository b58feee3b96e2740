import { RequestError } from '../../core/errors.js';
import { EhrFailure, type EhrClient } from '../../upstream/ehr-client.js';
import { isOfOther, readPage, type FhirPage } from '../../upstream/fhir-page.js';
import { type JsonObject, asFewObjects, asText } from '../json-object.js';
import { normalizeBase } from '../literal-reference.js';
import { refuseRequest } from './read-body.js';
import type { HookRequest } from './read-request.js';
import type { CdsService, PrefetchPart } from './services.js';
import { LIMITS } from '../../limits.js';
import { EhrReader } from '../../upstream/ehr-reader.js';
import type { InFlight } from '../route.js';
import { readDataFile, toWordSet } from '../../core/read-data-file.js';

const { orderCategories, inHouseClasses } = readDataFile('charts/cds-services.yaml') as {
  readonly orderCategories: { readonly system: string; readonly takenHome: string; readonly inHouse: string };
  readonly inHouseClasses: string;
};
const TAKEN_HOME = toWordSet(orderCategories.takenHome);
const IN_HOUSE = toWordSet(orderCategories.inHouse);
const IN_HOUSE_CLASSES = toWordSet(inHouseClasses);

/** True for an order of a drug; its Medication may be sent beside it. */
const isOrder = ({ resourceType }: JsonObject): boolean => resourceType === 'MedicationRequest';

/** Returns where the patient uses the drug of an order, by its category (R4 medicationrequest-category); undefined without one. */
function findWhereTaken({ category }: JsonObject): 'home' | 'house' | undefined {
  const codes = asFewObjects(category).flatMap(({ coding }) =>
    asFewObjects(coding).flatMap(({ system, code }) =>
      system === undefined || system === orderCategories.system ? asText(code).trim().toLowerCase() : [],
    ),
  );
  if (codes.some((code) => TAKEN_HOME.has(code))) return 'home';
  return codes.some((code) => IN_HOUSE.has(code)) ? 'house' : undefined;
}

/** True for an order without a category: the class of the encounter decides. */
const dependsOnEncounter = (order: JsonObject): boolean => isOrder(order) && findWhereTaken(order) === undefined;

/** True if drugs without a category are administered by staff in this encounter (HL7 v3 ActEncounterCode). */
function isInHouse({ resourceType, class: classOf }: JsonObject): boolean {
  if (resourceType !== 'Encounter') return false;
  return asFewObjects(classOf).some(({ code }) => IN_HOUSE_CLASSES.has(asText(code).trim().toUpperCase()));
}

/** Drops orders of drugs that staff administer: pages on these are not handed to the patient. */
function leaveOutInHouse(orders: readonly JsonObject[], chart: readonly JsonObject[]): JsonObject[] {
  const isStay = chart.some(isInHouse);
  return orders.filter((order) => {
    if (!isOrder(order)) return true;
    const where = findWhereTaken(order);
    return where === undefined ? !isStay : where === 'home';
  });
}

/** Reads the orders that a service is about, with their Medications. @throws RequestError `bad-hook-request` */
function readOrders({ isOfSelection }: CdsService, request: HookRequest): JsonObject[] {
  const { context } = request;
  const page = readPage(context.draftOrders, 'Bundle', (fault) => refuseRequest(`context.draftOrders${fault}`));
  const chosen = new Set(Array.isArray(context.selections) ? (context.selections as unknown[]) : []);
  return (page?.resources ?? []).filter(({ resourceType, id }) => {
    if (resourceType === 'Medication') return true;
    if (resourceType !== 'MedicationRequest') return false;
    return !isOfSelection || chosen.has(buildReference({ resourceType, id }));
  });
}

/** `MedicationRequest/12`; undefined without an id. */
const buildReference = ({ resourceType, id }: JsonObject): string | undefined =>
  asText(id) === '' ? undefined : `${asText(resourceType)}/${asText(id)}`;

/** An order once signed: active, authored now. */
const toSigned = (order: JsonObject, now: Date): JsonObject =>
  order.resourceType === 'MedicationRequest'
    ? { ...order, status: order.status === 'draft' ? 'active' : order.status, authoredOn: now.toISOString() }
    : order;

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
