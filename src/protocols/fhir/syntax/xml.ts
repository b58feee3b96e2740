import type { BundleEntry, Resource } from '@medplum/fhirtypes';
import { LIMITS } from '../../../limits.js';
import type { JsonObject } from '../../json-object.js';
import { answerTooLarge } from '../../route.js';
import { getStructure, type Property, type Structure } from './structure.js';
import { isPrimitiveType } from './primitives.js';
import { findOwn } from '../../../core/find-own.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser makes blanks of these where they stand in an attribute as they are.
  '\n': '&#xA;',
  '\r': '&#xD;',
  '\t': '&#x9;',
};
const escape = (text: string): string => text.replace(/[&<>"\n\r\t]/g, (sign) => findOwn(ESCAPES, sign) ?? sign);
// XML 1.0 has no such characters, not even as references.
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const dropControls = (text: string): string => text.replace(NO_XML, '');

const toText = (value: unknown): string => escape(dropControls(String(value)));
const attribute = (name: string, value: unknown): string => ` ${name}="${toText(value)}"`;
const toList = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** A text put together of small parts takes several times its memory until it is read: a longer one is held as bytes. */
const PIECE_CHARS = 65_536;

/** Writes elements, each on a line of its own where they are laid out. */
class XmlWriter {
  readonly #pretty: boolean;
  readonly #pieces: Buffer[] = [];
  /** Characters in the pieces. */
  #kept = 0;
  /** Text behind the pieces. */
  #text: string;
  /** Whether the tag that was written last may become that of an empty element. */
  #isOpen = false;

  /** @param start what stands before the elements */
  constructor(start: string, pretty: boolean) {
    this.#text = start;
    this.#pretty = pretty;
  }

  /** All that was written. */
  get text(): string {
    return Buffer.concat(this.#pieces).toString() + this.#text;
  }

  resource(resource: JsonObject, indent: string, namespace = ''): void {
    const type = String(resource.resourceType);
    this.#start(type, namespace, indent);
    this.#children(resource, getStructure(type), `${indent}  `);
    this.#end(type, indent);
  }

  complex({ name, type, structure }: Property, value: unknown, indent: string): void {
    // A narrative's XHTML is XML already.
    if (type === 'xhtml') {
      this.#add(this.#newLine(indent) + String(value));
      return;
    }
    if (!structure) {
      this.#start(name, '', indent);
      this.resource(value as JsonObject, `${indent}  `);
      this.#end(name, indent);
      return;
    }
    const { id, url } = value as { id?: unknown; url?: unknown };
    const attributes =
      (id === undefined ? '' : attribute('id', id)) + (type === 'Extension' ? attribute('url', url) : '');
    this.#start(name, attributes, indent);
    this.#children(value as JsonObject, structure(), `${indent}  `, type);
    this.#end(name, indent);
  }

  #newLine(indent: string): string {
    return this.#pretty ? `\n${indent}` : '';
  }

  /** Adds what stands in the element whose start tag was written last. @throws RequestError `answer-too-large` */
  #add(part: string): void {
    this.#text += this.#isOpen ? `>${part}` : part;
    this.#isOpen = false;
    if (this.#kept + this.#text.length > LIMITS.maxAnswerBytes) throw answerTooLarge();
    if (this.#text.length <= PIECE_CHARS) return;
    this.#kept += this.#text.length;
    this.#pieces.push(Buffer.from(this.#text));
    this.#text = '';
  }

  #start(name: string, attributes: string, indent: string): void {
    this.#add(`${this.#newLine(indent)}<${name}${attributes}`);
    this.#isOpen = true;
  }

  #end(name: string, indent: string): void {
    this.#text += this.#isOpen ? '/>' : `${this.#newLine(indent)}</${name}>`;
    this.#isOpen = false;
  }

  #children(value: JsonObject, { properties, isResource }: Structure, indent: string, type = ''): void {
    const attributes = isResource ? [] : type === 'Extension' ? ['id', 'url'] : ['id'];
    for (const property of properties) {
      const { name } = property;
      // The id of an element, and the address of an extension, are attributes (R4 xml, 2.6.1); a resource's id is none.
      if (attributes.includes(name)) continue;
      if (isPrimitiveType(property.type)) {
        const [own, beside] = [value[name], value[`_${name}`]];
        if (own !== undefined || beside !== undefined) this.#primitives(property, own, beside, indent);
      } else for (const one of toList(value[name])) this.complex(property, one, indent);
    }
  }

  /** `value`, and what stands beside it in `_name`: an id and extensions (R4 json, 2.6.2.1). */
  #primitives({ name }: Property, value: unknown, beside: unknown, indent: string): void {
    const [values, extras] = [toList(value), toList(beside)];
    for (let i = 0; i < Math.max(values.length, extras.length); i++) {
      const extra = (extras[i] ?? undefined) as JsonObject | undefined;
      const one = values[i] ?? undefined;
      if (one === undefined && extra === undefined) continue;
      const id = extra?.id === undefined ? '' : attribute('id', extra.id);
      this.#start(name, id + (one === undefined ? '' : attribute('value', one)), indent);
      if (extra) this.#children(extra, getStructure('Element'), `${indent}  `);
      this.#end(name, indent);
    }
  }
}

/** Writes a resource as XML (R4 xml, 2.6.1), its elements in R4's order. @throws RequestError `answer-too-large` as soon as it is */
export function toXml(resource: Resource, pretty = false): string {
  const writer = new XmlWriter('<?xml version="1.0" encoding="UTF-8"?>', pretty);
  writer.resource(resource as unknown as JsonObject, '', ' xmlns="http://hl7.org/fhir"');
  return writer.text;
}

/** An entry as it stands in a Bundle that is not laid out. @throws RequestError `answer-too-large` */
export function entryToXml(entry: BundleEntry): string {
  const property = getStructure('Bundle').byName.get('entry');
  if (!property) throw new Error('R4 has entries in a Bundle');
  const writer = new XmlWriter('', false);
  writer.complex(property, entry, '');
  return writer.text;
}
