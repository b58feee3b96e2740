import { listAgeGroups, ageGroupsOfMesh, ageInMonths, type AgeGroup } from '../../core/answer/age-group.js';
import type { RecipientType, Sex } from '../../core/model/article.js';
import { CODE_SYSTEMS, findCodeSystem } from '../../core/codes/code-systems.js';
import { findEncounter, findSubTopic, findTask } from '../../core/answer/rank.js';
import { RequestError } from '../../core/errors.js';
import {
  findTitle,
  type KnowledgeRequest,
  type RequestCoding,
  type RequestContext,
} from '../../core/answer/knowledge-request.js';
import { DEFAULT_LANGUAGE, chooseLanguage, type Language } from '../../core/model/language.js';
import { findForeignLanguage } from '../../core/model/language-links.js';
import { findDepartment, type Department } from '../../core/model/department.js';
import { DEPARTMENT_NAMES, type ParameterName, type SentParameters } from './parameters.js';
import { findOwn } from '../../core/find-own.js';

/** A parameter that shaped the answer, as the request sent it. */
export interface UsedParameter {
  readonly name: ParameterName;
  readonly value: string;
}

/** An infobutton request: the knowledge request, and what its answer reports of it. */
export interface ParsedRequest {
  readonly request: KnowledgeRequest;
  /** Context parameters that were used (criteria aside); those ignored are not in it. */
  readonly used: readonly UsedParameter[];
  /** Parameters that do not identify the reader, who was then assumed to be a patient. */
  readonly unclear: readonly ParameterName[];
  readonly explain: boolean;
}

/** Settings that a request is read with. */
export interface ParseOptions {
  readonly maxCriteria: number;
  readonly maxArticles: number;
  /** Departments with settings of their own; undefined: none. */
  readonly departments?: readonly Department[];
}

/** Parameters that ask for something; a code system alone does not. */
const ASKING_NAMES = [
  'mainSearchCriteria.v.c',
  'mainSearchCriteria.v.dn',
  'mainSearchCriteria.v.ot',
] as const satisfies readonly ParameterName[];

const RECIPIENT_TYPES: readonly RecipientType[] = ['PAT', 'PROV', 'PAYOR'];
const SEXES: Readonly<Record<string, Sex>> = { M: 'male', F: 'female' };

const READER_NAMES = ['informationRecipient', 'performer'] as const satisfies readonly ParameterName[];
type ReaderName = (typeof READER_NAMES)[number];

/** Who reads, or who works the screen: undefined where nothing was sent, `unclear` for another code or for several. */
function readReader(sent: SentParameters, name: ReaderName): RecipientType | 'unclear' | undefined {
  const [code, ...others] = new Set(sent.all(name).map((value) => value.trim().toUpperCase()));
  if (code === undefined) return undefined;
  return (others.length === 0 && RECIPIENT_TYPES.find((type) => type === code)) || 'unclear';
}

/**
 * Who the readers are. One that is not understood is read as the strictest, a patient at the screen: what a portal must not
 * show is held back then too.
 */
function readReaders(sent: SentParameters): {
  readonly recipient: RecipientType | undefined;
  readonly performer: RecipientType | undefined;
  readonly unclear: readonly ReaderName[];
} {
  const readers = READER_NAMES.map((name) => readReader(sent, name));
  const [recipient, performer] = readers;
  const unclear = READER_NAMES.filter((_name, index) => readers[index] === 'unclear');
  const strictest = unclear.length > 0 ? 'PAT' : undefined;
  return {
    recipient: recipient === 'unclear' ? 'PAT' : recipient,
    performer: performer === 'unclear' ? 'PAT' : (performer ?? strictest),
    unclear,
  };
}

interface SentAge {
  readonly groups: readonly AgeGroup[];
  readonly months?: number | undefined;
  readonly names: readonly ParameterName[];
}

function readAge(sent: SentParameters): SentAge {
  const [value, unit] = [sent.first('age.v.v'), sent.first('age.v.u')];
  const ofAge = value === '' ? [] : listAgeGroups(value, unit);
  if (ofAge.length > 0) return { groups: ofAge, months: ageInMonths(value, unit), names: ['age.v.v', 'age.v.u'] };
  const mesh = sent.first('ageGroup.v.c');
  const groups = mesh === '' ? [] : ageGroupsOfMesh(mesh);
  return { groups, names: groups.length > 0 ? ['ageGroup.v.c'] : [] };
}

/** The language of an answer, and the parameters that decide it. */
interface SentLanguage {
  readonly language: Language;
  readonly names: readonly ParameterName[];
  /** The language that is requested before any that we have; the value is its tag alone. */
  readonly foreign?: UsedParameter | undefined;
}

/**
 * The language of an answer to the request, known even where the rest of it is wrong: the recipient's; else the performer's, but only if
 * the patient works the screen; in a request without a reader's language that of its department.
 * @param departments those with settings of their own
 */
export function readLanguage(sent: SentParameters, departments: readonly Department[] = []): SentLanguage {
  const names: ParameterName[] = ['informationRecipient.languageCode.c'];
  if (readReader(sent, 'performer') === 'PAT') names.push('performer.languageCode.c');
  let foreign: UsedParameter | undefined;
  const sentNames = names.filter((name) => sent.first(name) !== '');
  for (const name of sentNames) {
    const language = chooseLanguage(sent.first(name));
    if (language) return { language, names: [name], foreign };
    const tag = findForeignLanguage(sent.first(name));
    if (tag !== undefined) foreign ??= { name, value: tag };
  }
  for (const name of sentNames.length > 0 || departments.length === 0 ? [] : DEPARTMENT_NAMES) {
    const department = findDepartment(departments, [sent.first(name)]);
    if (department?.language) return { language: department.language, names: [name] };
    if (department) break;
  }
  return { language: DEFAULT_LANGUAGE, names: [], foreign };
}

/** Whom a request is for, and the parameters that say so. */
export interface SentContext {
  readonly context: RequestContext;
  readonly used: readonly UsedParameter[];
  /** Parameters that do not say who the reader is: another code than the table's, or several. */
  readonly unclear: readonly ParameterName[];
}

/**
 * Reads whom a request is for, known even where the rest of it is wrong.
 * @param departments those with settings of their own: a request without a reader's language is answered in that of its department
 */
export function readRequestContext(sent: SentParameters, departments: readonly Department[] = []): SentContext {
  const names: ParameterName[] = [];
  const read = <T>(name: ParameterName, understand: (value: string) => T | undefined): T | undefined => {
    const value = sent.first(name);
    const understood = value === '' ? undefined : understand(value);
    if (understood !== undefined) names.push(name);
    return understood;
  };
  const { recipient, performer, unclear } = readReaders(sent);
  names.push(...READER_NAMES.filter((name) => sent.first(name) !== '' && !unclear.includes(name)));
  const task = read('taskContext.c.c', findTask);
  const encounter = read('encounter.c.c', findEncounter);
  const sex = read('patientPerson.administrativeGenderCode.c', (value) => findOwn(SEXES, value.trim().toUpperCase()));
  const age = readAge(sent);
  names.push(...age.names);
  const { language, foreign, names: ofLanguage } = readLanguage(sent, departments);
  names.push(...ofLanguage);
  const used: UsedParameter[] = names.map((name) => ({ name, value: sent.first(name).trim() }));
  if (foreign) used.push(foreign);
  const subTopics: string[] = [];
  for (const number of sent.numbers(['subTopic.v.c'])) {
    const value = sent.at('subTopic.v.c', number);
    const code = findSubTopic(value);
    if (code === undefined) continue;
    subTopics.push(code);
    used.push({ name: 'subTopic.v.c', value: value.trim() });
  }
  const context = {
    sex,
    ageGroups: age.groups,
    leastAgeMonths: age.months,
    recipient: recipient ?? 'PAT',
    performer,
    language,
    ...(foreign ? { foreignLanguage: foreign.value } : {}),
    task,
    encounter,
    subTopics,
  } as const;
  return { context, used, unclear };
}

function readCoding(sent: SentParameters, number: number, onlySystem: string): RequestCoding {
  const at = (name: ParameterName): string => sent.at(name, number);
  const systemSent = at('mainSearchCriteria.v.cs') || at('mainSearchCriteria.v.csn') || onlySystem;
  return {
    system: findCodeSystem(systemSent)?.id,
    systemSent,
    code: at('mainSearchCriteria.v.c'),
    display: at('mainSearchCriteria.v.dn'),
    originalText: at('mainSearchCriteria.v.ot'),
    userSelected: false,
  };
}

/**
 * The codings of the request, in their order, each its own main search criterion. A code system that is sent once for
 * several codes is the system of them all.
 */
export function readCodings(sent: SentParameters): RequestCoding[] {
  const systems = sent.numbers(['mainSearchCriteria.v.cs', 'mainSearchCriteria.v.csn']);
  const asking = sent.numbers(ASKING_NAMES);
  const [only = 0] = systems;
  const onlySystem = systems.length === 1 ? readCoding(sent, only, '').systemSent : '';
  const numbers = asking.length > 0 ? asking : systems;
  return numbers.map((number) => readCoding(sent, number, onlySystem));
}

/**
 * Reads an infobutton request (HL7 URL-based guide, Release 4).
 * @throws RequestError without a criterion, without a known code system, and for too many criteria
 */
export function parseRequest(sent: SentParameters, options: ParseOptions): ParsedRequest {
  const codings = readCodings(sent);
  if (codings.length === 0) throw new RequestError('missing-search-criteria');
  // One coding that can be answered is enough: its system is known, or a title came with it, by which codes of any system are matched.
  const isReadable = codings.some(
    (coding) => coding.system !== undefined || (coding.systemSent !== '' && findTitle(coding) !== ''),
  );
  if (!isReadable) {
    if (codings.every(({ systemSent }) => systemSent === '')) throw new RequestError('missing-code-system');
    const known = CODE_SYSTEMS.flatMap(({ label, oids: [oid] }) => (oid === undefined ? [] : [`${label} ${oid}`]));
    throw new RequestError('unknown-code-system', { parameter: 'mainSearchCriteria.v.cs', known: known.join(', ') });
  }
  if (codings.length > options.maxCriteria) throw new RequestError('too-many-criteria', { most: options.maxCriteria });
  const { context, used, unclear } = readRequestContext(sent, options.departments);
  const criteria = codings.map((coding) => ({ codings: [coding] }));
  const explain = /^(true|1|yes)$/i.test(sent.first('explain').trim());
  return {
    request: { criteria, context, maxArticles: options.maxArticles, describeCodes: explain },
    used,
    unclear,
    explain,
  };
}
