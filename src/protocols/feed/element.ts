import { escapeHtml, escapeText } from '../../core/escape.js';
import { findOwn } from '../../core/find-own.js';

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
