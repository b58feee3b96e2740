import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Format } from './format.js';
import { toXml } from './xml.js';

/** Resources that stay as they are for as long as they are held, and each as JSON once it was written. */
const lasting = new WeakMap<Resource, { json: string | undefined }>();

/** Marks a resource that is answered with again and again, and never changed: in bundles, its JSON is written once. */
export function writeOnce(resource: Resource): void {
  if (!lasting.has(resource)) lasting.set(resource, { json: undefined });
}

function toJson(resource: Resource): string {
  const kept = lasting.get(resource);
  return kept ? (kept.json ??= JSON.stringify(resource)) : JSON.stringify(resource);
}

/** The members of an element as JSON, each written by itself; what is undefined is left out, as JSON.stringify does. */
function writeMembers(element: object, write: (name: string, value: unknown) => string): string {
  let members = '';
  for (const [name, value] of Object.entries(element as Record<string, unknown>)) {
    // The names of elements are plain letters: nothing in them needs an escape.
    if (value !== undefined) members += `${members === '' ? '' : ','}"${name}":${write(name, value)}`;
  }
  return `{${members}}`;
}

/** Entries that were written to be measured, whose text their bundle takes as it is. */
const measured = new WeakMap<BundleEntry, string>();

const writeEntry = (entry: BundleEntry): string =>
  measured.get(entry) ??
  writeMembers(entry, (name, value) => (name === 'resource' ? toJson(value as Resource) : JSON.stringify(value)));

/** The bytes of an entry as JSON, which must not be changed any more: its text is kept for its bundle. */
export function measureEntry(entry: BundleEntry): number {
  const json = writeEntry(entry);
  measured.set(entry, json);
  return Buffer.byteLength(json);
}

/** The same as JSON.stringify of the bundle, byte for byte. */
const writeBundle = (bundle: Bundle): string =>
  writeMembers(bundle, (name, value) =>
    name === 'entry' ? `[${(value as BundleEntry[]).map(writeEntry).join(',')}]` : JSON.stringify(value),
  );

/** Writes a resource as it was asked for. */
export function writeResource(resource: Resource, { syntax, pretty }: Format): string {
  if (syntax === 'xml') return toXml(resource, pretty);
  if (pretty) return JSON.stringify(resource, null, 2);
  return resource.resourceType === 'Bundle' ? writeBundle(resource) : JSON.stringify(resource);
}
