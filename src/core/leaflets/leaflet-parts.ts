import { escapeHtml } from '../escape.js';
import type { Language } from '../model/language.js';
import { findConcerns, type Concern } from './concerns.js';
import { isMainHeading, readLeafletLines, type LeafletLine } from './leaflet-lines.js';

/** A part of a leaflet: a heading with all that stands below it. */
export interface LeafletPart {
  /** The leaflet's own words. */
  readonly heading: string;
  /** Offset of its first letter in the leaflet's HTML. */
  readonly at: number;
  /** Situations that its heading names. */
  readonly named: ReadonlySet<Concern>;
  /** Situations that its heading or any line below it names. */
  readonly concerns: ReadonlySet<Concern>;
  readonly isMain: boolean;
}

/** Main headings from which on the contents list no others. */
const MIN_MAIN = 3;
/** A longer line is cut where it is listed for want of a heading. */
const MAX_LISTED_CHARS = 120;

function cutLine(text: string): string {
  if (text.length <= MAX_LISTED_CHARS) return text;
  const cut = text.slice(0, MAX_LISTED_CHARS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 1))} …`;
}

function toPart([first, ...rest]: readonly [LeafletLine, ...LeafletLine[]]): LeafletPart {
  const named = new Set(first.isHeading ? findConcerns(first.text) : []);
  return {
    heading: first.isHeading ? first.text : cutLine(first.text),
    at: first.at,
    named,
    concerns: new Set([first, ...rest].flatMap(({ text }) => findConcerns(text))),
    isMain: first.isHeading && isMainHeading(first.text),
  };
}

/** Divides a leaflet's HTML at its headings: each line is in one part. Lines before the first heading are a part of their own. */
export function readParts(html: string): LeafletPart[] {
  const parts: [LeafletLine, ...LeafletLine[]][] = [];
  for (const line of readLeafletLines(html)) {
    const part = parts.at(-1);
    if (part && !line.isHeading) part.push(line);
    else parts.push([line]);
  }
  return parts.map(toPart);
}

/** An entry of a leaflet's contents. */
export interface ContentsEntry extends Pick<LeafletPart, 'heading'> {
  /** Id of the part in the arranged HTML. */
  readonly anchor: string;
  /** Names of the patient's situations that the part is about; empty: it is not marked. */
  readonly mark: string;
}

/** A leaflet with its contents. */
export interface ArrangedLeaflet {
  /** The leaflet's HTML, whole and in its order, with an element at the beginning of each part that the contents name. */
  readonly html: string;
  /** Parts about the patient's situations first. */
  readonly contents: readonly ContentsEntry[];
}

/** The patient's situations with their names. */
export interface NamedConcerns {
  /** In the order in which they are named. */
  readonly names: ReadonlyMap<Concern, string>;
  /** Language of the names. */
  readonly language: Language;
}

/** The element at the beginning of a part: a place to lead to, and the names of what a marked one is about. */
const writeMark = (anchor: string, names: string, language: Language): string =>
  names === ''
    ? `<span id="${anchor}"></span>`
    : `<mark id="${anchor}" lang="${language}">${escapeHtml(names)}</mark> `;

/**
 * Lists a leaflet's parts, those about a patient's situations first, and marks these in the text. Nothing of the text is moved or changed.
 * @param prefix of the parts' ids, unique on the page
 */
export function arrangeLeaflet(html: string, concerns: NamedConcerns, prefix: string): ArrangedLeaflet {
  const parts = readParts(html);
  const hasMain = parts.filter(({ isMain }) => isMain).length >= MIN_MAIN;
  const listed = parts.flatMap((part, at) => {
    const about = [...concerns.names].filter(([concern]) => part.concerns.has(concern));
    if (about.length === 0 && hasMain && !part.isMain) return [];
    const mark = about.map(([, name]) => name).join(', ');
    return {
      ...part,
      anchor: `${prefix}-${at + 1}`,
      mark,
      isNamed: about.some(([concern]) => part.named.has(concern)),
    };
  });
  let [written, from] = ['', 0];
  for (const { at, anchor, mark } of listed) {
    written += html.slice(from, at) + writeMark(anchor, mark, concerns.language);
    from = at;
  }
  const rank = ({ isNamed, mark }: (typeof listed)[number]): number => (isNamed ? 0 : mark === '' ? 2 : 1);
  const contents = [...listed]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ heading, anchor, mark }) => ({ heading, anchor, mark }));
  return { html: written + html.slice(from), contents };
}
