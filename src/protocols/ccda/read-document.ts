import { dropBetween } from '../../core/drop-between.js';
import { RequestError } from '../../core/errors.js';
import { readDataFile } from '../../core/read-data-file.js';
import { LIMITS } from '../../limits.js';
import type { JsonObject } from '../json-object.js';
import { rejectXml } from '../input/parse-xml.js';
import type { EntryContext } from './entries.js';
import {
  isBeside,
  readAllergy,
  readEncounter,
  readObservation,
  readPanel,
  readRecordTarget,
  readProblem,
  readProcedure,
  readStatus,
} from './entries.js';
import { readImmunization, readMedication } from './medications.js';
import { readAttribute, findChildren, findFirst, readTree, wholeText, type Node } from './read-tree.js';
import { isOfTemplate, readNarrative, findRelated } from './values.js';
import { findOwn } from '../../core/find-own.js';

const TEMPLATE = '2.16.840.1.113883.10.20.22.4.';
/** A patient's smoking; no article is about the rest of a social history. */
const SMOKING = [`${TEMPLATE}78`, `${TEMPLATE}85`];
/** An encounter of a document's own header, before those of its sections. */
const HEADER_ENCOUNTER = 'encounter-0';

interface DocumentReading {
  readonly resources: JsonObject[];
  readonly today: string;
  /** Ids of the header's encounter, by which a section's may be known as the same. */
  readonly headerIds: ReadonlySet<string>;
  readonly hasHeaderEncounter: boolean;
  encounters: number;
}

const listIds = (node: Node | undefined): string[] =>
  findChildren(node, 'id').flatMap((id) => {
    const [root, extension] = [readAttribute(id, 'root'), readAttribute(id, 'extension')];
    return root === '' ? [] : [`${root}|${extension}`];
  });

/** Statements of one entry. */
const MOST_STATEMENTS = 500;

/** @throws RequestError `too-many-resources` */
function withinLimit<T>(statements: readonly T[]): readonly T[] {
  if (statements.length > MOST_STATEMENTS) throw new RequestError('too-many-resources', { most: MOST_STATEMENTS });
  return statements;
}

/** The statements of an entry: by itself, or within an act around it (a concern, a discharge medication). */
function listStatements(entry: Node, name: string): readonly { node: Node; actStatus: string }[] {
  const own = findChildren(entry, name).map((node) => ({ node, actStatus: '' }));
  const within = findChildren(entry, 'act').flatMap((act) =>
    findRelated(act, name).map((node) => ({ node, actStatus: readStatus(act) })),
  );
  // A statement with a null flavor has no content.
  return withinLimit(
    [...own, ...within].filter(({ node }) => !isBeside(node) && readAttribute(node, 'nullFlavor') === ''),
  );
}

const hasCoding = (concept: unknown): boolean => typeof concept === 'object' && concept !== null && 'coding' in concept;

/** Results and vital signs: each observation, and the panel around them where it has a code. */
function readOrganizers(entry: Node, context: EntryContext, category: string): JsonObject[] {
  const organizers = findChildren(entry, 'organizer');
  const parts = organizers.flatMap((organizer) => findChildren(organizer, 'component'));
  const observations = [entry, ...parts].flatMap((around) => findChildren(around, 'observation'));
  const panels = category === 'laboratory' ? organizers.map((organizer) => readPanel(organizer, context)) : [];
  return [
    ...panels.filter(({ code }) => hasCoding(code)),
    ...withinLimit(observations).map((observation) => readObservation(observation, context, category)),
  ];
}

/** An encounter of a section, with its diagnoses; the header's own is listed once. */
function readEncounterEntry(entry: Node, context: EntryContext, reading: DocumentReading): JsonObject[] {
  return findChildren(entry, 'encounter').flatMap((encounter) => {
    const isHeader = reading.hasHeaderEncounter && listIds(encounter).some((id) => reading.headerIds.has(id));
    const id = isHeader ? HEADER_ENCOUNTER : `encounter-${(reading.encounters += 1)}`;
    const own = { ...context, encounter: `Encounter/${id}` };
    // The act around a diagnosis is done with the encounter, not with the problem.
    const acts = findRelated(encounter, 'act');
    const diagnoses = [encounter, ...acts]
      .flatMap((around) => findRelated(around, 'observation'))
      .filter((node) => findFirst(node, 'value') !== undefined && !isBeside(node));
    const problems = withinLimit(diagnoses).map((node) => readProblem(node, { ...own, actStatus: '' }));
    return isHeader ? problems : [readEncounter(encounter, id), ...problems];
  });
}

/** Reads a planned entry: a test, procedure, drug or vaccine. */
function readPlan(entry: Node, context: EntryContext): JsonObject[] {
  const planned = ['observation', 'procedure', 'act'].flatMap((name) => findChildren(entry, name));
  const substances = findChildren(entry, 'substanceAdministration').map((node) =>
    isOfTemplate(node, `${TEMPLATE}120`) ? readImmunization(node, context) : readMedication(node, context),
  );
  // An instruction or a goal is no order.
  const orders = planned.filter((node) => !['', 'EVN', 'GOL'].includes(readAttribute(node, 'moodCode')));
  return [...withinLimit(orders).map((node) => readProcedure(node, context)), ...substances];
}

type EntryReader = (entry: Node, context: EntryContext, reading: DocumentReading) => JsonObject[];

const readEach =
  (name: string, read: (node: Node, context: EntryContext) => JsonObject): EntryReader =>
  (entry, context) =>
    listStatements(entry, name).map(({ node, actStatus }) => read(node, { ...context, actStatus }));

/** How the entries of a section are read, by what it holds. */
const READERS = {
  problems: readEach('observation', readProblem),
  'past-problems': readEach('observation', readProblem),
  // The act has the date of the diagnosis, not the state of the problem.
  diagnoses: readEach('observation', (node, context) => readProblem(node, { ...context, actStatus: '' })),
  encounters: readEncounterEntry,
  medications: readEach('substanceAdministration', readMedication),
  'discharge-medications': readEach('substanceAdministration', readMedication),
  results: (entry, context) => readOrganizers(entry, context, 'laboratory'),
  'vital-signs': (entry, context) => readOrganizers(entry, context, 'vital-signs'),
  'social-history': (entry, context) =>
    findChildren(entry, 'observation')
      .filter((node) => SMOKING.some((template) => isOfTemplate(node, template)))
      .map((node) => readObservation(node, context, 'social-history')),
  immunizations: readEach('substanceAdministration', readImmunization),
  allergies: readEach('observation', readAllergy),
  procedures: (entry, context) =>
    ['procedure', 'observation', 'act'].flatMap((name) =>
      findChildren(entry, name).map((node) => readProcedure(node, context)),
    ),
  plan: readPlan,
} satisfies Readonly<Record<string, EntryReader>>;

/** Content of a section; by its LOINC code, as C-CDA R2.1 has it. */
type SectionKind = keyof typeof READERS;

interface SectionRow {
  readonly codes: readonly string[];
  readonly template?: string;
  /** Represents a section that has words and no entries: a fact without a code, so that it is reported. */
  readonly inWords?: JsonObject;
}

const { read, unread: UNREAD } = readDataFile('charts/ccda-sections.yaml') as {
  readonly read: Readonly<Record<SectionKind, SectionRow>>;
  /** Names of sections that are not read, each reported once as a type that asks nothing. */
  readonly unread: Readonly<Record<string, string | undefined>>;
};
const ROWS = Object.entries(read) as [SectionKind, SectionRow][];

const SECTION_TEMPLATE = '2.16.840.1.113883.10.20.22.2.';

/** Finds the content of a section: by its code, else by its template. */
function findKind(section: Node, code: string): SectionKind | undefined {
  if (code !== '') return ROWS.find(([, { codes }]) => codes.includes(code))?.[0];
  const roots = findChildren(section, 'templateId').map((one) => readAttribute(one, 'root'));
  const number = roots
    .find((root) => root.startsWith(SECTION_TEMPLATE))
    ?.slice(SECTION_TEMPLATE.length)
    .split('.', 1)[0];
  return ROWS.find(([, { template }]) => template !== undefined && template === number)?.[0];
}

/** Sections of the document, those within sections too. */
function* listSections(container: Node | undefined): Generator<Node> {
  for (const component of findChildren(container, 'component')) {
    for (const section of findChildren(component, 'section')) {
      yield section;
      yield* listSections(section);
    }
  }
}

function readSection(section: Node, reading: DocumentReading): void {
  const code = readAttribute(findFirst(section, 'code'), 'code');
  const kind = findKind(section, code);
  // A section without information has words for readers alone.
  if (readAttribute(section, 'nullFlavor') !== '') return;
  const hasEntries = findFirst(section, 'entry') !== undefined;
  if (!kind) {
    if (hasEntries) reading.resources.push({ resourceType: findOwn(UNREAD, code) ?? 'OtherSection' });
    return;
  }
  if (!hasEntries) {
    const { inWords } = read[kind];
    const text = findFirst(section, 'text');
    if (inWords && text && wholeText(text) !== '') reading.resources.push(inWords);
    return;
  }
  const context: EntryContext = {
    narrative: readNarrative(findFirst(section, 'text')),
    encounter: kind === 'diagnoses' && reading.hasHeaderEncounter ? `Encounter/${HEADER_ENCOUNTER}` : undefined,
    actStatus: '',
    isPastSection: kind === 'past-problems',
    isDischarge: kind === 'discharge-medications',
    today: reading.today,
  };
  for (const entry of findChildren(section, 'entry')) {
    reading.resources.push(...READERS[kind](entry, context, reading));
    const most = LIMITS.maxChartResources;
    if (reading.resources.length > most) throw new RequestError('too-many-resources', { most });
  }
}

/** The beginning of a document before its first element: declarations, comments, processing instructions. */
const MAX_PROLOG_CHARS = 4096;

/** Whether a text is a document of CDA, or its beginning. */
export function isClinicalDocument(text: string): boolean {
  const uncommented = dropBetween(text.slice(0, MAX_PROLOG_CHARS), /<!--/g, /-->/g);
  const begin = dropBetween(uncommented, /<\?/g, />/g);
  return /^[\s\uFEFF]*<(?:[\w.-]+:)?ClinicalDocument[\s/>]/.test(begin);
}

/**
 * Reads a C-CDA document (HL7 CDA R2, C-CDA R2.1) into R4 resources, by which a chart's rules are applied: the patient, the
 * encounters, and the coded entries of the sections on problems, diagnoses, medications, results, vital signs, smoking,
 * immunizations, allergies, procedures and plans. A section with entries that is not read is a resource of a type that R4 does not
 * have, so that it is reported. Nothing of the patient but sex, birth date, language and death is in them.
 * @param today the day (ISO 8601) that it is where the site is: a medication that ended before it is completed
 * @throws RequestError `bad-resource` for what is not well-formed XML, has a DOCTYPE, is too large or too deep; `too-many-resources`
 */
export function readClinicalDocument(text: string, today: string): JsonObject[] {
  const document = readTree(text.trimStart().replace(/^\uFEFF/, ''));
  if (document.name !== 'ClinicalDocument') throw rejectXml('it is no CDA document');
  if (findFirst(document, 'component', 'nonXMLBody'))
    throw rejectXml('its body is a file or words, without coded sections');
  const header = findFirst(document, 'componentOf', 'encompassingEncounter');
  const reading: DocumentReading = {
    resources: findChildren(document, 'recordTarget').map(readRecordTarget),
    today,
    headerIds: new Set(listIds(header)),
    hasHeaderEncounter: header !== undefined,
    encounters: 0,
  };
  if (header) reading.resources.push(readEncounter(header, HEADER_ENCOUNTER));
  for (const section of listSections(findFirst(document, 'component', 'structuredBody'))) readSection(section, reading);
  return reading.resources;
}
