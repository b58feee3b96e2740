import type { Resource } from '@medplum/fhirtypes';
import type { Steps, Walk } from '../../core/give-way.js';
import { walkTree } from '../../core/give-way.js';
import type { Property, Structure } from './structure.js';
import { isPrimitiveType, structureOf } from './structure.js';

type Json = Readonly<Record<string, unknown>>;

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
const escape = (text: string): string => text.replace(/[&<>"\n\r\t]/g, (sign) => ESCAPES[sign] ?? sign);
// XML 1.0 has no such characters, not even as references.
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const dropControls = (text: string): string => text.replace(NO_XML, '');

const textOf = (value: unknown): string => escape(dropControls(String(value)));
const attribute = (name: string, value: unknown): string => ` ${name}="${textOf(value)}"`;
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** Writes elements, each on a line of its own where they are laid out. */
class XmlWriter {
  readonly #pretty: boolean;

  constructor(pretty: boolean) {
    this.#pretty = pretty;
  }

  *resource(resource: Json, indent: string, namespace = ''): Walk<string> {
    const type = String(resource.resourceType);
    const children = (yield this.#children(resource, structureOf(type), `${indent}  `)) as string;
    return this.#element(type, namespace, children, indent);
  }

  #element(name: string, attributes: string, children: string, indent: string): string {
    const start = this.#pretty ? `\n${indent}` : '';
    if (children === '') return `${start}<${name}${attributes}/>`;
    return `${start}<${name}${attributes}>${children}${start}</${name}>`;
  }

  *#children(value: Json, { properties, isResource }: Structure, indent: string, type = ''): Walk<string> {
    const attributes = isResource ? [] : type === 'Extension' ? ['id', 'url'] : ['id'];
    let xml = '';
    for (const property of properties) {
      const { name } = property;
      // The id of an element, and the address of an extension, are attributes (R4 xml, 2.6.1); a resource's id is none.
      if (attributes.includes(name)) continue;
      if (isPrimitiveType(property.type)) {
        const [own, beside] = [value[name], value[`_${name}`]];
        if (own !== undefined || beside !== undefined)
          xml += (yield this.#primitives(property, own, beside, indent)) as string;
      } else for (const one of listOf(value[name])) xml += (yield this.#complex(property, one, indent)) as string;
    }
    return xml;
  }

  /** `value`, and what stands beside it in `_name`: an id and extensions (R4 json, 2.6.2.1). */
  *#primitives({ name }: Property, value: unknown, beside: unknown, indent: string): Walk<string> {
    const [values, extras] = [listOf(value), listOf(beside)];
    let xml = '';
    for (let i = 0; i < Math.max(values.length, extras.length); i++) {
      const extra = (extras[i] ?? undefined) as Json | undefined;
      const one = values[i] ?? undefined;
      if (one === undefined && extra === undefined) continue;
      const id = extra?.id === undefined ? '' : attribute('id', extra.id);
      const children = extra ? ((yield this.#children(extra, structureOf('Element'), `${indent}  `)) as string) : '';
      xml += this.#element(name, id + (one === undefined ? '' : attribute('value', one)), children, indent);
    }
    return xml;
  }

  *#complex({ name, type, structure }: Property, value: unknown, indent: string): Walk<string> {
    // A narrative's XHTML is XML already.
    if (type === 'xhtml') return (this.#pretty ? `\n${indent}` : '') + String(value);
    if (!structure) {
      const resource = (yield this.resource(value as Json, `${indent}  `)) as string;
      return this.#element(name, '', resource, indent);
    }
    const { id, url } = value as { id?: unknown; url?: unknown };
    const attributes =
      (id === undefined ? '' : attribute('id', id)) + (type === 'Extension' ? attribute('url', url) : '');
    const children = (yield this.#children(value as Json, structure(), `${indent}  `, type)) as string;
    return this.#element(name, attributes, children, indent);
  }
}

/** Writes a resource as XML (R4 xml, 2.6.1), its elements in R4's order. */
export function* toXml(resource: Resource, pretty = false): Steps<string> {
  const writer = new XmlWriter(pretty);
  const body = yield* walkTree(writer.resource(resource as unknown as Json, '', ' xmlns="http://hl7.org/fhir"'));
  return `<?xml version="1.0" encoding="UTF-8"?>${body}`;
}
