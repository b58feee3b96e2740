import { readDataFile } from '../../core/read-data-file.js';
import { asObjects, asText, type JsonObject } from '../json-object.js';
import { readAttribute, readOwnText, findChildren, findFirst, type Node } from './read-tree.js';
import type { Narrative } from './values.js';
import { asConcept, isOfTemplate, readAuthorTime, readCdConcept, readPeriod, readTime, findRelated } from './values.js';
import { findOwn } from '../../core/find-own.js';

/** Facts that a statement takes from its surroundings. */
export interface EntryContext {
  readonly narrative: Narrative;
  /** Reference to the encounter that it is of. */
  readonly encounter: string | undefined;
  /** The status of the act around it (a concern), empty where there is none. */
  readonly actStatus: string;
  /** The section is of past facts; the statement's own status takes precedence. */
  readonly isPastSection: boolean;
  /** The section is of the drugs at discharge. */
  readonly isDischarge: boolean;
  /** The day of the request, ISO 8601. */
  readonly today: string;
}

export const readStatus = (node: Node): string => readAttribute(findFirst(node, 'statusCode'), 'code').toLowerCase();
export const isNegated = (node: Node): boolean => readAttribute(node, 'negationInd') === 'true';
export const isPlanned = (node: Node): boolean => !['', 'EVN'].includes(readAttribute(node, 'moodCode'));
export const inEncounter = ({ encounter }: EntryContext): JsonObject =>
  encounter === undefined ? {} : { encounter: { reference: encounter } };
/** Elements that have a value. */
export const present = (elements: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(elements).filter(([, value]) => value !== undefined));

type ValueKind = 'allergy' | 'event' | 'gender' | 'medication' | 'order' | 'problem' | 'result';

/** Meanings of C-CDA's values in R4: statuses of statements, the category of an allergy, a gender. */
export const MEANINGS = readDataFile('charts/ccda-values.yaml') as Readonly<
  Record<ValueKind, Readonly<Record<string, string | undefined>>>
>;

const STATUS_TEMPLATES = ['2.16.840.1.113883.10.20.22.4.6', '2.16.840.1.113883.10.20.22.4.28'];
const STATUS_CODE = '33999-4';

const isStatus = (node: Node): boolean =>
  STATUS_TEMPLATES.some((template) => isOfTemplate(node, template)) ||
  readAttribute(findFirst(node, 'code'), 'code') === STATUS_CODE;

/** The status in a statement's own status observation. */
export function readOwnStatus(node: Node): string | undefined {
  const own = findRelated(node, 'observation').find(isStatus);
  return own && (findOwn(MEANINGS.problem, readAttribute(findFirst(own, 'value'), 'code')) ?? 'unknown');
}

/** Codes beside a problem or an allergy in its concern that are neither: preference, health status, severity, criticality, age, reaction. */
const BESIDE = new Set(['225773000', '11323-3', 'SEV', '82606-5', '445518008', '397659008', '30973-2']);

/** Whether a statement within a concern only describes it. */
export const isBeside = (node: Node): boolean =>
  isStatus(node) || BESIDE.has(readAttribute(findFirst(node, 'code'), 'code'));

/** The status of a problem or an allergy: its own, else by its end, the concern around it, the section. */
function readClinicalStatus(node: Node, { actStatus, isPastSection }: EntryContext): string | undefined {
  const own = readOwnStatus(node);
  if (own !== undefined) return own;
  if (readPeriod(node).isOver) return 'resolved';
  if (['completed', 'aborted', 'suspended', 'cancelled'].includes(actStatus) || isPastSection) return 'inactive';
  return actStatus === 'active' ? 'active' : undefined;
}

/** Returns the verification status by a statement's status and negation. */
function readVerification(node: Node, { actStatus }: EntryContext): string {
  if (readStatus(node) === 'nullified' || actStatus === 'nullified') return 'entered-in-error';
  return isNegated(node) ? 'refuted' : 'confirmed';
}

const standing = (node: Node, context: EntryContext): JsonObject => {
  const clinical = readClinicalStatus(node, context);
  const verificationStatus = asConcept(readVerification(node, context));
  return clinical === undefined ? { verificationStatus } : { verificationStatus, clinicalStatus: asConcept(clinical) };
};

/** OIDs of the whole of ICD-9-CM and of its procedures: senders give a diagnosis either. */
const ICD_9_CM_OTHERS = /^urn:oid:2\.16\.840\.1\.113883\.6\.(?:2|104)$/;
const ICD_9_CM_DIAGNOSES = 'urn:oid:2.16.840.1.113883.6.103';

/** Returns the concept of a problem: its codes are of diagnoses, by whichever OID their classification is named. */
function asDiagnosis(concept: JsonObject | undefined): JsonObject | undefined {
  if (!concept?.coding) return concept;
  const coding = asObjects(concept.coding).map((one) =>
    ICD_9_CM_OTHERS.test(asText(one.system)) ? { ...one, system: ICD_9_CM_DIAGNOSES } : one,
  );
  return { ...concept, coding };
}

/** A problem (Problem Observation): its value is what the patient has. */
export function readProblem(node: Node, context: EntryContext): JsonObject {
  const { start } = readPeriod(node);
  return present({
    resourceType: 'Condition',
    code: asDiagnosis(readCdConcept(findFirst(node, 'value'), context.narrative, node)),
    ...standing(node, context),
    recordedDate: readAuthorTime(node) ?? start,
    onsetDateTime: start,
    ...inEncounter(context),
  });
}

/** A result, a vital sign or a smoking status: its code is what was measured. */
export function readObservation(node: Node, context: EntryContext, category: string): JsonObject {
  const { narrative } = context;
  const value = findFirst(node, 'value');
  const isAbsent =
    isNegated(node) ||
    (value !== undefined && readAttribute(value, 'nullFlavor') !== '' && value.children.length === 0);
  const isCoded =
    value !== undefined && ['CD', 'CE', 'CO'].includes(readAttribute(value, 'xsi:type').replace(/^.*:/, ''));
  return present({
    resourceType: 'Observation',
    status: findOwn(MEANINGS.result, readStatus(node)) ?? 'unknown',
    category: [asConcept(category)],
    code: readCdConcept(findFirst(node, 'code'), narrative),
    effectiveDateTime: readPeriod(node).start,
    ...(isCoded ? { valueCodeableConcept: readCdConcept(value, narrative) } : {}),
    ...(isAbsent ? { dataAbsentReason: asConcept('unknown') } : {}),
    ...inEncounter(context),
  });
}

/** A panel of results. */
export function readPanel(node: Node, context: EntryContext): JsonObject {
  return present({
    resourceType: 'DiagnosticReport',
    status: findOwn(MEANINGS.result, readStatus(node)) ?? 'unknown',
    code: readCdConcept(findFirst(node, 'code'), context.narrative),
    effectiveDateTime: readPeriod(node).start,
    ...inEncounter(context),
  });
}

/** A procedure that was done, or is planned. */
export function readProcedure(node: Node, context: EntryContext): JsonObject {
  const code = readCdConcept(findFirst(node, 'code'), context.narrative);
  const { start } = readPeriod(node);
  const status = readStatus(node);
  if (isPlanned(node)) {
    return present({
      resourceType: 'ServiceRequest',
      status: findOwn(MEANINGS.order, status) ?? 'unknown',
      intent: readAttribute(node, 'moodCode') === 'PRP' ? 'proposal' : 'order',
      ...(isNegated(node) ? { doNotPerform: true } : {}),
      code,
      authoredOn: readAuthorTime(node),
      occurrenceDateTime: start,
      ...inEncounter(context),
    });
  }
  return present({
    resourceType: 'Procedure',
    status: isNegated(node) ? 'not-done' : (findOwn(MEANINGS.event, status) ?? 'unknown'),
    code,
    performedDateTime: start,
    ...inEncounter(context),
  });
}

const NO_KNOWN_ALLERGY = { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] };

/** An allergy (Allergy - Intolerance Observation): its substance stands beside it; a denial without a substance means that the patient has none. */
export function readAllergy(node: Node, context: EntryContext): JsonObject {
  const { narrative } = context;
  const [entity] = findChildren(node, 'participant').flatMap(
    (one) => findFirst(one, 'participantRole', 'playingEntity') ?? [],
  );
  const name = readOwnText(findFirst(entity, 'name'));
  const substance = readCdConcept(findFirst(entity, 'code'), narrative) ?? (name ? { text: name } : undefined);
  const value = findFirst(node, 'value');
  const category = findOwn(MEANINGS.allergy, readAttribute(value, 'code'));
  const isNone = isNegated(node) && !substance?.coding;
  return present({
    resourceType: 'AllergyIntolerance',
    ...(category === undefined ? {} : { category: [category] }),
    code: isNone ? NO_KNOWN_ALLERGY : (substance ?? readCdConcept(value, narrative)),
    ...(isNone ? {} : standing(node, context)),
    recordedDate: readAuthorTime(node) ?? readPeriod(node).start,
  });
}

/** HL7 v3 ActCode, which has the class of an encounter. */
const ACT_CODE = '2.16.840.1.113883.5.4';

/** An encounter, with its class where its code or a translation tells it. */
export function readEncounter(node: Node, id: string): JsonObject {
  const { start, end } = readPeriod(node);
  const code = findFirst(node, 'code');
  const codes = code ? [code, ...findChildren(code, 'translation')] : [];
  const own = codes.find((one) => readAttribute(one, 'codeSystem') === ACT_CODE);
  return present({
    resourceType: 'Encounter',
    id,
    status: isPlanned(node) ? 'planned' : 'finished',
    class: own && { code: readAttribute(own, 'code') },
    period: present({ start, end }),
  });
}

/** The patient: no more than sex, age, language and death are read of it. */
export function readRecordTarget(recordTarget: Node): JsonObject {
  const patient = findFirst(recordTarget, 'patientRole', 'patient');
  const communication = findChildren(patient, 'languageCommunication').map((one) => ({
    language: asConcept(readAttribute(findFirst(one, 'languageCode'), 'code')),
    preferred: readAttribute(findFirst(one, 'preferenceInd'), 'value') === 'true',
  }));
  const deathTime = readTime(readAttribute(findFirst(patient, 'sdtc:deceasedTime'), 'value'));
  const isDead = readAttribute(findFirst(patient, 'sdtc:deceasedInd'), 'value') === 'true';
  return present({
    resourceType: 'Patient',
    gender: findOwn(MEANINGS.gender, readAttribute(findFirst(patient, 'administrativeGenderCode'), 'code')),
    birthDate: readTime(readAttribute(findFirst(patient, 'birthTime'), 'value'))?.slice(0, 10),
    communication,
    deceasedDateTime: deathTime,
    ...(isDead && deathTime === undefined ? { deceasedBoolean: true } : {}),
  });
}
