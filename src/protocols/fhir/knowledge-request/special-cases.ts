import type { ChartSetting } from '../../../core/charts/chart-settings.js';
import { createCoding, readConcept, type SentConcept } from './concept.js';
import { asFewObjects, asObject, asObjects, asText, type JsonObject } from '../../json-object.js';
import type { Question, RemarkReason } from './reading.js';
import { hasForm, isListed } from './chart-rules.js';

/** Levels of a resource's elements in which R4 has modifierExtension. */
const LEVELS = 6;

/**
 * Whether a resource or one of its parts may mean the opposite of what it seems: an element `modifierExtension`, which
 * R4 requires to be checked (2.4.1.2) and of which we know none, or `implicitRules`.
 */
export function hasModifier(resource: JsonObject): boolean {
  if (asText(resource.implicitRules) !== '') return true;
  const open: { readonly value: object; readonly levels: number }[] = [{ value: resource, levels: LEVELS }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, levels } = next;
    const left = Array.isArray(value) ? levels : levels - 1;
    for (const [name, below] of Object.entries(value) as [string, unknown][]) {
      if (typeof below !== 'object' || below === null) continue;
      if (name === 'modifierExtension' && asObjects(below).length > 0) return true;
      if (left > 0) open.push({ value: below, levels: left });
    }
  }
  return false;
}

const listCodes = (value: unknown): string[] =>
  asFewObjects(value).flatMap((concept) => asFewObjects(concept.coding).map(({ code }) => asText(code)));

/** Whether a concept is a vital sign, a measure of the body, or a pain score. */
export const isVitalSign = ({ codings }: SentConcept): boolean =>
  codings.some(({ system, code }) => system === 'loinc' && isListed('vitalSigns', code));

/** A special resource: a reason to leave it out, or another subject that it asks about. */
interface SpecialCase {
  readonly reason?: RemarkReason;
  readonly concept?: SentConcept;
  readonly fields?: Partial<Question>;
}

/** Counselling on tobacco leads to Quitting Smoking, and to nothing on its harms. */
const OF_SMOKER: SpecialCase = {
  concept: { codings: [createCoding('icd-10-cm', 'Z71.6')], text: '' },
  fields: { kind: 'problem', isSubject: true, isOptional: true },
};

/** Somebody who smokes may want the page on stopping; other facts about tobacco are no questions. */
function readTobacco({ valueCodeableConcept, valueString }: JsonObject): SpecialCase {
  const value = readConcept(valueCodeableConcept) ?? readConcept({ text: valueString });
  const isSmoker =
    value?.codings.some(({ code }) => isListed('smokes', code)) === true || hasForm('saysSmokes', value?.text ?? '');
  return isSmoker ? OF_SMOKER : { reason: 'nothing-known' };
}

/** Queries a problem that names a smoker as the observation of smoking. */
function readSmoking(concept: SentConcept | undefined): SpecialCase | undefined {
  const isCoded = concept?.codings.some(({ code }) => isListed('smokes', code)) === true;
  const isTobacco = concept?.codings.some(({ system, code }) => system === 'icd-10-cm' && /^F17\.?2/.test(code.trim()));
  const isSaid = (concept?.names ?? []).some((name) => hasForm('saysSmokes', name));
  return isCoded || (isTobacco && isSaid) ? OF_SMOKER : undefined;
}

function readObservation(resource: JsonObject, concept: SentConcept | undefined): SpecialCase | undefined {
  if (asObject(resource.dataAbsentReason)) return { reason: 'no-result' };
  if (listCodes(resource.category).includes('vital-signs') || (concept && isVitalSign(concept))) {
    return { reason: 'vital-sign' };
  }
  const isTobacco = concept?.codings.some(({ system, code }) => system === 'loinc' && isListed('tobaccoUse', code));
  return isTobacco ? readTobacco(resource) : undefined;
}

/** Categories of drugs that a patient goes home with (R4 medicationrequest-category and medication-statement-category). */
const AT_HOME: ReadonlySet<string> = new Set(['discharge', 'community', 'outpatient', 'patientspecified']);

/** A single dose in the hospital: no page on it is of use at home. */
function isGivenOnce({ dosageInstruction, dosage }: JsonObject): boolean {
  const doses = [...asFewObjects(dosageInstruction), ...asFewObjects(dosage)];
  const isOnce = (dose: JsonObject): boolean => {
    const timing = asObject(dose.timing);
    const names = [asText(dose.text), asText(asObject(timing?.code)?.text), ...listCodes(timing?.code)];
    return (
      asObject(timing?.repeat)?.count === 1 || names.some((name) => /^(once|stat|one[- ]time)\b/i.test(name.trim()))
    );
  };
  return doses.length > 0 && doses.every(isOnce);
}

/** True for a flush or a lock of a line, which is no drug at home. */
const isFlush = (concept: SentConcept | undefined): boolean =>
  (concept?.names ?? []).some((name) => hasForm('flush', name));

/** At a discharge only drugs that the patient goes home with are explained. */
function readDrug(resource: JsonObject, concept: SentConcept | undefined): SpecialCase | undefined {
  const categories = listCodes(resource.category);
  const isForHospital = categories.length > 0 && !categories.some((code) => AT_HOME.has(code));
  const names = [concept?.text ?? '', ...(concept?.codings ?? []).map(({ display }) => display)];
  const isGiven = names.some((name) => hasForm('givenInHospital', name)) || isGivenOnce(resource);
  return isForHospital || isGiven ? { reason: 'hospital-drug' } : undefined;
}

/** Finds the special case of a resource's setting, category or value; undefined where nothing is special. */
export function findSpecialCase(
  resource: JsonObject,
  concept: SentConcept | undefined,
  setting: ChartSetting,
): SpecialCase | undefined {
  const { resourceType } = resource;
  if (resourceType === 'Observation') return readObservation(resource, concept);
  if (resourceType === 'Condition') return readSmoking(concept);
  const isDrug = resourceType === 'MedicationRequest' || resourceType === 'MedicationStatement';
  if (!isDrug) return undefined;
  return setting === 'discharge' || isFlush(concept) ? readDrug(resource, concept) : undefined;
}
