import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty } from '@medplum/fhirtypes';
import type { TermConcept, TermDesignation, TermSystem } from './term-system.js';
import { canonicalOf } from './term-system.js';

const CONCEPT_PROPERTIES = 'http://hl7.org/fhir/concept-properties#';
const INACTIVE_STATUS = new Set(['retired', 'inactive']);

/** The code that a system uses for a property of FHIR's own, named by its address or by its code. */
function propertyCodes({ property = [] }: CodeSystem, name: string): ReadonlySet<string> {
  const named = property.filter(({ uri }) => uri === `${CONCEPT_PROPERTIES}${name}`).map(({ code }) => code);
  return new Set([name, ...named]);
}

export function propertyValue(property: CodeSystemConceptProperty): string {
  const { valueCode, valueString, valueBoolean, valueInteger, valueDecimal, valueDateTime, valueCoding } = property;
  const value = valueCode ?? valueString ?? valueBoolean ?? valueInteger ?? valueDecimal ?? valueDateTime;
  return String(value ?? valueCoding?.code ?? '');
}

interface Reading {
  readonly concepts: Map<string, TermConcept>;
  readonly below: Map<string, Set<string>>;
}

interface Additions {
  readonly designations: readonly TermDesignation[];
  readonly concept: CodeSystemConcept | undefined;
}

/** What supplements say of a code (R4 CodeSystem.supplements). */
function additionsFor(code: string, supplements: readonly CodeSystem[]): Additions[] {
  return supplements.flatMap((supplement) => {
    const concept = supplement.concept?.find((one) => one.code === code);
    if (!concept) return [];
    const { language, url = '', version } = supplement;
    // A supplement's display is a name in the supplement's language.
    const display = concept.display && language ? [{ language, value: concept.display }] : [];
    const source = canonicalOf(url, version);
    return [{ concept, designations: [...display, ...(concept.designation ?? [])].map((one) => ({ ...one, source })) }];
  });
}

function toConcept(
  { resource, supplements }: { resource: CodeSystem; supplements: readonly CodeSystem[] },
  concept: CodeSystemConcept,
  above: string | undefined,
): TermConcept {
  const { code, display, definition, designation = [], property = [], extension = [] } = concept;
  const additions = additionsFor(code, supplements);
  const properties = [...property, ...additions.flatMap((one) => one.concept?.property ?? [])];
  const valuesOf = (name: string): string[] => {
    const codes = propertyCodes(resource, name);
    return properties.filter((one) => codes.has(one.code)).map(propertyValue);
  };
  const status = valuesOf('status')[0];
  const parents = [...(above === undefined ? [] : [above]), ...valuesOf('parent')];
  return {
    code,
    display,
    definition,
    abstract: valuesOf('notSelectable').includes('true'),
    inactive: valuesOf('inactive').includes('true') || INACTIVE_STATUS.has(status ?? ''),
    status,
    designations: [...designation, ...additions.flatMap(({ designations }) => designations)],
    properties,
    parents: [...new Set(parents)],
    extensions: [...extension, ...additions.flatMap((one) => one.concept?.extension ?? [])],
  };
}

function readConcepts(resource: CodeSystem, supplements: readonly CodeSystem[]): Reading {
  const concepts = new Map<string, TermConcept>();
  const below = new Map<string, Set<string>>();
  const link = (parent: string, code: string): void => {
    const codes = below.get(parent) ?? new Set();
    below.set(parent, codes.add(code));
  };
  // A stack and no recursion: how deep the concepts nest is the sender's choice.
  const stack = [...(resource.concept ?? [])]
    .reverse()
    .map((concept) => ({ concept, above: undefined as string | undefined }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const read = toConcept({ resource, supplements }, next.concept, next.above);
    concepts.set(read.code, read);
    for (const parent of read.parents) link(parent, read.code);
    for (const concept of [...(next.concept.concept ?? [])].reverse()) stack.push({ concept, above: read.code });
  }
  // Some systems say it the other way round.
  for (const { code, properties } of concepts.values()) {
    for (const property of properties) if (property.code === 'child') link(code, propertyValue(property));
  }
  return { concepts, below };
}

function walk(start: string, step: (code: string) => Iterable<string>): string[] {
  const found = new Set([start]);
  // A set gives what is added to it on the way, too: those nearest to the start come first.
  for (const next of found) for (const code of step(next)) found.add(code);
  found.delete(start);
  return [...found];
}

/** A code system whose concepts are in its resource. */
export function resourceSystem(resource: CodeSystem, supplements: readonly CodeSystem[] = []): TermSystem {
  const { concept: _, ...header } = resource;
  let reading: Reading | undefined;
  const read = (): Reading => (reading ??= readConcepts(resource, supplements));
  let lowerCase: Map<string, string> | undefined;
  const byLowerCase = (): Map<string, string> =>
    (lowerCase ??= new Map([...read().concepts.keys()].map((code) => [code.toLowerCase(), code])));
  const normalize = (code: string): string =>
    resource.caseSensitive === false ? (byLowerCase().get(code.toLowerCase()) ?? code) : code;
  const get = (codes: readonly string[]): TermConcept[] => codes.flatMap((code) => read().concepts.get(code) ?? []);
  return {
    header,
    url: resource.url ?? '',
    version: resource.version,
    supplements: supplements.map(({ url = '', version }) => canonicalOf(url, version)),
    isComplete: resource.content === 'complete',
    normalize,
    find: async (code) => read().concepts.get(normalize(code)),
    findEach: async (codes) => new Map(get(codes.map(normalize)).map((concept) => [concept.code, concept])),
    ancestors: async (code) => walk(code, (one) => read().concepts.get(one)?.parents ?? []),
    children: async (code) => get([...(read().below.get(code) ?? [])]),
    descendants: async (code) => get(walk(code, (one) => read().below.get(one) ?? [])),
    all: async () => [...read().concepts.values()],
  };
}
