import { findCodeSystem } from '../core/codes/code-systems.js';
import { asObject, asObjects, asText, type JsonObject } from '../protocols/json-object.js';
import { listCodings, type ChartStore } from './chart-store.js';

/** The patient, as the EHR's pages show one. */
export interface PatientView {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 day. */
  readonly birthDate: string;
  /** Whole years. */
  readonly age: number;
  readonly gender: string;
  /** BCP 47 tag of the preferred language; English where the chart names none. */
  readonly language: string;
  readonly encounterId: string | undefined;
  /** Whether the patient stays in the hospital. */
  readonly isInpatient: boolean;
}

/** A fact of the chart in a row. */
export interface FactView {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  /** `ICD-10-CM E11.9`. */
  readonly code: string;
  readonly status: string;
  readonly coding: JsonObject;
}

const YEAR_DIGITS = 10_000;

/** Returns an age in whole years from ISO 8601 days. */
function countYears(birthDate: string, now: Date): number {
  const toNumber = (day: string): number => Number(day.replaceAll('-', ''));
  return Math.floor((toNumber(now.toISOString().slice(0, 10)) - toNumber(birthDate)) / YEAR_DIGITS);
}

/** Reads a patient with the current visit; undefined if there is none with this id. */
export function readPatient(store: ChartStore, id: string, now: Date): PatientView | undefined {
  const patient = store.read(`Patient/${id}`);
  if (!patient) return undefined;
  const [name] = asObjects(patient.name);
  const given = Array.isArray(name?.given) ? (name.given as unknown[]).map(asText) : [];
  const birthDate = asText(patient.birthDate);
  const [language] = asObjects(patient.communication).flatMap((one) => listCodings(one.language));
  const [encounter] = store.search('Encounter', id);
  return {
    ...{ id, birthDate, age: countYears(birthDate, now), gender: asText(patient.gender) },
    name: [...given, asText(name?.family)].join(' '),
    language: asText(language?.code) || 'en',
    encounterId: encounter && asText(encounter.id),
    isInpatient: asText(asObject(encounter?.class)?.code) === 'IMP',
  };
}

const readStatus = (resource: JsonObject): string => {
  const verified = asText(listCodings(resource.verificationStatus)[0]?.code);
  if (verified !== '' && verified !== 'confirmed') return verified;
  return asText(listCodings(resource.clinicalStatus)[0]?.code) || asText(resource.status);
};

/** Reads a fact of any type: its words, its first coding, its status. */
export function readFact(resource: JsonObject): FactView {
  const concept =
    asObject(resource.medicationCodeableConcept) ?? asObject(resource.vaccineCode) ?? asObject(resource.code);
  const [coding = {}] = listCodings(concept);
  const system = findCodeSystem(asText(coding.system));
  return {
    id: asText(resource.id),
    type: asText(resource.resourceType),
    text: asText(concept?.text) || asText(coding.display),
    code: `${system?.label ?? ''} ${asText(coding.code)}`.trim(),
    status: readStatus(resource),
    coding,
  };
}

/** Statuses of what is true now; rows with another one are shown as past or uncertain. */
const CURRENT: ReadonlySet<string> = new Set(['active', 'recurrence', 'relapse', 'draft', 'final', 'completed']);

export const isCurrent = ({ status }: FactView): boolean => CURRENT.has(status);

/** Lists facts of a chart by their types, current ones first. */
export function listFacts(store: ChartStore, patientId: string, ...types: readonly string[]): FactView[] {
  const facts = types.flatMap((type) => store.search(type, patientId).map(readFact));
  return [...facts.filter(isCurrent), ...facts.filter((one) => !isCurrent(one))];
}

/** An entry of the EHR's own list of documents. */
export interface DocumentView {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** ISO 8601. */
  readonly at: string;
  readonly description: string;
  readonly status: string;
  readonly hasPdf: boolean;
}

/** Reads a DocumentReference or a Communication. */
export function readDocument(resource: JsonObject): DocumentView {
  const attachment = findAttachment(resource);
  const titles = asObjects(resource.payload).map(({ contentAttachment }) => asText(asObject(contentAttachment)?.title));
  const [note] = asObjects(resource.note);
  return {
    id: asText(resource.id),
    type: asText(resource.resourceType),
    title: asText(attachment.title) || titles.filter(Boolean).join('; '),
    at: asText(resource.date) || asText(resource.sent),
    description: asText(resource.description) || asText(note?.text),
    status: asText(resource.status),
    hasPdf: attachment.data !== undefined,
  };
}

/** Returns the document's attachment; empty if there is none. */
export const findAttachment = ({ content }: JsonObject): JsonObject =>
  asObject(asObjects(content)[0]?.attachment) ?? {};

/** Lists what is in the EHR's own list of documents, the newest first. */
export function listDocuments(store: ChartStore, patientId: string): DocumentView[] {
  const found = ['DocumentReference', 'Communication'].flatMap((type) => store.search(type, patientId));
  return found.map(readDocument).sort((a, b) => b.at.localeCompare(a.at));
}
