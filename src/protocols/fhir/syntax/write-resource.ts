import type { BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Steps } from '../../../core/give-way.js';
import { LIMITS } from '../../../limits.js';
import { ByteParts } from './byte-parts.js';
import type { Format } from '../rest/format.js';
import { WrittenEntry } from './written-entry.js';
import { entryToXml, toXml } from './xml.js';

/** Resources that stay as they are for as long as they are held, and each as JSON once it was written. */
const lasting = new WeakMap<Resource, string | Buffer>();

/** Notes the JSON of a resource that never changes, where it was written already. */
export function recordJson(resource: Resource, json: string): void {
  lasting.set(resource, json);
}

/**
 * Marks a resource that is answered with again and again, and never changed: its JSON is written once, as bytes outside the heap.
 * @returns bytes of its JSON
 */
export function cacheJson(resource: Resource): number {
  const bytes = Buffer.from(toJson(resource));
  lasting.set(resource, bytes);
  return bytes.length;
}

const toJson = (resource: Resource): string | Buffer => lasting.get(resource) ?? JSON.stringify(resource);

/** Resources with lists of thousands, which are written in steps. */
const LONG_TYPES: ReadonlySet<string> = new Set(['CodeSystem', 'ConceptMap', 'ValueSet']);
/** What stands in a list as long as this is small. */
const LONG_LIST = 50;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Writes a value: what is small at once, what may be long in steps, which are returned. */
type ValueWriter = (value: unknown, parts: ByteParts, name: string) => Steps<void> | undefined;

/** The same as JSON.stringify of a resource, byte for byte. @throws RequestError `answer-too-large` as soon as it is */
function writeJson(resource: Resource, parts: ByteParts): Steps<void> | undefined {
  const { resourceType } = resource;
  if (resourceType === 'Bundle') return writeMembers(resource, writeBundleValue, parts);
  if (LONG_TYPES.has(resourceType)) return writeMembers(resource, writeValue, parts);
  parts.add(toJson(resource));
  return undefined;
}

/** What is undefined is left out, as JSON.stringify does. */
function* writeMembers(element: object, write: ValueWriter, parts: ByteParts): Steps<void> {
  let start = '{';
  for (const [name, value] of Object.entries(element) as [string, unknown][]) {
    if (value === undefined) continue;
    // The names of elements are plain letters: nothing in them needs an escape.
    parts.add(`${start}"${name}":`);
    start = ',';
    const steps = write(value, parts, name);
    if (steps) yield* steps;
  }
  parts.add(start === '{' ? '{}' : '}');
}

function* writeItems(items: readonly unknown[], write: ValueWriter, parts: ByteParts): Steps<void> {
  let start = '[';
  for (const item of items) {
    parts.add(start);
    start = ',';
    const steps = write(item, parts, '');
    if (steps) yield* steps;
    yield;
  }
  parts.add(start === '[' ? '[]' : ']');
}

/** Only the entries of a bundle, and of these only the resources, are written in steps: all else is short. */
const writeBundleValue: ValueWriter = (value, parts, name) => {
  if (name === 'entry') return writeItems(value as readonly object[], writeEntry, parts);
  if (name === 'resource') return writeJson(value as Resource, parts);
  parts.add(JSON.stringify(value));
  return undefined;
};

const writeEntry: ValueWriter = (entry, parts) => {
  const written = WrittenEntry.findJson(entry as object);
  if (!written) return writeMembers(entry as object, writeBundleValue, parts);
  parts.add(written);
  return undefined;
};

const writeValue: ValueWriter = (value, parts, name) => {
  if (Array.isArray(value)) return writeItems(value, value.length < LONG_LIST ? writeValue : writeSmall, parts);
  return isObject(value) ? writeMembers(value, writeValue, parts) : writeSmall(value, parts, name);
};

const writeSmall: ValueWriter = (value, parts) => {
  parts.add(JSON.stringify(value ?? null));
  return undefined;
};

function* toJsonInSteps(resource: Resource): Steps<string | Buffer> {
  if (resource.resourceType !== 'Bundle' && !LONG_TYPES.has(resource.resourceType)) return toJson(resource);
  const parts = new ByteParts();
  const steps = writeJson(resource, parts);
  if (steps) yield* steps;
  return parts.finish();
}

/**
 * Writes an entry of an answer to a Bundle ahead of the Bundle that it is put into.
 * @returns what takes its place, and the bytes that it holds
 * @throws RequestError `answer-too-large`
 */
export function* writeAhead(
  entry: BundleEntry,
  syntax: Format['syntax'],
): Steps<{ entry: BundleEntry; bytes: number; held: number }> {
  const parts = new ByteParts();
  const steps = writeEntry(entry, parts, '');
  if (steps) yield* steps;
  const json = Buffer.from(parts.finish());
  const xml = syntax === 'xml' ? Buffer.from(yield* entryToXml(entry)) : undefined;
  return { entry: new WrittenEntry(json, xml), bytes: (xml ?? json).length, held: json.length + (xml?.length ?? 0) };
}

/** Writes a resource in the requested format; a large one is not indented. @throws RequestError `answer-too-large` */
export function* writeResource(resource: Resource, { syntax, pretty }: Format): Steps<string | Buffer> {
  const plain = syntax === 'xml' ? yield* toXml(resource) : yield* toJsonInSteps(resource);
  // Laid out, what is nested deeply may be twenty times as long.
  if (!pretty || plain.length > LIMITS.maxPrettyBytes) return plain;
  return syntax === 'xml' ? yield* toXml(resource, true) : JSON.stringify(resource, null, 2);
}
