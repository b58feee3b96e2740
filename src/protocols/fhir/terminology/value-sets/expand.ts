import { randomUUID } from 'node:crypto';
import type {
  CodeSystemConceptDesignation,
  CodeSystemConceptProperty,
  Extension,
  ValueSetExpansion,
  ValueSetExpansionContains,
  ValueSetExpansionParameter,
} from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';
import { LIMITS } from '../../../../limits.js';
import { listConcepts, readDefinition, type Member } from './members.js';
import type { FhirAnswer } from '../../rest/interaction.js';
import { dropEmpty } from '../../syntax/drop-empty.js';
import { findValue } from '../../syntax/primitives.js';
import { readAcceptedLanguages, chooseDisplayName, type NameIn } from '../language.js';
import {
  type TerminologyRequest,
  findRequestedValueSet,
  readVersionWishes,
  readWantedLanguages,
  nameArticlesAmong,
} from '../service.js';
import { toCanonical, type TermSystem, type TermConcept } from '../systems/term-system.js';
import { chooseVersion } from '../version-wishes.js';

const BEYOND_ASCII = /[^\p{ASCII}]/u;

/** Most names have no accents: to look for them in a hundred thousand took most of a search's time. */
function fold(text: string): string {
  const plain = BEYOND_ASCII.test(text) ? text.normalize('NFD').replace(/\p{M}/gu, '') : text;
  return plain.toLowerCase();
}

/** A text filter of $expand: every word is in the code or in one of the names, whatever its case and accents. Undefined without words. */
function createTextFilter(filter: string): ((concept: TermConcept) => boolean) | undefined {
  const words = [...new Set(fold(filter).split(/\s+/).filter(Boolean))];
  if (words.length === 0) return undefined;
  return ({ code, display, designations }) => {
    const text = fold([code, display ?? '', ...designations.map(({ value }) => value)].join('\n'));
    return words.every((word) => text.includes(word));
  };
}

const R5 = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion';

/** Reads the options of an expansion (R4 $expand). */
function readOptions(operation: TerminologyRequest) {
  const { input } = operation;
  const { headers } = operation.request;
  return {
    filter: input.text('filter'),
    offset: input.count('offset'),
    count: input.count('count'),
    activeOnly: input.flag('activeOnly'),
    excludeNested: input.flag('excludeNested'),
    includeDesignations: input.flag('includeDesignations'),
    includeDefinition: input.flag('includeDefinition'),
    /** Uses or languages of the designations that are wanted; empty: all. */
    designations: input.texts('designation'),
    properties: new Set(input.texts('property')),
    languages: readWantedLanguages(operation),
    /** As it was sent, for the expansion's parameters. */
    displayLanguage:
      input.text('displayLanguage') ?? (readAcceptedLanguages(headers) ? headers['accept-language'] : undefined),
    excludedSystems: new Set(input.texts('exclude-system')),
    versions: readVersionWishes(input),
  };
}

type ExpandOptions = ReturnType<typeof readOptions>;

type Designation = CodeSystemConceptDesignation;
type DesignationTest = (designation: Designation) => boolean;

/** Reads the parameter `designation` (R4 $expand): by use (`system|code`) or by language; without it all are wanted. */
function createDesignationTest(sent: readonly string[]): DesignationTest {
  if (sent.length === 0) return () => true;
  const uses = new Set(sent.filter((one) => !one.startsWith('urn:ietf:bcp:47|')));
  const languages = new Set(sent.map((one) => one.replace(/^(urn:ietf:bcp:47)?\|/, '')));
  return ({ language, use }) =>
    (language !== undefined && languages.has(language)) ||
    (use !== undefined && uses.has(`${use.system ?? ''}|${use.code ?? ''}`));
}

/** Marks the name that its language prefers. */
const PREFERRED = {
  system: 'http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra',
  code: 'preferredForLanguage',
  display: 'Preferred For Language',
};

/** The names of a member beside its display. */
function listDesignations(
  { system, concept }: Member,
  shown: NameIn | undefined,
  isWanted: DesignationTest,
): Designation[] {
  const { language: own } = system.header;
  const { display } = concept;
  const isShown = ({ language, use, value }: Designation): boolean =>
    use === undefined && value === shown?.value && language === shown.language;
  const isOther = own !== undefined && display !== undefined && !isShown({ language: own, value: display });
  const ofSystem: Designation[] = isOther ? [{ language: own, use: PREFERRED, value: display }] : [];
  return [...ofSystem, ...concept.designations]
    .filter((one) => !isShown(one) && isWanted(one))
    .map(({ language, use, value }) => dropEmpty<Designation>({ language, use, value }));
}

/** A concept's properties; its definition can be requested as one. */
function listProperties({ definition, properties }: Member['concept']): readonly CodeSystemConceptProperty[] {
  return definition === undefined ? properties : [...properties, { code: 'definition', valueString: definition }];
}

/** Properties of a member, in R5's elements as R4 carries them: extensions. */
function listPropertyExtensions({ concept }: Member, wanted: ReadonlySet<string>): Extension[] {
  return listProperties(concept)
    .filter(({ code }) => wanted.has(code))
    .map(({ code, ...value }) => {
      const entry = findValue(value);
      const declared = entry ? [{ url: 'value', [entry[0]]: entry[1] as string }] : [];
      return { url: `${R5}.contains.property`, extension: [{ url: 'code', valueCode: code }, ...declared] };
    });
}

function toContains(member: Member, options: ExpandOptions, isWanted: DesignationTest): ValueSetExpansionContains {
  const { system, concept } = member;
  const name = chooseDisplayName(system, concept, options.languages);
  return dropEmpty({
    extension: listPropertyExtensions(member, options.properties),
    system: system.url,
    inactive: concept.inactive || undefined,
    code: concept.code,
    display: name?.value,
    designation: options.includeDesignations ? listDesignations(member, name, isWanted) : [],
  });
}

/** Members below those of their ancestors that are in the list; what has none stands at the top. */
function nest(members: readonly Member[], contains: readonly ValueSetExpansionContains[]): ValueSetExpansionContains[] {
  const made = new Map(members.map(({ concept }, index) => [concept.code, contains[index]]));
  const top: ValueSetExpansionContains[] = [];
  for (const { concept } of members) {
    const own = made.get(concept.code);
    if (!own) continue;
    // A parent that is not in the list leaves its place empty: the children rise to the top.
    const parent = concept.parents.map((code) => made.get(code)).find(Boolean);
    if (parent) parent.contains = [...(parent.contains ?? []), own];
    else top.push(own);
  }
  return top;
}

const DECLARED: readonly (readonly [keyof ExpandOptions, string])[] = [
  ['filter', 'valueString'],
  ['offset', 'valueInteger'],
  ['count', 'valueInteger'],
  ['activeOnly', 'valueBoolean'],
  ['displayLanguage', 'valueCode'],
  ['excludeNested', 'valueBoolean'],
  ['includeDesignations', 'valueBoolean'],
  ['includeDefinition', 'valueBoolean'],
];

function listParameters(options: ExpandOptions, { url, version }: TermSystem): ValueSetExpansionParameter[] {
  const { defaults, checked, forced } = options.versions;
  const wishes = { 'system-version': defaults, 'check-system-version': checked, 'force-system-version': forced };
  const declared = DECLARED.flatMap(([name, key]) =>
    options[name] === undefined ? [] : [{ name, [key]: options[name] }],
  );
  return [
    ...declared,
    ...options.designations.map((valueString) => ({ name: 'designation', valueString })),
    ...Object.entries(wishes).flatMap(([name, versions]) =>
      [...versions].map((wish) => ({ name, valueUri: toCanonical(...wish) })),
    ),
    ...[...options.excludedSystems].map((valueUri) => ({ name: 'exclude-system', valueUri })),
    { name: 'used-codesystem', valueUri: toCanonical(url, version) },
  ];
}

const DEFINITION = { code: 'definition', uri: 'http://hl7.org/fhir/concept-properties#definition' };

/** Properties that members may have, as R5's expansion.property. */
function listDeclaredProperties(members: readonly Member[], options: ExpandOptions): Extension[] {
  const found = new Map<string, Extension>();
  const isUsed = (code: string): boolean =>
    members.some(({ concept }) => listProperties(concept).some((property) => property.code === code));
  for (const { header } of new Set(members.map(({ system }) => system))) {
    for (const { code = '', uri } of [...(header.property ?? []), DEFINITION]) {
      if (!options.properties.has(code) || !isUsed(code)) continue;
      const parts = [{ url: 'code', valueCode: code }, ...(uri ? [{ url: 'uri', valueUri: uri }] : [])];
      found.set(code, { url: `${R5}.property`, extension: parts });
    }
  }
  return [...found.values()];
}

const isExcluded = ({ url, version }: TermSystem, { excludedSystems }: ExpandOptions): boolean =>
  excludedSystems.has(url) || excludedSystems.has(toCanonical(url, version));

/** Renders the members of a page. */
function renderMembers(page: readonly Member[], options: ExpandOptions): ValueSetExpansionContains[] {
  const isWanted = createDesignationTest(options.designations);
  return page.map((member) => toContains(member, options, isWanted));
}

/**
 * Expands a value set of the library (R4 ValueSet $expand), by address or id.
 * @throws RequestError `too-costly` if it is too large to be returned at once and no part is requested; `query-too-long`
 */
export async function expand(operation: TerminologyRequest): Promise<FhirAnswer> {
  const { scope } = operation;
  const valueSet = findRequestedValueSet(operation);
  const options = readOptions(operation);
  const { system: url } = readDefinition(valueSet);
  const system = scope.system(url, chooseVersion(options.versions, url, undefined));
  // Each of its words is looked for in every member.
  if ((options.filter?.length ?? 0) > LIMITS.maxQueryChars) {
    throw new RequestError('query-too-long', { most: LIMITS.maxQueryChars });
  }
  const matches = createTextFilter(options.filter ?? '');
  const isListed = !isExcluded(system, options);
  const concepts = (await listConcepts(valueSet, system)).filter(
    (concept) => isListed && !(options.activeOnly && concept.inactive) && (matches?.(concept) ?? true),
  );
  const members = concepts.map((concept) => ({ system, concept }));
  const { offset = 0, count } = options;
  const most = LIMITS.maxExpansionCodes;
  if (count === undefined && members.length - offset > most)
    throw new RequestError('too-costly', { most, unit: 'codes' });
  const page = members.slice(offset, offset + Math.min(count ?? most, most));
  const isPart = page.length < members.length;
  const isNested = options.excludeNested === false && !isPart && matches === undefined;
  const contains = renderMembers(page, options);
  const expansion: ValueSetExpansion = dropEmpty({
    extension: listDeclaredProperties(page, options),
    identifier: `urn:uuid:${randomUUID()}`,
    timestamp: operation.request.now.toISOString(),
    total: members.length,
    offset: options.offset !== undefined || (isPart && count !== 0) ? offset : undefined,
    parameter: listParameters(options, system),
    contains: isNested ? nest(page, contains) : contains,
  });
  const { compose, ...described } = valueSet;
  const resource = { ...described, ...(options.includeDefinition && compose ? { compose } : {}), expansion };
  const outcome = members.length === 0 ? 'empty' : 'answered';
  return { status: 200, resource, facts: { outcome, audit: nameArticlesAmong(page, scope) } };
}
