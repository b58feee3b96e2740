import type { Bundle, BundleEntry, BundleEntryResponse, Resource } from '@medplum/fhirtypes';
import type { Steps } from '../../core/give-way.js';
import { LIMITS } from '../../limits.js';
import { answerTooLarge } from '../answer-too-large.js';
import type { Format } from './format.js';
import { toXml } from './xml.js';

/** So much text of a bundle's entries is made into bytes at once. */
const CHUNK_CHARS = 65_536;

/** Resources that stay as they are for as long as they are held, and each as JSON once it was written. */
const lasting = new WeakMap<Resource, string>();

/** Notes the JSON of a resource that never changes, where it was written already. */
export function writtenAs(resource: Resource, json: string): void {
  lasting.set(resource, json);
}

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

/**
 * An entry that was written before its bundle is: it holds the bytes of its JSON, outside the heap, in place of a resource that is
 * ten times as large in memory. Whoever asks for its elements has them read again.
 */
class WrittenEntry implements BundleEntry {
  readonly #json: Buffer;

  constructor(json: Buffer) {
    this.#json = json;
  }

  static jsonOf(entry: BundleEntry): Buffer | undefined {
    return #json in entry ? entry.#json : undefined;
  }

  #read(): BundleEntry {
    return JSON.parse(this.#json.toString()) as BundleEntry;
  }

  get resource(): Resource {
    return this.#read().resource as Resource;
  }

  get response(): BundleEntryResponse {
    return this.#read().response as BundleEntryResponse;
  }

  toJSON(): BundleEntry {
    return this.#read();
  }
}

const writeEntry = (entry: BundleEntry): string =>
  writeMembers(entry, (name, value) => (name === 'resource' ? toJson(value as Resource) : JSON.stringify(value)));

/** An entry of an answer to a Bundle, written ahead of the bundle that it is put into, and the bytes of its JSON. */
export function writeAhead(entry: BundleEntry): { entry: BundleEntry; bytes: number } {
  const json = Buffer.from(writeEntry(entry));
  return { entry: new WrittenEntry(json), bytes: json.length };
}

/**
 * The same as JSON.stringify of the bundle, byte for byte.
 * @throws RequestError `answer-too-large` as soon as it is
 */
function* writeBundle(bundle: Bundle): Steps<string | Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer): void => {
    bytes += part.length;
    if (bytes > LIMITS.maxAnswerBytes) throw answerTooLarge();
    parts.push(part);
  };
  let text = '{';
  for (const [name, value] of Object.entries(bundle)) {
    if (value === undefined) continue;
    text += `${text === '{' ? '' : ','}"${name}":`;
    if (name !== 'entry') {
      text += JSON.stringify(value);
      continue;
    }
    for (const [index, entry] of (value as BundleEntry[]).entries()) {
      const written = WrittenEntry.jsonOf(entry);
      text += index === 0 ? '[' : ',';
      if (!written) text += writeEntry(entry);
      if (!written && text.length < CHUNK_CHARS) continue;
      add(Buffer.from(text));
      if (written) add(written);
      text = '';
      yield;
    }
    text += ']';
  }
  if (parts.length === 0) return `${text}}`;
  add(Buffer.from(`${text}}`));
  return Buffer.concat(parts, bytes);
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
