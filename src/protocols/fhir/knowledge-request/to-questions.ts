import type { ChartKind } from '../../../core/charts/chart-question.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { buildCodingsKey, findTitle, type RequestCoding } from '../../../core/answer/knowledge-request.js';
import { findNoteTime } from './chart-dates.js';
import { findCauseInWords, findCauseOfCategory, isListed, isNationalIcd10, listCodesOfCause } from './chart-rules.js';
import type { ChartScene } from './chart-scene.js';
import {
  addDrugName,
  createCoding,
  createNamed,
  isNothing,
  readConcept,
  toRequestCoding,
  type SentConcept,
} from './concept.js';
import { asFewObjects, asObject, asObjects, asText, type JsonObject } from '../../json-object.js';
import type { Fact, Question, Reading, Standing } from './reading.js';
import { hasModifier, isVitalSign } from './special-cases.js';

/** The vaccine's own code first: a product's NDC is less exact. */
const sortVaccineFirst = (codings: readonly RequestCoding[]): readonly RequestCoding[] => [
  ...codings.filter(({ system }) => system === 'cvx'),
  ...codings.filter(({ system }) => system !== 'cvx'),
];

/** An order is for a test if its code or its category is. */
function findOrderKind({ category }: JsonObject, { codings }: SentConcept): ChartKind {
  const isTest = codings.some(({ system }) => system && codeSystem(system).kind === 'test');
  const categories = asFewObjects(category).flatMap((one) => asFewObjects(one.coding).map(({ code }) => asText(code)));
  // SNOMED CT: laboratory procedure, imaging.
  return isTest || categories.some((code) => ['108252007', '363679005', 'laboratory', 'imaging'].includes(code))
    ? 'test'
    : 'procedure';
}

/** Latex goes before anything: its category is `environment` as often as `medication`. */
function listCauseCodes({ category }: JsonObject, { codings, text }: SentConcept): string[] {
  const names = [text, ...codings.map(({ display }) => display)].join(' ');
  const inWords = findCauseInWords(names);
  if (inWords === 'latex' || codings.some(({ code }) => isListed('latex', code))) return listCodesOfCause('latex');
  const isDrug = codings.some(({ system }) => system && codeSystem(system).kind === 'drug');
  // Some senders write `medication` for whatever their list of drugs and additives has: milk, shellfish.
  if (inWords === 'food' && !isDrug) return listCodesOfCause('food');
  const [byCategory] = [category].flat().flatMap((name) => findCauseOfCategory(asText(name)) ?? []);
  if (byCategory) return listCodesOfCause(byCategory);
  return listCodesOfCause(isDrug ? 'drug' : (inWords ?? 'other'));
}

/**
 * The questions of an allergy: its own code if that names a finding (a substance's or a drug's code is about the
 * substance), then the codes of its kind of cause.
 */
function listAllergyQuestions(resource: JsonObject, concept: SentConcept): Pick<Question, 'codings' | 'isSubject'>[] {
  const findings = concept.codings.filter(({ system }) => system && codeSystem(system).kind === 'diagnosis');
  const ofCause = listCauseCodes(resource, concept).map((code) => ({
    codings: [createCoding('icd-10-cm', code)],
    isSubject: true,
  }));
  return findings.length > 0 ? [{ codings: findings, isSubject: false }, ...ofCause] : ofCause;
}

/** Further codings of a fact: WHO's ICD-10 for a code of a national edition of it, then the names that the fact was sent with. */
function listFallbacks(
  kind: ChartKind,
  codings: readonly RequestCoding[],
  { names = [], route }: SentConcept,
): Pick<Question, 'fallbacks'> {
  const isDrug = kind === 'medication';
  const [first] = codings;
  const editions =
    kind === 'problem' ? codings.filter((one) => !one.system && isNationalIcd10(one.systemSent, one.code)) : [];
  const categories = editions.map(({ code, display }) => createCoding('icd-10', code, display));
  // A drug without a drug's code is looked up by its first name.
  const hasDrugCode = codings.some(({ system }) => system && codeSystem(system).kind === 'drug');
  const sent = new Set(isDrug ? names.slice(0, hasDrugCode ? 0 : 1) : codings.map(findTitle));
  const others = names.flatMap((name) => {
    if (sent.has(name)) return [];
    return isDrug || !first ? [createNamed(name, route)] : [{ ...first, display: name, originalText: '' }];
  });
  const fallbacks = [...categories, ...(isDrug || first ? others : [])];
  return fallbacks.length > 0 ? { fallbacks } : {};
}

/** Words of the longest title: a text of more is a sentence, which may be about other people. */
const MOST_TITLE_WORDS = 8;

/** The codings of a problem; one that is named in words alone is looked up by its title. */
const addTitle = ({ codings, text }: SentConcept): readonly RequestCoding[] =>
  codings.length > 0 || text === '' || text.split(/\s/, MOST_TITLE_WORDS + 1).length > MOST_TITLE_WORDS
    ? codings
    : [toRequestCoding({ display: text })];

/** Returns the questions of a resource's own concept. */
export function toQuestions({ resource, rule }: Fact, concept: SentConcept, standing: Standing): Question[] {
  const { kind, isToCome = false } = rule;
  const { names = [] } = concept;
  const codings = kind === 'problem' ? addTitle(concept) : concept.codings;
  const fallbacks = listFallbacks(kind, codings, concept);
  const questions = {
    allergy: () => listAllergyQuestions(resource, concept).map((one) => ({ kind, ...standing, ...one })),
    medication: () => [{ kind, ...standing, codings: addDrugName(concept, names[0]), ...fallbacks }],
    immunization: () => [{ kind, ...standing, codings: sortVaccineFirst(codings), ...fallbacks }],
    procedure: () => [{ kind: isToCome ? findOrderKind(resource, concept) : kind, ...standing, codings, ...fallbacks }],
    problem: () => [{ kind, ...standing, codings, ...fallbacks }],
    test: () => [{ kind, ...standing, codings, ...fallbacks }],
  }[kind]();
  return questions.filter((question) => question.codings.length > 0);
}

/** Lists the questions of a panel's parts: each test once, and none that the whole asks about, has no result or is a vital sign. */
export function listPartQuestions(
  { resource, rule }: Fact,
  whole: readonly Question[],
  standing: Standing,
): Question[] {
  if (rule.parts === undefined) return [];
  const byCodings = new Map(whole.map((question) => [buildCodingsKey(question.codings), question]));
  for (const part of asObjects(resource[rule.parts])) {
    const concept = readConcept(part.code);
    if (!concept || concept.codings.length === 0 || isNothing(concept)) continue;
    if (asObject(part.dataAbsentReason) || isVitalSign(concept)) continue;
    const key = buildCodingsKey(concept.codings);
    if (!byCodings.has(key)) byCodings.set(key, { kind: rule.kind, codings: concept.codings, ...standing });
  }
  return [...byCodings.values()].slice(whole.length);
}

/** Forecast statuses of a vaccine that a patient should have now (R4 value set immunization-recommendation-status). */
const DUE: ReadonlySet<string> = new Set(['due', 'overdue']);

/** Reads the questions of an ImmunizationRecommendation: each vaccine that is due. */
export function readDueVaccines(resource: JsonObject, scene: ChartScene): Reading {
  const notedAt = findNoteTime(resource, ['date'], 'start');
  const standing = { notedAt, isToCome: true, isAsked: scene.isAsked };
  const questions: Question[] = [];
  let isDue = false;
  for (const { forecastStatus, vaccineCode } of asObjects(resource.recommendation)) {
    if (!asObjects(asObject(forecastStatus)?.coding).some(({ code }) => DUE.has(asText(code)))) continue;
    isDue = true;
    const codings = asFewObjects(vaccineCode).flatMap((one) => readConcept(one)?.codings ?? []);
    if (codings.length > 0) questions.push({ kind: 'immunization', codings: sortVaccineFirst(codings), ...standing });
  }
  const coding = questions[0]?.codings[0];
  if (hasModifier(resource)) {
    const doubtful = questions.map((one) => ({ ...one, doubt: 'modifier-extension' as const }));
    return { state: 'hold', coding, reason: 'modifier-extension', status: '', questions: doubtful };
  }
  if (questions.length > 0) return { state: 'take', coding, questions };
  const reason = isDue ? 'no-code' : 'not-due';
  return { state: 'skip', coding, reason, status: '', questions: [] };
}
