import { capText } from '../../core/client-text.js';
import type { CacheableParameters, Parameters } from '../route.js';

/** Parameters that may name a department: the organization whose user asks, the place of the service, the place of interest. */
export const DEPARTMENT_NAMES = [
  'representedOrganization.id.root',
  'assignedEntity.representedOrganization.n',
  'serviceDeliveryLocation.id.root',
  'locationOfInterest.addr.ZIP',
  'locationOfInterest.addr.CTY',
] as const;

/**
 * The parameters of HL7's URL-based implementation guide (Release 4) that we read, as the guide spells them.
 * Names are matched in any case; those that repeat carry a number (0 or 1 first, or none) at their end.
 */
export const PARAMETER_NAMES = [
  'mainSearchCriteria.v.c',
  'mainSearchCriteria.v.cs',
  'mainSearchCriteria.v.csn',
  'mainSearchCriteria.v.dn',
  'mainSearchCriteria.v.ot',
  'subTopic.v.c',
  'taskContext.c.c',
  'patientPerson.administrativeGenderCode.c',
  'age.v.v',
  'age.v.u',
  'ageGroup.v.c',
  'informationRecipient',
  'informationRecipient.languageCode.c',
  'performer',
  'performer.languageCode.c',
  'encounter.c.c',
  ...DEPARTMENT_NAMES,
  'knowledgeResponseType',
  'callback',
  'explain',
] as const;

/** Parameters of the guide that change no answer of ours and say nothing of anyone. */
const HARMLESS_NAMES = [
  'subTopic.v.cs',
  'subTopic.v.dn',
  'taskContext.c.cs',
  'taskContext.c.dn',
  'patientPerson.administrativeGenderCode.cs',
  'patientPerson.administrativeGenderCode.dn',
  'ageGroup.v.cs',
  'ageGroup.v.dn',
  'informationRecipient.languageCode.cs',
  'informationRecipient.languageCode.dn',
  'informationRecipient.healthCareProvider.c.c',
  'performer.healthCareProvider.c.c',
  'encounter.c.cs',
  'encounter.c.dn',
] as const;

export type ParameterName = (typeof PARAMETER_NAMES)[number];

/** Spellings that the standard deprecated or that its own examples contain; where both come, the proper one wins. */
const SYNONYMS: Readonly<Record<string, ParameterName>> = {
  'mainsearchcriteria.c.c': 'mainSearchCriteria.v.c',
  'mainsearchcriteria.c.cs': 'mainSearchCriteria.v.cs',
  'mainsearchcriteria.c.csn': 'mainSearchCriteria.v.csn',
  'mainsearchcriteria.c.dn': 'mainSearchCriteria.v.dn',
  'mainsearchcriteria.c.ot': 'mainSearchCriteria.v.ot',
  'subtopic.c.c': 'subTopic.v.c',
  'task.c.c': 'taskContext.c.c',
  'taskcontext.c': 'taskContext.c.c',
  'administrativegendercode.c': 'patientPerson.administrativeGenderCode.c',
  'encounter.c': 'encounter.c.c',
  'performer.v.c': 'performer',
  'performer.c.c': 'performer',
  'performer.c': 'performer',
  'informationrecipient.v.c': 'informationRecipient',
  'informationrecipient.c.c': 'informationRecipient',
  'informationrecipient.c': 'informationRecipient',
  'locationofinterest.addr.postalcode': 'locationOfInterest.addr.ZIP',
  'locationofinterest.addr.city': 'locationOfInterest.addr.CTY',
};

/** The organization of a performer or a holder, whose path senders write in full or in part. */
const ORGANIZATION =
  /^(?:performer\.|holder\.)?(?:assignedentity\.|assignedauthorizedperson\.)?representedorganization\.(id\.root|n)$/;

function findOrganization(lower: string): ParameterName | undefined {
  const [, element] = ORGANIZATION.exec(lower) ?? [];
  if (element === undefined) return undefined;
  return element === 'n' ? 'assignedEntity.representedOrganization.n' : 'representedOrganization.id.root';
}

const byLowerCase = new Map<string, ParameterName>(PARAMETER_NAMES.map((name) => [name.toLowerCase(), name]));

/** Only these repeat; a number at the end of any other name is part of an unknown name. */
const REPEATING = /^(mainsearchcriteria|subtopic)\.[vc]\.(c|cs|csn|dn|ot)(\d{1,3})$/;

/** Values by name and number; a name without a number stands first. Empty values are as good as absent. */
export interface SentParameters {
  /** The first value of a parameter; empty where it was not sent. */
  first: (name: ParameterName) => string;
  /** The numbers under which any of these names were sent, rising; an unnumbered one counts as -1. */
  numbers: (names: readonly ParameterName[]) => number[];
  /** The value under a number; empty where it was not sent. */
  at: (name: ParameterName, number: number) => string;
  /** Every value of a parameter, in each of its spellings, in the order sent. */
  all: (name: ParameterName) => readonly string[];
}

const UNNUMBERED = -1;

interface Found {
  readonly name: ParameterName;
  readonly number: number;
  readonly proper: boolean;
  readonly isImpersonal: boolean;
}

/** The few spellings that clients really send, with what each was found to be. */
const spellings = new Map<string, Found | undefined>();
const MAX_SPELLINGS = 500;

function find(sent: string): Found | undefined {
  const known = spellings.get(sent);
  if (known || spellings.has(sent)) return known;
  const found = readName(sent);
  if (spellings.size < MAX_SPELLINGS && sent.length < 100) spellings.set(sent, found);
  return found;
}

function readName(sent: string): Found | undefined {
  const lower = sent.trim().toLowerCase();
  const repeat = REPEATING.exec(lower);
  const base = repeat?.[3] === undefined ? lower : lower.slice(0, -repeat[3].length);
  const proper = byLowerCase.get(base);
  const name = proper ?? (Object.hasOwn(SYNONYMS, base) ? SYNONYMS[base] : findOrganization(base));
  if (!name) return undefined;
  const number = repeat?.[3] === undefined ? UNNUMBERED : Number(repeat[3]);
  return { name, number, proper: proper !== undefined, isImpersonal: isImpersonal(name) };
}

/** Reads the parameters of a request. The first value of a name wins, a deprecated spelling only where it stands alone. */
export function readParameters(parameters: Parameters): SentParameters {
  const values = new Map<ParameterName, Map<number, { value: string; proper: boolean }>>();
  const everyValue = new Map<ParameterName, string[]>();
  for (const [sent, whole] of parameters) {
    const value = capText(whole);
    const found = value.trim() === '' ? undefined : find(sent);
    if (!found) continue;
    const { name, number, proper } = found;
    const every = everyValue.get(name) ?? [];
    every.push(value);
    everyValue.set(name, every);
    const ofName = values.get(name) ?? new Map<number, { value: string; proper: boolean }>();
    values.set(name, ofName);
    const earlier = ofName.get(number);
    if (!earlier || (proper && !earlier.proper)) ofName.set(number, { value, proper });
  }
  const at = (name: ParameterName, number: number): string => values.get(name)?.get(number)?.value ?? '';
  const numbers = (names: readonly ParameterName[]): number[] =>
    [...new Set(names.flatMap((name) => [...(values.get(name)?.keys() ?? [])]))].sort((a, b) => a - b);
  const first = (name: ParameterName): string => {
    const ofName = values.get(name);
    return ofName ? at(name, Math.min(...ofName.keys())) : '';
  };
  return { at, numbers, first, all: (name) => everyValue.get(name) ?? [] };
}

/** Whether a parameter's values are few and of no patient: an address of interest may be a patient's own, and organizations are any number. */
const isCacheable = (name: string): boolean =>
  !/\.ot$/i.test(name) && !DEPARTMENT_NAMES.some((one) => one.toLowerCase() === name.toLowerCase());

/** Free text (`ot`) is left out: it may name anything. A number with a zero before it would be another spelling. */
export const CACHEABLE_PARAMETERS: CacheableParameters = {
  names: new Set([...PARAMETER_NAMES, ...HARMLESS_NAMES].filter(isCacheable).map((name) => name.toLowerCase())),
  anyCase: true,
  numbered: /^(?:mainsearchcriteria|subtopic)\.v\.(?:c|cs|csn|dn)(?:0|[1-9]\d{0,2})$/,
};

/** Parameters of the subject and of the kind of reader: with these alone, an address identifies no patient. */
const IMPERSONAL: ReadonlySet<string> = new Set(
  [...PARAMETER_NAMES, ...HARMLESS_NAMES, 'lang', 'department']
    .map((name) => name.toLowerCase())
    .filter((name) => !/^(?:age|agegroup|patientperson)\./.test(name) && isCacheable(name)),
);

const isImpersonal = (name: string): boolean => IMPERSONAL.has(name.toLowerCase());

/**
 * Tells whether an address holds an age, a sex or typed words: a parameter that may be one, an unknown one included, or a title
 * without a code, which is searched for by its words.
 */
export function isPersonal(parameters: Parameters): boolean {
  let [hasCode, hasTitle] = [false, false];
  for (const [sent, value] of parameters) {
    if (value.trim() === '') continue;
    const found = find(sent);
    if (!(found ? found.isImpersonal : isImpersonal(sent.trim()))) return true;
    hasCode ||= found?.name === 'mainSearchCriteria.v.c';
    hasTitle ||= found?.name === 'mainSearchCriteria.v.dn';
  }
  return hasTitle && !hasCode;
}

/** Lists the names by which a request may mean a department: the organization, then the place of the service, then the place of interest. */
const readDepartmentNames = (sent: SentParameters): string[] =>
  DEPARTMENT_NAMES.map((name) => sent.first(name)).filter((value) => value !== '');

/** Lists the same of a request's parameters. */
export const listDepartmentNames = (parameters: Parameters): string[] =>
  readDepartmentNames(readParameters(parameters));
