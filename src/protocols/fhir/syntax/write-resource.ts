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

/** The same as JSON.stringify of a resource, byte for byte. @throws RequestError `answer-too-large` as soon as it is */
function* writeJson(resource: Resource, parts: ByteParts): Steps<void> {
  const { resourceType } = resource;
  if (resourceType === 'Bundle') yield* writeMembers(resource, writeBundleValue, parts);
  else if (LONG_TYPES.has(resourceType)) yield* writeMembers(resource, writeValue, parts);
  else parts.add(toJson(resource));
}

type ValueWriter = (value: unknown, parts: ByteParts, name: string) => Steps<void>;

/** What is undefined is left out, as JSON.stringify does. */
function* writeMembers(element: object, write: ValueWriter, parts: ByteParts): Steps<void> {
  let start = '{';
  for (const [name, value] of Object.entries(element) as [string, unknown][]) {
    if (value === undefined) continue;
    // The names of elements are plain letters: nothing in them needs an escape.
    parts.add(`${start}"${name}":`);
    start = ',';
    yield* write(value, parts, name);
  }
  parts.add(start === '{' ? '{}' : '}');
}

function* writeItems(items: readonly unknown[], write: ValueWriter, parts: ByteParts): Steps<void> {
  let start = '[';
  for (const item of items) {
    parts.add(start);
    start = ',';
    yield* write(item, parts, '');
    yield;
  }
  parts.add(start === '[' ? '[]' : ']');
}

/** Only the entries of a bundle, and of these only the resources, are written in steps: all else is short. */
function* writeBundleValue(value: unknown, parts: ByteParts, name: string): Steps<void> {
  if (name === 'entry') yield* writeItems(value as readonly object[], writeEntry, parts);
  else if (name === 'resource') yield* writeJson(value as Resource, parts);
  else parts.add(JSON.stringify(value));
}

function* writeEntry(entry: unknown, parts: ByteParts): Steps<void> {
  const written = WrittenEntry.findJson(entry as object);
  if (written) parts.add(written);
  else yield* writeMembers(entry as object, writeBundleValue, parts);
}

function* writeValue(value: unknown, parts: ByteParts): Steps<void> {
  if (Array.isArray(value)) yield* writeItems(value, value.length < LONG_LIST ? writeValue : writeSmall, parts);
  else if (isObject(value)) yield* writeMembers(value, writeValue, parts);
  else yield* writeSmall(value, parts);
}

// eslint-disable-next-line require-yield -- it is one step
function* writeSmall(value: unknown, parts: ByteParts): Steps<void> {
  parts.add(JSON.stringify(value ?? null));
}

function* toJsonInSteps(resource: Resource): Steps<string | Buffer> {
  if (resource.resourceType !== 'Bundle' && !LONG_TYPES.has(resource.resourceType)) return toJson(resource);
  const parts = new ByteParts();
  yield* writeJson(resource, parts);
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
  yield* writeEntry(entry, parts);
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
