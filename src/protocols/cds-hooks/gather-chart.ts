import { RequestError } from '../../core/errors.js';
import { isOfOther, readPage } from '../../upstream/fhir-page.js';
import type { JsonObject } from '../json-object.js';
import { textOf } from '../json-object.js';
import type { UnavailableKind } from './fetch-parts.js';
import { PartFetcher, PartUnavailable } from './fetch-parts.js';
import type { SentPart } from './prefetch.js';
import { isWhole, readPart } from './prefetch.js';
import { refuseRequest } from './read-body.js';
import type { HookRequest } from './read-request.js';
import type { CdsService, PrefetchPart } from './services.js';

/** What a service reads, each a list of resources. */
export interface GatheredChart {
  /** Orders that are being signed, as they will stand then; empty for services that are not about orders. */
  readonly orders: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
}

type Got = readonly JsonObject[] | UnavailableKind;

async function getPart(part: PrefetchPart, sent: SentPart, fetcher: PartFetcher): Promise<Got> {
  const { resources, next } = sent;
  if (isWhole(sent)) return resources;
  try {
    return [...resources, ...(await fetcher.fetch(part, next))];
  } catch (error) {
    if (!(error instanceof PartUnavailable)) throw error;
    return part.isOptional ? resources : error.kind;
  }
}

/** A page on somebody else's illness harms: what is of two patients is refused. @throws RequestError `bad-hook-request` */
function checkPatient(resources: readonly JsonObject[], patientId: string, place: string): void {
  if (resources.some((one) => isOfOther(one, patientId))) {
    throw refuseRequest(`${place} is of another patient than context.patientId`);
  }
}

/** Gets all parts, those that are missing from the EHR's server. @throws RequestError `data-not-available` */
async function getParts(service: CdsService, request: HookRequest, fetcher: PartFetcher): Promise<JsonObject[]> {
  const sent = service.prefetch.map((part) => [part, readPart(request.prefetch, part)] as const);
  const get = () =>
    Promise.all(sent.map(async ([part, one]) => [part.key, await getPart(part, one, fetcher)] as const));
  const got = await (sent.every(([, one]) => isWhole(one)) ? get() : fetcher.wait(get));
  const lacking = got.flatMap(([key, one]) => (typeof one === 'string' ? [[key, one] as const] : []));
  const [first] = lacking;
  if (first) {
    const names = lacking.map(([key]) => key).join(', ');
    throw new RequestError('data-not-available', { names, reason: first[1] });
  }
  for (const [key, one] of got) if (typeof one !== 'string') checkPatient(one, request.patientId, `prefetch.${key}`);
  return got.flatMap(([, one]) => (typeof one === 'string' ? [] : one));
}

/** The orders that a service is about, with the Medications that came along. @throws RequestError `bad-hook-request` */
function readOrders({ isOfSelection }: CdsService, { context, patientId }: HookRequest): JsonObject[] {
  const page = readPage(context.draftOrders, 'Bundle', (fault) => refuseRequest(`context.draftOrders${fault}`));
  const chosen = new Set(Array.isArray(context.selections) ? (context.selections as unknown[]) : []);
  const orders = (page?.resources ?? []).filter(({ resourceType, id }) => {
    if (resourceType === 'Medication') return true;
    if (resourceType !== 'MedicationRequest') return false;
    return !isOfSelection || chosen.has(nameOf({ resourceType, id }));
  });
  checkPatient(orders, patientId, 'context.draftOrders');
  return orders;
}

/** `MedicationRequest/12`; nothing for what has no id. */
const nameOf = ({ resourceType, id }: JsonObject): string | undefined =>
  textOf(id) === '' ? undefined : `${textOf(resourceType)}/${textOf(id)}`;

/** An order as it stands once it is signed: active, and of now. */
const asSigned = (order: JsonObject, now: Date): JsonObject =>
  order.resourceType === 'MedicationRequest'
    ? { ...order, status: order.status === 'draft' ? 'active' : order.status, authoredOn: now.toISOString() }
    : order;

/**
 * Gathers what a service reads; undefined where there is nothing that it could speak of.
 * @throws RequestError `bad-hook-request`, `data-not-available`
 */
export async function gatherChart(
  service: CdsService,
  request: HookRequest,
  fetcher: PartFetcher,
  now: Date,
): Promise<GatheredChart | undefined> {
  const orders = service.isOfOrders ? readOrders(service, request).map((order) => asSigned(order, now)) : [];
  if (service.isOfOrders && !orders.some(({ resourceType }) => resourceType === 'MedicationRequest')) return undefined;
  const signed = new Set(orders.flatMap((order) => nameOf(order) ?? []));
  // An order may be among the patient's drugs already, as it stood before.
  const parts = (await getParts(service, request, fetcher)).filter((one) => !signed.has(nameOf(one) ?? ''));
  const medications = await fetcher.fetchMedications([...orders, ...parts]);
  return { orders, resources: [...parts, ...medications] };
}
