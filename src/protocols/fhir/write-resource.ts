import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Steps } from '../../core/give-way.js';
import { LIMITS } from '../../limits.js';
import { ByteParts } from './byte-parts.js';
import type { Format } from './format.js';
import { WrittenEntry } from './written-entry.js';
import { entryToXml, toXml } from './xml.js';

/** Stands in an entry's JSON where its Bundle is put. */
const BUNDLE = '\u0000';

/** Resources that stay as they are for as long as they are held, and each as JSON once it was written. */
const lasting = new WeakMap<Resource, string>();

/**
 * Marks a resource that is answered with again and again, and never changed: in bundles, its JSON is written once.
 * @returns characters of its JSON
 */
export function writeOnce(resource: Resource): number {
  const json = lasting.get(resource) ?? JSON.stringify(resource);
  lasting.set(resource, json);
  return json.length;
}

const toJson = (resource: Resource): string => lasting.get(resource) ?? JSON.stringify(resource);

/** The members of an element as JSON, each written by itself; what is undefined is left out, as JSON.stringify does. */
function writeMembers(element: object, write: (name: string, value: unknown) => string): string {
  let members = '';
  for (const [name, value] of Object.entries(element as Record<string, unknown>)) {
    // The names of elements are plain letters: nothing in them needs an escape.
    if (value !== undefined) members += `${members === '' ? '' : ','}"${name}":${write(name, value)}`;
  }
  return `{${members}}`;
}

/** The members of an entry, written; a Bundle in it in steps. */
function* writeEntry(entry: BundleEntry, parts: ByteParts): Steps<void> {
  const { resource } = entry;
  const bundle = resource?.resourceType === 'Bundle' ? yield* writeBundle(resource) : undefined;
  const json = writeMembers(entry, (name, value) => {
    if (name !== 'resource') return JSON.stringify(value);
    return bundle === undefined ? toJson(value as Resource) : BUNDLE;
  });
  const [before = '', after = ''] = json.split(BUNDLE);
  parts.add(before);
  if (bundle !== undefined) parts.add(bundle);
  parts.add(after);
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

/**
 * The same as JSON.stringify of the bundle, byte for byte.
 * @throws RequestError `answer-too-large` as soon as it is
 */
function* writeBundle(bundle: Bundle): Steps<string | Buffer> {
  const parts = new ByteParts();
  let start = '{';
  for (const [name, value] of Object.entries(bundle)) {
    if (value === undefined) continue;
    parts.add(`${start}"${name}":`);
    start = ',';
    if (name !== 'entry') {
      parts.add(JSON.stringify(value));
      continue;
    }
    for (const [index, entry] of (value as BundleEntry[]).entries()) {
      parts.add(index === 0 ? '[' : ',');
      const written = WrittenEntry.jsonOf(entry);
      if (written) parts.add(written);
      else yield* writeEntry(entry, parts);
      yield;
    }
    parts.add(']');
  }
  parts.add('}');
  return parts.finish();
}

/** Writes a resource as it was asked for; one that is large is not laid out. @throws RequestError `answer-too-large` */
export function* writeResource(resource: Resource, { syntax, pretty }: Format): Steps<string | Buffer> {
  const isBundle = resource.resourceType === 'Bundle';
  const plain =
    syntax === 'xml' ? yield* toXml(resource) : isBundle ? yield* writeBundle(resource) : JSON.stringify(resource);
  // Laid out, what is nested deeply may be twenty times as long.
  if (!pretty || plain.length > LIMITS.maxPrettyBytes) return plain;
  return syntax === 'xml' ? yield* toXml(resource, true) : JSON.stringify(resource, null, 2);
}
