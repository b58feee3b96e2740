import type { ChartKind, ChartQuestion } from '../../../core/chart-question.js';
import type { Steps } from '../../../core/give-way.js';
import type { RequestCoding } from '../../../core/knowledge-request.js';
import { allergyQuestions } from './allergy.js';
import { noteTime } from './chart-dates.js';
import type { ResourceRule, StatusRule } from './chart-rules.js';
import { CHART_RULES, RECENT_MS } from './chart-rules.js';
import type { Concept } from './concept.js';
import { readConcept, saysNothing, withDrugName } from './concept.js';
import type { JsonObject } from './json.js';
import { objectOf, objectsOf, textOf } from './json.js';

/** Why a resource is not asked about. Texts are in resources/i18n under `chart`. */
export type RemarkReason =
  | 'status'
  | 'unconfirmed'
  | 'unknown-status'
  | 'past'
  | 'nothing-known'
  | 'no-code'
  | 'medication-not-there'
  | 'type-not-read';

/** What becomes of one resource of a chart: questions to the library, or the reason why there are none. */
export type Reading =
  | { readonly state: 'take'; readonly coding: RequestCoding | undefined; readonly questions: readonly Question[] }
  | {
      readonly state: 'skip' | 'hold';
      readonly coding: RequestCoding | undefined;
      readonly reason: RemarkReason;
      readonly status: string;
    };

export type Question = Omit<ChartQuestion, 'input'>;

export interface ReadingOptions {
  /** Facts that are over are asked about too: what is resolved, inactive or completed. */
  readonly includeInactive: boolean;
  readonly now: Date;
  /** The Medication that a reference leads to, within the request. */
  readonly findMedication: (reference: string) => JsonObject | undefined;
}

type Judgement =
  | { readonly verdict: 'take' }
  | { readonly verdict: 'skip' | 'hold'; readonly reason: RemarkReason; readonly status: string };

/** The codes of a status element, whether it is a code, a truth value or a CodeableConcept. */
function statusCodes(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'boolean') return [String(value)];
  const concept = objectOf(value);
  if (!concept) return [];
  const codes = objectsOf(concept.coding).flatMap(({ code }) => textOf(code) || []);
  return codes.length > 0 ? codes : textOf(concept.text) ? [textOf(concept.text).toLowerCase()] : [];
}

function judgeElement(
  resource: JsonObject,
  rule: StatusRule,
  isWanted: (verdict: 'past' | 'completed') => boolean,
): Judgement {
  const sent = statusCodes(resource[rule.element]);
  if (sent.length === 0) {
    return rule.absent === 'take' ? { verdict: 'take' } : { verdict: 'hold', reason: 'unknown-status', status: '' };
  }
  const status = sent.find((code) => Object.hasOwn(rule.codes, code));
  // What is in no list is not given back: it could be anything.
  const verdict = status === undefined ? undefined : rule.codes[status];
  if (status === undefined || verdict === undefined) return { verdict: 'hold', reason: 'unknown-status', status: '' };
  const said = `${rule.element} ${status}`;
  if (verdict === 'past' || verdict === 'completed') {
    return isWanted(verdict) ? { verdict: 'take' } : { verdict: 'skip', reason: 'past', status: said };
  }
  if (verdict === 'take') return { verdict };
  return { verdict, reason: verdict === 'hold' ? 'unconfirmed' : 'status', status: said };
}

/** The weightiest of what the status elements say: to leave out, to hold, to take. */
function judge(resource: JsonObject, rule: ResourceRule, { includeInactive, now }: ReadingOptions): Judgement {
  const lastKnown = noteTime(resource, rule.dates, 'end') ?? now.getTime();
  const isRecent = now.getTime() - lastKnown <= RECENT_MS;
  const isWanted = (verdict: 'past' | 'completed'): boolean => includeInactive && (verdict === 'past' || isRecent);
  const found = rule.statuses.map((status) => judgeElement(resource, status, isWanted));
  return (
    found.find(({ verdict }) => verdict === 'skip') ??
    found.find(({ verdict }) => verdict === 'hold') ?? { verdict: 'take' }
  );
}

/** What a reference to a Medication is about: the contained one, one of the request, else the name that it shows. */
function readReference(resource: JsonObject, value: JsonObject, options: ReadingOptions): Concept | undefined {
  const reference = textOf(value.reference);
  const contained = objectsOf(resource.contained).find(({ id }) => reference === `#${textOf(id)}`);
  const medication = reference.startsWith('#') ? contained : options.findMedication(reference);
  return readConcept(medication?.code) ?? readConcept({ text: value.display });
}

function conceptOf(resource: JsonObject, { concepts }: ResourceRule, options: ReadingOptions): Concept | undefined {
  for (const element of concepts) {
    const value = objectOf(resource[element]);
    if (!value) continue;
    const found = element === 'medicationReference' ? readReference(resource, value, options) : readConcept(value);
    if (found) return found;
  }
  return undefined;
}

/** The vaccine's own code first: a product's NDC says less of it. */
const vaccineFirst = (codings: readonly RequestCoding[]): readonly RequestCoding[] => [
  ...codings.filter(({ system }) => system === 'cvx'),
  ...codings.filter(({ system }) => system !== 'cvx'),
];

function questionsOf(kind: ChartKind, resource: JsonObject, concept: Concept, notedAt: number | undefined): Question[] {
  const { codings, text } = concept;
  const toQuestion = (asked: readonly RequestCoding[]): Question => ({ kind, codings: asked, notedAt });
  if (kind === 'allergy') return allergyQuestions(resource, codings, text).map((one) => ({ kind, notedAt, ...one }));
  if (kind === 'medication') return [toQuestion(withDrugName(concept))];
  return [toQuestion(kind === 'immunization' ? vaccineFirst(codings) : codings)];
}

/** What the parts of a panel ask: each test once, and none that the whole asks about. */
function* questionsOfParts(
  resource: JsonObject,
  rule: ResourceRule,
  whole: readonly Question[],
  notedAt?: number,
): Steps<Question[]> {
  if (rule.parts === undefined) return [];
  const asked = new Map(whole.map((question) => [JSON.stringify(question.codings), question]));
  for (const part of objectsOf(resource[rule.parts])) {
    yield;
    const concept = readConcept(part.code);
    if (!concept || concept.codings.length === 0 || saysNothing(concept)) continue;
    const key = JSON.stringify(concept.codings);
    if (!asked.has(key)) asked.set(key, { kind: rule.kind, codings: concept.codings, notedAt });
  }
  return [...asked.values()].slice(whole.length);
}

/**
 * Reads one resource of a chart: whether it is a true fact about the patient, and what it asks about (charts.md). Nothing of
 * it but the coding it asks with and a known status is in the result.
 */
export function* readChartResource(resource: JsonObject, options: ReadingOptions): Steps<Reading> {
  const type = textOf(resource.resourceType);
  const rule = Object.hasOwn(CHART_RULES, type) ? CHART_RULES[type] : undefined;
  if (!rule) return { state: 'skip', coding: undefined, reason: 'type-not-read', status: '' };
  const { kind } = rule;
  const concept = conceptOf(resource, rule, options);
  const coding = concept?.codings.find(({ system }) => system) ?? concept?.codings[0];
  const judgement = judge(resource, rule, options);
  if (judgement.verdict !== 'take') {
    return { state: judgement.verdict, coding, reason: judgement.reason, status: judgement.status };
  }
  if (concept && saysNothing(concept)) return { state: 'skip', coding, reason: 'nothing-known', status: '' };
  const notedAt = noteTime(resource, rule.dates, 'start');
  const own = concept ? questionsOf(kind, resource, concept, notedAt).filter(({ codings }) => codings.length > 0) : [];
  const questions = [...own, ...(yield* questionsOfParts(resource, rule, own, notedAt))];
  if (questions.length > 0) return { state: 'take', coding, questions };
  const isUnresolved = !concept && objectOf(resource.medicationReference) !== undefined;
  return { state: 'skip', coding, reason: isUnresolved ? 'medication-not-there' : 'no-code', status: '' };
}
