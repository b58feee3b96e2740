import type { Article } from '../../core/model/article.js';
import type { Library } from '../../core/model/library.js';
import { rememberLast } from '../../core/remember.js';
import type { Texts } from '../../texts.js';
import { element, type Element } from './element.js';

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
