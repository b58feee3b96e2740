import type { Element } from './element.js';
import { element } from './element.js';

/** What the connector says of itself in a feed. */
export interface Connector {
  readonly name: string;
  readonly url: string;
}

/** Atom's date-time without fractions of a second, as MedlinePlus Connect writes it: `YYYY-MM-DDThh:mm:ssZ`. */
export function atomTime(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** An Atom text construct: `type` says how its text is to be read. */
export const textElement = (name: string, text: string, type: 'text' | 'html' = 'text'): Element =>
  element(name, text, { type });

export const category = (scheme: string, term: string): Element => element('category', [], { scheme, term });

/** The connector as a feed's author. */
export const connectorAuthor = ({ name, url }: Connector): Element =>
  element('author', [element('name', name), element('uri', url)]);
