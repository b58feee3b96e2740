import { listAgeGroups, ageGroupsOfMesh, ageInMonths } from '../../../core/answer/age-group.js';
import type { RecipientType, Sex } from '../../../core/model/article.js';
import { findChartSetting } from '../../../core/charts/chart-settings.js';
import { findEncounter, findSubTopic, findTask } from '../../../core/answer/rank.js';
import { readDataFile } from '../../../core/read-data-file.js';
import { isKnownUnder } from '../../../core/policy/site-policy.js';
import type { RequestContext } from '../../../core/answer/knowledge-request.js';
import { findForeignLanguage } from '../../../core/model/language-links.js';
import { DEFAULT_LANGUAGE, chooseLanguage, type Language } from '../../../core/model/language.js';
import type { OperationInput } from '../rest/interaction.js';
import type { SceneOptions } from './chart-scene.js';
import { findAgeGroupsOfBirth, countMonthsSinceBirth } from './chart-dates.js';
import { asObject, asObjects, asText, type JsonObject } from '../../json-object.js';
import { badValue } from '../rest/bad-request.js';
import { findOwn } from '../../../core/find-own.js';

const { synonyms: SYNONYMS, sexes: SEXES } = readDataFile('fhir/knowledge-request.yaml') as {
  /**
   * Further names of parameters: those of STU3's infobutton `$evaluate` (userType, recipientType, setting …) and of FHIR's
   * Patient. The definition lists them.
   */
  readonly synonyms: Readonly<Record<string, readonly string[]>>;
  /** Null: neither is known to be the one the page is written for. */
  readonly sexes: Readonly<Record<string, Sex | null>>;
};

const RECIPIENT_TYPES: readonly RecipientType[] = ['PAT', 'PROV', 'PAYOR'];

/** The codes of a parameter by one of its names, sent as code, Coding or CodeableConcept. */
function listCodes(input: OperationInput, name: string): string[] {
  return (input.get(name) ?? []).flatMap(({ valueCode, valueCoding, valueCodeableConcept }) => {
    if (valueCode !== undefined) return [valueCode];
    const coding = asObject(valueCoding) ?? asObjects(asObject(valueCodeableConcept)?.coding)[0];
    return asText(coding?.code) || [];
  });
}

const listNames = (name: string): string[] => [name, ...(findOwn(SYNONYMS, name) ?? [])];

/** The codes of a parameter, by the first of its names that has some. */
const readCodes = (input: OperationInput, name: string): string[] =>
  listNames(name)
    .map((one) => listCodes(input, one))
    .find((codes) => codes.length > 0) ?? [];

/** A code of a closed list, in any case. @throws RequestError `bad-parameter-value` for one that is not in it */
function readClosed<C extends string>(input: OperationInput, name: string, known: readonly C[]): C | undefined {
  const [code] = readCodes(input, name);
  if (code === undefined) return undefined;
  const found = known.find((one) => one === code.trim().toUpperCase());
  if (found === undefined) throw badValue(name, `one of ${known.join(', ')}`);
  return found;
}

const readRecipient = (input: OperationInput, name: string): RecipientType | undefined =>
  readClosed(input, name, RECIPIENT_TYPES);

/** Facts of an age. */
type KnownAge = Pick<RequestContext, 'ageGroups' | 'leastAgeMonths'>;

/** An age as a Quantity, or as a number with `ageUnit`; a number alone is never read as years. */
function readAge(input: OperationInput): KnownAge | undefined {
  const [sent] = input.get('age') ?? [];
  if (!sent) return undefined;
  const quantity = asObject(sent.valueQuantity) ?? asObject(sent.valueAge);
  const [unit] = input.get('ageUnit') ?? [];
  const value = quantity ? quantity.value : sent.valueDecimal;
  const units = quantity ? [asText(quantity.code), asText(quantity.unit)] : [unit?.valueCode ?? ''];
  for (const name of units) {
    const ageGroups = listAgeGroups(String(value), name);
    if (ageGroups.length > 0) return { ageGroups, leastAgeMonths: ageInMonths(String(value), name) };
  }
  throw badValue('age', 'a number with its unit: a, mo, wk, d, h, min');
}

function readAgeGroup(input: OperationInput): KnownAge | undefined {
  const [code] = readCodes(input, 'ageGroup');
  if (code === undefined) return undefined;
  const ageGroups = ageGroupsOfMesh(code);
  if (ageGroups.length > 0) return { ageGroups };
  throw badValue('ageGroup', "an age group's MeSH descriptor");
}

function findAgeOfBirth(birthDate: string, today: string): KnownAge | undefined {
  const ageGroups = findAgeGroupsOfBirth(birthDate, today);
  return ageGroups && { ageGroups, leastAgeMonths: countMonthsSinceBirth(birthDate, today)?.least };
}

function readBirthDate(input: OperationInput, today: string): KnownAge | undefined {
  const [sent] = input.get('birthDate') ?? [];
  if (sent?.valueDate === undefined) return undefined;
  const age = findAgeOfBirth(sent.valueDate, today);
  if (age) return age;
  throw badValue('birthDate', 'a date of birth that has been');
}

/** Facts of a chart's patient. */
export interface ChartPatient extends KnownAge {
  readonly sex?: Sex | undefined;
  readonly language?: Language | undefined;
  /** The patient's language, if it is none of ours. */
  readonly foreignLanguage?: string | undefined;
  readonly isDeceased?: boolean;
}

/** A reader's language: one of ours, or else another. */
type ReaderLanguage = Pick<ChartPatient, 'language' | 'foreignLanguage'>;

/** The first of several codes that is a language; with a foreign one first, the first of ours behind it is read too. */
function readLanguages(codes: readonly string[]): ReaderLanguage {
  const language = codes.flatMap((code) => chooseLanguage(code) ?? [])[0];
  const known = codes.find((code) => (chooseLanguage(code) ?? findForeignLanguage(code)) !== undefined);
  const foreignLanguage = known === undefined ? undefined : findForeignLanguage(known);
  return { language, ...(foreignLanguage === undefined ? {} : { foreignLanguage }) };
}

/** The language of a Patient: the preferred one, or the only one. */
function readSpokenLanguage({ communication }: JsonObject): ReaderLanguage {
  const languages = asObjects(communication);
  const chosen =
    languages.find(({ preferred }) => preferred === true) ?? (languages.length === 1 ? languages[0] : undefined);
  const codes = asObjects(asObject(chosen?.language)?.coding).map(({ code }) => asText(code));
  return readLanguages(codes);
}

const isDead = ({ deceasedBoolean, deceasedDateTime }: JsonObject): boolean =>
  deceasedBoolean === true || asText(deceasedDateTime) !== '';

/** Somebody younger does not read it alone: a parent does. */
const ADULT_YEARS = 18;

/** The language that a chart is read in: a child's reader is the parent, whose language counts where the chart tells it. */
function readReaderLanguage(patient: JsonObject, age: KnownAge, relatives: readonly JsonObject[]): ReaderLanguage {
  if (!isKnownUnder(ADULT_YEARS, age)) return readSpokenLanguage(patient);
  const languages = relatives.map(readSpokenLanguage);
  return (
    languages.find((one) => one.language !== undefined || one.foreignLanguage !== undefined) ??
    readSpokenLanguage(patient)
  );
}

/**
 * Reads the facts of a chart's patient; nothing but a death if it has several, for then it is unknown whose facts are
 * whose.
 * @param people the Patients and RelatedPersons of the chart
 */
export function readPatient(people: readonly JsonObject[], today: string): ChartPatient {
  const [patient, ...others] = people.filter(({ resourceType }) => resourceType === 'Patient');
  const relatives = people.filter(({ resourceType }) => resourceType === 'RelatedPerson');
  const isSame = (other: JsonObject): boolean =>
    other.gender === patient?.gender && other.birthDate === patient?.birthDate;
  if (!patient) return { ageGroups: [] };
  const death = [patient, ...others].some(isDead) ? { isDeceased: true } : {};
  if (!others.every(isSame)) return { ageGroups: [], ...death };
  const age = findAgeOfBirth(asText(patient.birthDate), today) ?? { ageGroups: [] };
  return {
    sex: findOwn(SEXES, asText(patient.gender).toUpperCase()) ?? undefined,
    ...age,
    ...readReaderLanguage(patient, age, relatives),
    ...death,
  };
}

const isReference = (text: string): boolean => text.includes('/') || text.startsWith('urn:uuid:');

/** Reads the setting: a class of encounter that the request sends (`encounter`, `setting`) beats that of the chart's Encounter. */
export function readSetting(input: OperationInput): Pick<SceneOptions, 'encounter' | 'findSetting'> {
  const names = listNames('encounter');
  const sent = names.flatMap((name) => input.get(name) ?? []);
  const references = sent.flatMap(({ valueReference, valueCode = '' }) => [
    asText(asObject(valueReference)?.reference),
    ...(isReference(valueCode) ? [valueCode] : []),
  ]);
  const codes = names.flatMap((name) => listCodes(input, name)).filter((code) => !isReference(code));
  const [task] = readCodes(input, 'taskContext');
  const who = { task: task?.trim().toUpperCase(), performer: readRecipient(input, 'performer') };
  return {
    encounter: references.find((reference) => reference !== ''),
    findSetting: (encounterClass) => findChartSetting(codes[0] ?? encounterClass, who),
  };
}

/** Lists the names by which a request means a department: the organization of the user, then the place of interest. */
export const readDepartmentNames = (input: OperationInput): string[] =>
  ['representedOrganization', 'locationOfInterest'].flatMap((name) =>
    (input.get(name) ?? []).flatMap(({ valueString }) => valueString ?? []),
  );

/**
 * The context of a request. The request's own facts about the patient, the reader and the language go before the
 * Patient of a chart. Tasks, settings, sub-topics and languages that we do not know have no effect, as in HL7
 * Infobutton; the other value sets are closed.
 * @param usual the language where neither the request nor the chart names one
 * @throws RequestError `bad-parameter-value`
 */
export function readContext(
  input: OperationInput,
  patient: ChartPatient,
  today: string,
  usual: Language = DEFAULT_LANGUAGE,
): RequestContext {
  const sex = readClosed(input, 'patientSex', Object.keys(SEXES));
  const ages = [readAge(input), readAgeGroup(input), readBirthDate(input, today)];
  const age = ages.find((known) => known !== undefined) ?? patient;
  const performer = readRecipient(input, 'performer');
  const recipient = readRecipient(input, 'informationRecipient') ?? 'PAT';
  const requested = readLanguages([
    ...readCodes(input, 'informationRecipientLanguage'),
    ...(performer === 'PAT' ? readCodes(input, 'performerLanguage') : []),
  ]);
  const charted: ReaderLanguage = recipient === 'PAT' ? patient : { language: undefined };
  const isRequested = requested.language !== undefined || requested.foreignLanguage !== undefined;
  const { foreignLanguage } = isRequested ? requested : charted;
  const first = <T>(name: string, understand: (code: string) => T | undefined): T | undefined =>
    readCodes(input, name).flatMap((code) => understand(code) ?? [])[0];
  return {
    sex: sex === undefined ? patient.sex : (findOwn(SEXES, sex) ?? undefined),
    ageGroups: age.ageGroups,
    leastAgeMonths: age.leastAgeMonths,
    recipient,
    performer,
    language: requested.language ?? charted.language ?? (foreignLanguage === undefined ? usual : DEFAULT_LANGUAGE),
    ...(foreignLanguage === undefined ? {} : { foreignLanguage }),
    task: first('taskContext', findTask),
    encounter: first('encounter', findEncounter),
    subTopics: readCodes(input, 'subTopic').flatMap((code) => findSubTopic(code) ?? []),
  };
}
