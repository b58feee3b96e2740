import { escapeHtml, escapeText } from '../../core/escape.js';
import type { Element } from './element.js';

/** Characters that XML 1.0 does not allow at all (production Char), lone surrogates among them. */
const NOT_XML = new RegExp(
  '[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]' +
    '|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]',
  'g',
);

const allowed = (text: string): string => text.replace(NOT_XML, '\uFFFD');

function xmlAttribute(value: string): string {
  // A parser reads white space in an attribute as blanks unless it is written as a character reference.
  return escapeHtml(allowed(value)).replace(/[\t\n\r]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

function renderElement({ name, attributes, content }: Element): string {
  let tag = `<${name}`;
  if (attributes) for (const key in attributes) tag += ` ${key}="${xmlAttribute(attributes[key] ?? '')}"`;
  if (typeof content === 'string') return `${tag}>${escapeText(allowed(content))}</${name}>`;
  if (content.length === 0) return `${tag}/>`;
  let inner = '';
  for (const child of content) inner += renderElement(child);
  return `${tag}>${inner}</${name}>`;
}

/** Renders an element tree as an XML document in UTF-8. */
export function renderXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement(root)}\n`;
}
