import type { JsonObject } from '../json-object.js';
import type { EntryContext } from './entries.js';
import { MEANINGS, inEncounter, isNegated, isPlanned, present, readOwnStatus, readStatus } from './entries.js';
import { readAttribute, readOwnText, findChildren, findFirst, type Node } from './read-tree.js';
import { asConcept, readAuthorTime, readCdConcept, readPeriod } from './values.js';
import { findOwn } from '../../core/find-own.js';

/** The product of a substance administration. */
const readProduct = (node: Node, { narrative }: EntryContext): JsonObject | undefined => {
  const material = findFirst(node, 'consumable', 'manufacturedProduct', 'manufacturedMaterial');
  const name = readOwnText(findFirst(material, 'name'));
  if (name && !readCdConcept(findFirst(material, 'code'), narrative)) return { text: name };
  return readCdConcept(findFirst(material, 'code'), narrative, node);
};

const MEDICATION_ACTIVITY = '2.16.840.1.113883.10.20.22.4.16';

/** Whether a medication is of C-CDA R2.1 or later, where "completed" means that it is not used any more. */
const isOfLaterRelease = (node: Node): boolean =>
  findChildren(node, 'templateId').some(
    (one) => readAttribute(one, 'root') === MEDICATION_ACTIVITY && readAttribute(one, 'extension') !== '',
  );

/** The status of a medication as R4 names it: by its own status observation, its end, its status code. */
function readMedicationStatus(node: Node, { today, isDischarge }: EntryContext): string {
  const { end } = readPeriod(node);
  const isEnded = end !== undefined && end.slice(0, 10) < today.slice(0, Math.min(10, end.length));
  const code = findOwn(MEANINGS.medication, readStatus(node)) ?? 'unknown';
  const mayBeTaken = code === 'active' || code === 'completed' || code === 'unknown';
  const own = mayBeTaken ? readOwnStatus(node) : undefined;
  if (own === 'suspended') return 'on-hold';
  if (own === 'resolved' || own === 'inactive') return 'completed';
  if (own === 'active' || code === 'active') return isEnded ? 'completed' : 'active';
  // A prescription without an end is active, whether its entry is complete or not.
  const isPrescribed = isPlanned(node) && end === undefined && (mayBeTaken || code === 'draft');
  if (isPrescribed && (code !== 'completed' || !isOfLaterRelease(node))) return 'active';
  // In R1.1 senders wrote "completed" for an entry that is complete, whether the drug is still used or not.
  const isUnclear = code === 'completed' && !isEnded && !isOfLaterRelease(node);
  return isUnclear && !isDischarge ? 'unknown' : code;
}

/** The route, the site and the unit of a dose. */
function readDose(node: Node, { narrative }: EntryContext): JsonObject {
  const [route, site] = ['routeCode', 'approachSiteCode'].map((name) =>
    readCdConcept(findFirst(node, name), narrative),
  );
  const unit = readAttribute(findFirst(node, 'doseQuantity'), 'unit');
  return present({ route, site, doseAndRate: unit === '' ? undefined : [{ doseQuantity: { unit } }] });
}

/** A medication (Medication Activity): one that is ordered if its mood is an intent, else one that is used. */
export function readMedication(node: Node, context: EntryContext): JsonObject {
  const { start, end } = readPeriod(node);
  const status = readMedicationStatus(node, context);
  const isOrder = isPlanned(node);
  const { encounter } = context;
  const dose = readDose(node, context);
  return present({
    resourceType: isOrder ? 'MedicationRequest' : 'MedicationStatement',
    status: isNegated(node) ? (isOrder ? 'cancelled' : 'not-taken') : status,
    medicationCodeableConcept: readProduct(node, context),
    ...(Object.keys(dose).length === 0 ? {} : { [isOrder ? 'dosageInstruction' : 'dosage']: [dose] }),
    ...(isOrder ? { intent: readAttribute(node, 'moodCode') === 'PRP' ? 'proposal' : 'order' } : {}),
    ...(isOrder ? { authoredOn: readAuthorTime(node) ?? start } : {}),
    ...(isOrder || start === undefined ? {} : { effectivePeriod: present({ start, end }) }),
    ...(context.isDischarge ? { category: isOrder ? [asConcept('discharge')] : asConcept('outpatient') } : {}),
    ...(encounter === undefined ? {} : { [isOrder ? 'encounter' : 'context']: { reference: encounter } }),
  });
}

/** Reads a vaccination: done, not done, or planned. */
export function readImmunization(node: Node, context: EntryContext): JsonObject {
  const vaccineCode = readProduct(node, context);
  const { start } = readPeriod(node);
  if (isPlanned(node)) {
    const forecastStatus = asConcept(isNegated(node) ? 'contraindicated' : 'due');
    const recommendation = [present({ vaccineCode: vaccineCode && [vaccineCode], forecastStatus })];
    return present({ resourceType: 'ImmunizationRecommendation', date: readAuthorTime(node), recommendation });
  }
  return present({
    resourceType: 'Immunization',
    status: isNegated(node) ? 'not-done' : (findOwn(MEANINGS.event, readStatus(node)) ?? 'unknown'),
    vaccineCode,
    occurrenceDateTime: start,
    ...inEncounter(context),
  });
}
