import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import { findNoteTime } from './chart-dates.js';
import { CHART_RULES, RECENT_MS, type StatusRule } from './chart-rules.js';
import type { ChartScene } from './chart-scene.js';
import { readConcept, isNothing, type SentConcept } from './concept.js';
import { findRoute, listDrugNames, readMedicationConcept } from './name-drug.js';
import type { Fact, Question, Reading, RemarkReason } from './reading.js';
import { findSpecialCase, hasModifier } from './special-cases.js';
import { listPartQuestions, readDueVaccines, toQuestions } from './to-questions.js';
import { asObject, asObjects, asText, type JsonObject } from '../../json-object.js';
import { findOwn } from '../../../core/find-own.js';

export interface ReadingOptions {
  /** Facts that are over are queried too: resolved, inactive or completed ones. */
  readonly includeInactive: boolean;
  readonly now: Date;
  /** The Medication that a reference leads to, within the request. */
  readonly findMedication: (reference: string) => JsonObject | undefined;
  /** Decisions of the rest of the chart for its facts. */
  readonly scene: ChartScene;
}

type Judgement =
  | { readonly verdict: 'take'; readonly isInRemission?: boolean }
  | { readonly verdict: 'skip' | 'hold'; readonly reason: RemarkReason; readonly status: string };

/** The codes of a status element, whether it is a code, a truth value or a CodeableConcept. */
function listStatusCodes(value: unknown): string[] {
  if (typeof value === 'string') return [asText(value)];
  if (typeof value === 'boolean') return [String(value)];
  const concept = asObject(value);
  if (!concept) return [];
  const codes = asObjects(concept.coding).flatMap(({ code }) => asText(code) || []);
  return codes.length > 0 ? codes : asText(concept.text) ? [asText(concept.text).toLowerCase()] : [];
}

function judgeElement(
  resource: JsonObject,
  rule: StatusRule,
  isWanted: (verdict: 'past' | 'completed') => boolean,
): Judgement {
  const sent = listStatusCodes(resource[rule.element]);
  if (sent.length === 0) {
    return rule.absent === 'take' ? { verdict: 'take' } : { verdict: 'hold', reason: 'unknown-status', status: '' };
  }
  const status = sent.find((code) => Object.hasOwn(rule.codes, code));
  // A status in no list is not repeated: it could be anything.
  const verdict = status === undefined ? undefined : findOwn(rule.codes, status);
  if (status === undefined || verdict === undefined) return { verdict: 'hold', reason: 'unknown-status', status: '' };
  const shown = `${rule.element} ${status}`;
  if (verdict === 'remission') return { verdict: 'take', isInRemission: true };
  if (verdict === 'past' || verdict === 'completed') {
    return isWanted(verdict) ? { verdict: 'take' } : { verdict: 'skip', reason: 'past', status: shown };
  }
  if (verdict === 'take') return { verdict };
  return { verdict, reason: verdict === 'hold' ? 'unconfirmed' : 'status', status: shown };
}

/** A problem without a status is over if it has an end, or if the document lists it as past illness. */
function judgeEnd(resource: JsonObject, includeInactive: boolean, scene: ChartScene): Judgement {
  const isOpen = resource.resourceType === 'Condition' && listStatusCodes(resource.clinicalStatus).length === 0;
  if (!isOpen || includeInactive) return { verdict: 'take' };
  const end = Object.keys(resource).find((element) => /^abatement[A-Z]/.test(element));
  const hasEnded = end !== undefined && resource[end] !== false;
  if (!hasEnded && !scene.isListedAsPast(resource)) return { verdict: 'take' };
  return { verdict: 'skip', reason: 'past', status: hasEnded ? 'abatement' : '' };
}

/** The weightiest verdict of the resource's elements: skip, hold, take. */
function judge(fact: Fact, isModified: boolean, { includeInactive, now, scene }: ReadingOptions): Judgement {
  const { resource, rule } = fact;
  const lastKnown = findNoteTime(resource, rule.dates, 'end') ?? now.getTime();
  const isRecent = now.getTime() - lastKnown <= RECENT_MS;
  const isWanted = (verdict: 'past' | 'completed'): boolean =>
    (includeInactive && (verdict === 'past' || isRecent)) ||
    (verdict === 'completed' && scene.isOfEncounter(fact) === true);
  const found = rule.statuses.map((status) => judgeElement(resource, status, isWanted));
  found.push(judgeEnd(resource, includeInactive, scene));
  if (isModified) found.push({ verdict: 'hold', reason: 'modifier-extension', status: '' });
  return (
    found.find(({ verdict }) => verdict === 'skip') ??
    found.find(({ verdict }) => verdict === 'hold') ??
    found.find((one) => 'isInRemission' in one) ?? { verdict: 'take' }
  );
}

/** The Medication that a drug refers to: the contained one, or one of the request. */
function findMedication(resource: JsonObject, options: ReadingOptions): JsonObject | undefined {
  const reference = asText(asObject(resource.medicationReference)?.reference);
  const contained = asObjects(resource.contained).find(({ id }) => reference === `#${asText(id)}`);
  return reference.startsWith('#') ? contained : options.findMedication(reference);
}

/** Reads the concept of a drug: by its Medication, else by the name that its reference shows; with the names to look it up by. */
function readDrugConcept(resource: JsonObject, value: JsonObject, options: ReadingOptions): SentConcept | undefined {
  const medication = findMedication(resource, options);
  const isReference = value === asObject(resource.medicationReference);
  const concept = isReference ? readMedicationConcept(medication, value.display) : readConcept(value);
  if (!concept) return undefined;
  const own = isReference ? medication : undefined;
  const route = findRoute(resource, own);
  const names = listDrugNames(concept, route !== '', own);
  if (route === '') return { ...concept, names };
  return { ...concept, codings: concept.codings.map((coding) => ({ ...coding, route })), names, route };
}

function findConcept({ resource, rule }: Fact, options: ReadingOptions): SentConcept | undefined {
  for (const element of rule.concepts) {
    const value = asObject(resource[element]);
    if (!value) continue;
    const found = rule.kind === 'medication' ? readDrugConcept(resource, value, options) : readConcept(value);
    if (found) return found;
  }
  return undefined;
}

const createSkip = (coding: RequestCoding | undefined, reason: RemarkReason, status = ''): Reading => ({
  state: 'skip',
  coding,
  reason,
  status,
  questions: [],
});

/** Reads the questions of a resource that is neither left out nor about nothing. */
function readQuestions(fact: Fact, concept: SentConcept | undefined, scene: ChartScene): Question[] {
  const standing = scene.findStanding(fact);
  const own = concept ? toQuestions(fact, concept, standing) : [];
  return [...own, ...listPartQuestions(fact, own, standing)];
}

/**
 * Reads one resource of a chart: whether it is a true fact about the patient, and what it asks about (decision 053). The result has
 * nothing of it but the coding it asks with and a known status.
 */
export function readChartResource(resource: JsonObject, options: ReadingOptions): Reading {
  const type = asText(resource.resourceType);
  if (type === 'ImmunizationRecommendation') return readDueVaccines(resource, options.scene);
  const rule = Object.hasOwn(CHART_RULES, type) ? CHART_RULES[type] : undefined;
  if (!rule) return createSkip(undefined, 'type-not-read');
  const fact = { resource, rule };
  const concept = findConcept(fact, options);
  const coding = concept?.codings.find(({ system }) => system) ?? concept?.codings[0];
  const judgement = judge(fact, hasModifier(resource), options);
  if (judgement.verdict === 'skip') return createSkip(coding, judgement.reason, judgement.status);
  if (concept && isNothing(concept)) return createSkip(coding, 'nothing-known');
  const special = findSpecialCase(resource, concept, options.scene.setting);
  if (special?.reason) return createSkip(coding, special.reason);
  const read = readQuestions(fact, special?.concept ?? concept, options.scene);
  const questions = read.map((question) => ({ ...question, ...special?.fields }));
  if (judgement.verdict === 'hold') {
    const { reason, status } = judgement;
    const doubt = reason === 'modifier-extension' || reason === 'unknown-status' ? reason : 'unconfirmed';
    return { state: 'hold', coding, reason, status, questions: questions.map((one) => ({ ...one, doubt })) };
  }
  if (questions.length > 0) {
    const isInRemission = 'isInRemission' in judgement;
    const queried = isInRemission ? questions.map((one) => ({ ...one, isInRemission })) : questions;
    return { state: 'take', coding, questions: queried };
  }
  const isUnresolved = !concept && asObject(resource.medicationReference) !== undefined;
  return createSkip(coding, isUnresolved ? 'medication-not-there' : 'no-code');
}
