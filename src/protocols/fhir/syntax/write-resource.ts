import type { BundleEntry, Resource } from '@medplum/fhirtypes';
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

/** Adds an object's members as JSON.stringify would; what is undefined is left out. The names of elements need no escape. */
function addMembers(element: object, parts: ByteParts, addValue: (name: string, value: unknown) => void): void {
  let start = '{';
  for (const [name, value] of Object.entries(element) as [string, unknown][]) {
    if (value === undefined) continue;
    parts.add(`${start}"${name}":`);
    start = ',';
    addValue(name, value);
  }
  parts.add(start === '{' ? '{}' : '}');
}

function addEntry(entry: object, parts: ByteParts): void {
  const written = WrittenEntry.findJson(entry);
  if (written) parts.add(written);
  else {
    addMembers(entry, parts, (name, value) => {
      if (name === 'resource') addJson(value as Resource, parts);
      else parts.add(JSON.stringify(value));
    });
  }
}

function addEntries(entries: readonly object[], parts: ByteParts): void {
  let start = '[';
  for (const entry of entries) {
    parts.add(start);
    start = ',';
    addEntry(entry, parts);
  }
  parts.add(start === '[' ? '[]' : ']');
}

/** The same as JSON.stringify of a resource, byte for byte. @throws RequestError `answer-too-large` as soon as it is */
function addJson(resource: Resource, parts: ByteParts): void {
  if (resource.resourceType !== 'Bundle') {
    parts.add(toJson(resource));
    return;
  }
  addMembers(resource, parts, (name, value) => {
    if (name === 'entry') addEntries(value as readonly object[], parts);
    else parts.add(JSON.stringify(value));
  });
}

function writeJson(resource: Resource): string | Buffer {
  const parts = new ByteParts();
  addJson(resource, parts);
  return parts.finish();
}

/**
 * Writes an entry of an answer to a Bundle ahead of the Bundle that it is put into.
 * @returns the entry as bytes, in place of itself, and its size in the syntax of the answer
 * @throws RequestError `answer-too-large`
 */
export function writeAhead(entry: BundleEntry, syntax: Format['syntax']): { entry: BundleEntry; bytes: number } {
  const parts = new ByteParts();
  addEntry(entry, parts);
  const json = Buffer.from(parts.finish());
  const xml = syntax === 'xml' ? Buffer.from(entryToXml(entry)) : undefined;
  return { entry: new WrittenEntry(json, xml), bytes: (xml ?? json).length };
}

/** Writes a resource in the requested format; a large one is not indented. @throws RequestError `answer-too-large` */
export function writeResource(resource: Resource, { syntax, pretty }: Format): string | Buffer {
  const plain = syntax === 'xml' ? toXml(resource) : writeJson(resource);
  // Laid out, what is nested deeply may be twenty times as long.
  if (!pretty || plain.length > LIMITS.maxPrettyBytes) return plain;
  return syntax === 'xml' ? toXml(resource, true) : JSON.stringify(resource, null, 2);
}
