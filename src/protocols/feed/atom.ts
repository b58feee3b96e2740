import type { Article } from '../../core/model/article.js';
import type { Library } from '../../core/model/library.js';
import { rememberLast } from '../../core/remember.js';
import type { Texts } from '../../texts.js';
import { escapeHtml, escapeText } from '../../core/escape.js';
import { findOwn } from '../../core/find-own.js';

/** How the connector names itself in a feed. */
export interface Connector {
  readonly name: string;
  /** Undefined: the address by which the client reaches us. */
  readonly url: string | undefined;
}

/** Parts of feeds that stay the same for every request. */
export interface FeedSite {
  readonly library: Library;
  readonly texts: Texts;
  readonly connector: Connector;
  readonly canonicalBase: string;
}

const writeSecond = rememberLast((second: number): string => `${new Date(second * 1000).toISOString().slice(0, 19)}Z`);

/** Atom's date-time without fractions of a second, as MedlinePlus Connect writes it: `YYYY-MM-DDThh:mm:ssZ`. */
export const atomTime = (now: Date): string => writeSecond(Math.floor(now.getTime() / 1000));

/** When an article was last changed: the day of its edition or last review, else that of the release which it came with. */
export function changedOn(
  { editionOn, reviewedOn }: Pick<Article, 'editionOn' | 'reviewedOn'>,
  releasedOn: string,
): string {
  return `${editionOn ?? reviewedOn ?? releasedOn}T00:00:00Z`;
}

/** An Atom text construct: `type` is how its text is to be read. */
export const textElement = (name: string, text: string, type: 'text' | 'html' = 'text'): Element =>
  element(name, text, { type });

/** A category of ours in a feed whose schemes are IRIs (RFC 4287, 4.2.2.2). */
export const ownCategory = (canonicalBase: string, name: string, term: string, label?: string): Element =>
  element('category', [], {
    scheme: `${canonicalBase}/category/${name}`,
    term,
    ...(label === undefined ? {} : { label }),
  });

/** A category of HL7's knowledge response, whose scheme is the name of a parameter: a relative reference, as HL7 has it. */
export const category = (scheme: string, term: string): Element => element('category', [], { scheme, term });

/** The connector as a feed's author. */
export const connectorAuthor = ({ name, url }: Connector, baseUrl: string): Element =>
  element('author', [element('name', name), element('uri', url ?? baseUrl)]);

/** One element of an answer, rendered alike as XML and as JSON. Attributes and children keep their order. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Children, or the element's text. */
  readonly content: readonly Element[] | string;
}

export const element = (
  name: string,
  content: readonly Element[] | string,
  attributes?: Readonly<Record<string, string>>,
): Element => (attributes ? { name, content, attributes } : { name, content });

/** Characters that XML 1.0 does not allow at all (production Char), lone surrogates among them. */
const NOT_XML = new RegExp(
  '[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]' +
    '|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]',
  'g',
);

/** Characters that need an escape or a replacement: markup, quotes, white space but blanks, and those that XML does not allow. */
const NOT_PLAIN = /[^\x20!#-%(-;=?-\uD7FF\uE000-\uFFFD]/;

const allowed = (text: string): string => text.replace(NOT_XML, '\uFFFD');

function renderText(text: string): string {
  return NOT_PLAIN.test(text) ? escapeText(allowed(text)) : text;
}

function renderAttribute(value: string): string {
  if (!NOT_PLAIN.test(value)) return value;
  // A parser reads white space in an attribute as blanks unless it is written as a character reference.
  return escapeHtml(allowed(value)).replace(/[\t\n\r]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

function renderElement(element: Element): string {
  const { name, attributes, content } = element;
  let tag = `<${name}`;
  if (attributes) for (const key in attributes) tag += ` ${key}="${renderAttribute(findOwn(attributes, key) ?? '')}"`;
  if (typeof content === 'string') return `${tag}>${renderText(content)}</${name}>`;
  if (content.length === 0) return `${tag}/>`;
  return `${tag}>${content.map(renderElement).join('')}</${name}>`;
}

/** Renders an element tree as an XML document in UTF-8. */
export function renderXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement(root)}\n`;
}
