import type { Coding, Resource } from '@medplum/fhirtypes';
import { LIMITS } from '../../../limits.js';
import { readDataFile } from '../../../core/read-data-file.js';
import { badValue } from '../rest/bad-request.js';
import type { FhirRequest } from '../rest/interaction.js';
import { getStructure } from '../syntax/structure.js';

export const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
export type SummaryChoice = (typeof SUMMARIES)[number];

/** Wanted parts of a resource (R4 search, 3.1.1.5.9 `_summary`, 3.1.1.5.10 `_elements`). */
export interface Shortening {
  readonly summary: SummaryChoice;
  /** Elements that are wanted; empty: all. */
  readonly elements: readonly string[];
}

export function readChoice<C extends string>(name: string, value: string, choices: readonly C[]): C {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw badValue(name, `expected ${choices.join(', ')}`);
  return found;
}

/** Whether a type has an element; one of several types may be named without its type: source for sourceUri. */
function hasElement(type: string, name: string): boolean {
  const known = getStructure(type).properties.map((property) => property.name);
  return (
    name === 'resourceType' ||
    known.some((full) => full === name || (full.startsWith(name) && /[A-Z]/.test(full.charAt(name.length))))
  );
}

/**
 * Adds the names of elements of the resource's root, which a parameter lists; a type before them is left out (`DocumentReference.date`).
 * @throws RequestError `bad-parameter-value`
 */
export function addElements(
  elements: string[],
  [name, value]: readonly [string, string],
  type: string,
  strict: boolean,
): void {
  const sent = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const { maxElements: most } = LIMITS;
  if (elements.length + sent.length > most) throw badValue(name, `expected ${most} elements at most`);
  if (sent.some((one) => !/^[A-Za-z][\w.]*$/.test(one))) throw badValue(name, 'expected names of elements');
  const named = sent.map((one) => one.replace(/^[A-Z]\w*\./, '').split('.', 1)[0] ?? one);
  const unknown = strict ? named.find((one) => !hasElement(type, one)) : undefined;
  if (unknown !== undefined) throw badValue(name, `${type} has no element ${unknown}`);
  elements.push(...named);
}

/**
 * `_summary` and `_elements` of a read.
 * @param type of what is read
 * @param others further parameters that mean something here
 * @throws RequestError `bad-parameter-value`, for what is not known where the client asks to be strict
 */
export function readShortening(request: FhirRequest, type: string, ...others: readonly string[]): Shortening {
  const { parameters, strict } = request;
  let summary: SummaryChoice = 'false';
  const elements: string[] = [];
  for (const [name, value] of parameters) {
    if (value.trim() === '') continue;
    if (name === '_summary') summary = readChoice(name, value.trim(), SUMMARIES);
    else if (name === '_elements') addElements(elements, [name, value], type, strict);
    else if (strict && !others.includes(name)) throw badValue(name, 'no such parameter here');
  }
  return { summary, elements };
}

interface Elements {
  readonly summary?: string;
  readonly mandatory?: string;
  readonly profiled?: string;
}

const ELEMENTS = readDataFile('fhir/r4/summary-elements.yaml') as Readonly<Record<string, Elements>>;

/** Elements that stay in every shortened resource. */
const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'];

const listElements = (type: Resource['resourceType'], kind: keyof Elements): string[] =>
  ELEMENTS[type]?.[kind]?.split(' ') ?? [];

/** Elements of a type that no shortening takes away. */
const listMandatoryElements = (type: Resource['resourceType']): readonly string[] => [
  ...ALWAYS,
  ...listElements(type, 'mandatory'),
];

/** Elements of a type that a summary has (R4 search, 3.1.1.5.9). */
export const listSummaryElements = (type: Resource['resourceType']): readonly string[] => [
  ...listMandatoryElements(type),
  ...listElements(type, 'summary'),
];

const SUBSETTED: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};

/** References to contained resources, anywhere in a value. */
function listLocalReferences(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return (value as unknown[]).flatMap(listLocalReferences);
  return Object.entries(value as Record<string, unknown>).flatMap(([name, held]) =>
    name === 'reference' && typeof held === 'string' && held.startsWith('#')
      ? [held.slice(1)]
      : listLocalReferences(held),
  );
}

/** The names of the elements that stay; undefined if all of them do. */
function listRetained({ resourceType }: Resource, { summary, elements }: Shortening): ReadonlySet<string> | undefined {
  switch (summary) {
    case 'true':
      return new Set(listSummaryElements(resourceType));
    case 'text':
      return new Set([...listMandatoryElements(resourceType), 'text']);
    default:
      return elements.length > 0 ? new Set([...listMandatoryElements(resourceType), ...elements]) : undefined;
  }
}

/**
 * A resource with the elements that are wanted (R4 search, 3.1.1.5.9 `_summary`, 3.1.1.5.10 `_elements`): mandatory and
 * modifier elements stay, and a tag marks what is left out. Contained resources stay if something refers to them. A
 * resource without an element that its profile demands does not claim the profile.
 */
export function shorten<R extends Resource>(resource: R, wanted: Shortening): R {
  const retained = listRetained(resource, wanted);
  if (!retained && wanted.summary !== 'data') return resource;
  const isRetained = ([name]: [string, unknown]): boolean =>
    retained ? retained.has(name.replace(/^_/, '')) : name !== 'text';
  const entries = Object.entries(resource as unknown as Record<string, unknown>).filter(
    (entry) => entry[0] !== 'contained' && isRetained(entry),
  );
  const needed = new Set(entries.flatMap(([, value]) => listLocalReferences(value)));
  const { contained = [] } = resource as { contained?: Resource[] };
  const stillNeeded = contained.filter(({ id }) => id !== undefined && needed.has(id));
  // Elements that our profile of the type requires beyond R4.
  const isProfiled = !retained || listElements(resource.resourceType, 'profiled').every((name) => retained.has(name));
  const { tag = [], profile, ...meta } = resource.meta ?? {};
  const shortMeta = { ...meta, ...(profile && isProfiled ? { profile } : {}), tag: [...tag, SUBSETTED] };
  const short = { ...Object.fromEntries(entries), meta: shortMeta };
  return { ...short, ...(stillNeeded.length > 0 ? { contained: stillNeeded } : {}) } as unknown as R;
}
