import { RequestError } from '../../core/errors.js';
import type { Steps } from '../../core/give-way.js';
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
  readPatient,
  readProblem,
  readProcedure,
  statusOf,
} from './entries.js';
import { readImmunization, readMedication } from './medications.js';
import type { Node } from './read-tree.js';
import { attributeOf, childrenOf, firstOf, readTree, wholeText } from './read-tree.js';
import type { SectionKind } from './sections.js';
import { UNREAD, findInWords, findKind } from './sections.js';
import { MAX_TEXT_CHARS, isOfTemplate, readNarrative, relatedOf } from './values.js';

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

const idsOf = (node: Node | undefined): string[] =>
  childrenOf(node, 'id').flatMap((id) => {
    const [root, extension] = [attributeOf(id, 'root'), attributeOf(id, 'extension')];
    return root === '' ? [] : [`${root}|${extension}`];
  });

/** Statements of one entry, which is read in one step. */
const MOST_STATEMENTS = 500;

/** @throws RequestError `too-many-resources` */
function withinLimit<T>(statements: readonly T[]): readonly T[] {
  if (statements.length > MOST_STATEMENTS) throw new RequestError('too-many-resources', { most: MOST_STATEMENTS });
  return statements;
}

/** The statements of an entry: by itself, or within an act around it (a concern, a discharge medication). */
function statementsOf(entry: Node, name: string): readonly { node: Node; actStatus: string }[] {
  const own = childrenOf(entry, name).map((node) => ({ node, actStatus: '' }));
  const within = childrenOf(entry, 'act').flatMap((act) =>
    relatedOf(act, name).map((node) => ({ node, actStatus: statusOf(act) })),
  );
  // A statement with a null flavor has no content.
  return withinLimit(
    [...own, ...within].filter(({ node }) => !isBeside(node) && attributeOf(node, 'nullFlavor') === ''),
  );
}

const hasCoding = (concept: unknown): boolean => typeof concept === 'object' && concept !== null && 'coding' in concept;

/** Results and vital signs: each observation, and the panel around them where it has a code. */
function readOrganizers(entry: Node, context: EntryContext, category: string): JsonObject[] {
  const organizers = childrenOf(entry, 'organizer');
  const parts = organizers.flatMap((organizer) => childrenOf(organizer, 'component'));
  const observations = [
    ...childrenOf(entry, 'observation'),
    ...parts.flatMap((part) => childrenOf(part, 'observation')),
  ];
  const panels = category === 'laboratory' ? organizers.map((organizer) => readPanel(organizer, context)) : [];
  return [
    ...panels.filter(({ code }) => hasCoding(code)),
    ...withinLimit(observations).map((observation) => readObservation(observation, context, category)),
  ];
}

/** An encounter of a section, with its diagnoses; the header's own is listed once. */
function readEncounterEntry(entry: Node, context: EntryContext, reading: DocumentReading): JsonObject[] {
  return childrenOf(entry, 'encounter').flatMap((encounter) => {
    const isHeader = reading.hasHeaderEncounter && idsOf(encounter).some((id) => reading.headerIds.has(id));
    const id = isHeader ? HEADER_ENCOUNTER : `encounter-${(reading.encounters += 1)}`;
    const own = { ...context, encounter: `Encounter/${id}` };
    const acts = relatedOf(encounter, 'act');
    const diagnoses = [
      ...relatedOf(encounter, 'observation').map((node) => ({ node, actStatus: '' })),
      // The act around a diagnosis is done with the encounter, not with the problem.
      ...acts.flatMap((act) => relatedOf(act, 'observation').map((node) => ({ node, actStatus: '' }))),
    ].filter(({ node }) => firstOf(node, 'value') !== undefined && !isBeside(node));
    const problems = withinLimit(diagnoses).map(({ node, actStatus }) => readProblem(node, { ...own, actStatus }));
    return isHeader ? problems : [readEncounter(encounter, id), ...problems];
  });
}

/** What is planned: tests, procedures, drugs and vaccines. */
function readPlan(entry: Node, context: EntryContext): JsonObject[] {
  const planned = ['observation', 'procedure', 'act'].flatMap((name) => childrenOf(entry, name));
  const substances = childrenOf(entry, 'substanceAdministration').map((node) =>
    isOfTemplate(node, `${TEMPLATE}120`) ? readImmunization(node, context) : readMedication(node, context),
  );
  // An instruction or a goal is no order.
  const orders = planned.filter((node) => !['', 'EVN', 'GOL'].includes(attributeOf(node, 'moodCode')));
  return [...withinLimit(orders).map((node) => readProcedure(node, context)), ...substances];
}

function readEntry(entry: Node, kind: SectionKind, context: EntryContext, reading: DocumentReading): JsonObject[] {
  const each = (name: string, read: (node: Node, own: EntryContext) => JsonObject): JsonObject[] =>
    statementsOf(entry, name).map(({ node, actStatus }) => read(node, { ...context, actStatus }));
  switch (kind) {
    case 'problems':
    case 'past-problems':
      return each('observation', readProblem);
    case 'diagnoses':
      // The act has the date of the diagnosis, not the state of the problem.
      return each('observation', (node, own) => readProblem(node, { ...own, actStatus: '' }));
    case 'encounters':
      return readEncounterEntry(entry, context, reading);
    case 'medications':
    case 'discharge-medications':
      return each('substanceAdministration', readMedication);
    case 'results':
      return readOrganizers(entry, context, 'laboratory');
    case 'vital-signs':
      return readOrganizers(entry, context, 'vital-signs');
    case 'social-history':
      return childrenOf(entry, 'observation')
        .filter((node) => SMOKING.some((template) => isOfTemplate(node, template)))
        .map((node) => readObservation(node, context, 'social-history'));
    case 'immunizations':
      return each('substanceAdministration', readImmunization);
    case 'allergies':
      return each('observation', readAllergy);
    case 'procedures':
      return ['procedure', 'observation', 'act'].flatMap((name) =>
        childrenOf(entry, name).map((node) => readProcedure(node, context)),
      );
    case 'plan':
      return readPlan(entry, context);
  }
}

/** Sections of the document, those within sections too. */
function* sectionsOf(container: Node | undefined): Generator<Node> {
  for (const component of childrenOf(container, 'component')) {
    for (const section of childrenOf(component, 'section')) {
      yield section;
      yield* sectionsOf(section);
    }
  }
}

function* readSection(section: Node, reading: DocumentReading): Steps<void> {
  const code = attributeOf(firstOf(section, 'code'), 'code');
  const kind = findKind(section, code);
  // A section without information has words for readers alone.
  if (attributeOf(section, 'nullFlavor') !== '') return;
  const hasEntries = firstOf(section, 'entry') !== undefined;
  if (!kind) {
    if (hasEntries) reading.resources.push({ resourceType: UNREAD[code] ?? 'OtherSection' });
    return;
  }
  if (!hasEntries) {
    const inWords = findInWords(kind);
    const text = firstOf(section, 'text');
    if (inWords && text && wholeText(text, MAX_TEXT_CHARS) !== '') reading.resources.push(inWords);
    return;
  }
  const context: EntryContext = {
    narrative: yield* readNarrative(firstOf(section, 'text')),
    encounter: kind === 'diagnoses' && reading.hasHeaderEncounter ? `Encounter/${HEADER_ENCOUNTER}` : undefined,
    actStatus: '',
    isPastSection: kind === 'past-problems',
    isDischarge: kind === 'discharge-medications',
    today: reading.today,
  };
  yield;
  for (const entry of childrenOf(section, 'entry')) {
    reading.resources.push(...readEntry(entry, kind, context, reading));
    const most = LIMITS.maxChartResources;
    if (reading.resources.length > most) throw new RequestError('too-many-resources', { most });
    yield;
  }
}

/** The beginning of a document before its first element: declarations, comments, processing instructions. */
const MAX_PROLOG_CHARS = 4096;

/** Whether a text is a document of CDA, or its beginning. */
export function isClinicalDocument(text: string): boolean {
  const begin = text.slice(0, MAX_PROLOG_CHARS).replace(/<\?[^>]*>|<!--[^]*?-->/g, '');
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
export function* readClinicalDocument(text: string, today: string): Steps<JsonObject[]> {
  const document = yield* readTree(text.trimStart().replace(/^\uFEFF/, ''));
  if (document.name !== 'ClinicalDocument') {
    throw rejectXml('it is no CDA document');
  }
  if (firstOf(document, 'component', 'nonXMLBody'))
    throw rejectXml('its body is a file or words, without coded sections');
  const header = firstOf(document, 'componentOf', 'encompassingEncounter');
  const reading: DocumentReading = {
    resources: childrenOf(document, 'recordTarget').map(readPatient),
    today,
    headerIds: new Set(idsOf(header)),
    hasHeaderEncounter: header !== undefined,
    encounters: 0,
  };
  if (header) reading.resources.push(readEncounter(header, HEADER_ENCOUNTER));
  for (const section of sectionsOf(firstOf(document, 'component', 'structuredBody')))
    yield* readSection(section, reading);
  return reading.resources;
}
