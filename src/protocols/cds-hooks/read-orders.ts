import { readPage } from '../../upstream/fhir-page.js';
import { asFewObjects, asText, type JsonObject } from '../json-object.js';
import { readDataFile, toWordSet } from '../../core/read-data-file.js';
import { refuseRequest } from './read-body.js';
import type { HookRequest } from './read-request.js';
import type { CdsService } from './services.js';

const { orderCategories, inHouseClasses } = readDataFile('charts/cds-services.yaml') as {
  readonly orderCategories: { readonly system: string; readonly takenHome: string; readonly inHouse: string };
  readonly inHouseClasses: string;
};
const TAKEN_HOME = toWordSet(orderCategories.takenHome);
const IN_HOUSE = toWordSet(orderCategories.inHouse);
const IN_HOUSE_CLASSES = toWordSet(inHouseClasses);

/** True for an order of a drug; its Medication may be sent beside it. */
export const isOrder = ({ resourceType }: JsonObject): boolean => resourceType === 'MedicationRequest';

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
export const dependsOnEncounter = (order: JsonObject): boolean => isOrder(order) && findWhereTaken(order) === undefined;

/** True if drugs without a category are administered by staff in this encounter (HL7 v3 ActEncounterCode). */
function isInHouse({ resourceType, class: classOf }: JsonObject): boolean {
  if (resourceType !== 'Encounter') return false;
  return asFewObjects(classOf).some(({ code }) => IN_HOUSE_CLASSES.has(asText(code).trim().toUpperCase()));
}

/** Drops orders of drugs that staff administer: pages on these are not handed to the patient. */
export function leaveOutInHouse(orders: readonly JsonObject[], chart: readonly JsonObject[]): JsonObject[] {
  const isStay = chart.some(isInHouse);
  return orders.filter((order) => {
    if (!isOrder(order)) return true;
    const where = findWhereTaken(order);
    return where === undefined ? !isStay : where === 'home';
  });
}

/** Reads the orders that a service is about, with their Medications. @throws RequestError `bad-hook-request` */
export function readOrders({ isOfSelection }: CdsService, request: HookRequest): JsonObject[] {
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
export const buildReference = ({ resourceType, id }: JsonObject): string | undefined =>
  asText(id) === '' ? undefined : `${asText(resourceType)}/${asText(id)}`;

/** An order once signed: active, authored now. */
export const toSigned = (order: JsonObject, now: Date): JsonObject =>
  order.resourceType === 'MedicationRequest'
    ? { ...order, status: order.status === 'draft' ? 'active' : order.status, authoredOn: now.toISOString() }
    : order;
