import { foldText } from '../search/text-tokens.js';

/** Meaning of a heading for the lines below it; `plain`: none, they are the patient's own. */
export type ListSection = 'plain' | 'allergies' | 'family-history' | 'history' | 'negated';

/** Headings of lists by their folded text. Built from resources/search/list-headings.csv. */
export type ListHeadings = ReadonlyMap<string, ListSection>;

/** A section of a list, and the heading that began it as it was typed. */
export interface Heading {
  readonly section: ListSection;
  readonly text: string;
}

/** Mark before a part of a line; a `number` is one of a list in one line: `1) HTN 2) asthma`. */
export type Divider = 'start' | 'comma' | 'semicolon' | 'tab' | 'number';

/** Part of a line between two dividers, as a place in the whole text: characters from `from` up to `to`. */
export interface ListPart {
  readonly from: number;
  readonly to: number;
  readonly divider: Divider;
}

export interface ListLine {
  /** Empty where the line is a heading alone. */
  readonly parts: readonly ListPart[];
  /** The heading that the line begins with. */
  readonly heading: Heading | undefined;
  /** Its section is that of a heading, on this line or above it. */
  readonly under: Heading | undefined;
}

/** A heading is no longer. */
const MAX_HEADING_CHARS = 60;
/** One without a colon is no shorter. */
const LEAST_BARE_CHARS = 7;
/** A bullet ends before, with the blanks around it. */
const MAX_BULLET_CHARS = 200;
const BULLET = /^[\s#]*(?:[-*•·–▪◦□☐]|\[[ xX]?\]|#?\d{1,3}[.)])\s+|^\s*#\s*/;
const FIRST_NUMBER = /^[\s#]*1([.)])\s/;
const DIVIDERS: ReadonlyMap<string, Divider> = new Map([
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
]);

/** A heading as headings are compared. */
export const headingKey = (text: string): string =>
  foldText(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The heading that a line begins with, and where what is behind it begins. One without a colon is known where it may begin a block. */
function readHeading(
  line: string,
  headings: ListHeadings,
  isBlockStart: boolean,
): { heading: Heading; end: number } | undefined {
  const colon = line.slice(0, MAX_HEADING_CHARS).indexOf(':');
  const text = (colon < 0 ? line : line.slice(0, colon)).trim();
  if (text.length === 0 || text.length > MAX_HEADING_CHARS) return undefined;
  const section = headings.get(headingKey(text));
  if (section === undefined) return undefined;
  // `ALL` alone is a leukemia.
  if (colon < 0 && (!isBlockStart || text.length < LEAST_BARE_CHARS)) return undefined;
  return { heading: { section, text }, end: colon < 0 ? line.length : colon + 1 };
}

/** The parts of a line. @param start place of the line in the whole text */
function readParts(line: string, start: number, isNumbered: boolean): ListPart[] {
  const parts: ListPart[] = [];
  const pattern = isNumbered ? /[,;\t]|\s\d{1,2}[.)]\s/g : /[,;\t]/g;
  let from = 0;
  let divider: Divider = 'start';
  const add = (to: number): void => {
    if (line.slice(from, to).trim() === '') return;
    parts.push({ from: start + from, to: start + to, divider: parts.length === 0 ? 'start' : divider });
  };
  for (const { 0: sign, index } of line.matchAll(pattern)) {
    add(index);
    divider = DIVIDERS.get(sign) ?? 'number';
    from = index + sign.length;
  }
  add(line.length);
  return parts;
}

/**
 * Reads a list into lines and their parts, with the heading that each line is under. A section ends at the next heading, or at an
 * empty line behind its first entry.
 */
export function readListLines(text: string, headings: ListHeadings): ListLine[] {
  const lines: ListLine[] = [];
  let under: Heading | undefined;
  let hasEntry = false;
  let isBlockStart = true;
  for (const { 0: raw, index } of text.matchAll(/[^\r\n]*(?:\r\n?|\n|$)/g)) {
    if (raw.trim() === '') {
      if (hasEntry) under = undefined;
      isBlockStart = true;
      continue;
    }
    const beginning = raw.slice(0, MAX_BULLET_CHARS);
    const bullet = BULLET.exec(beginning)?.[0].length ?? 0;
    const line = raw.slice(bullet).trimEnd();
    const start = index + bullet;
    // The last line begins no block.
    const mayBegin = isBlockStart && index + raw.length < text.length;
    const found = readHeading(line, headings, mayBegin);
    isBlockStart = false;
    if (found) [under, hasEntry] = [found.heading, false];
    const isNumbered = FIRST_NUMBER.test(beginning);
    const end = found?.end ?? 0;
    const parts = readParts(line.slice(end), start + end, isNumbered);
    if (parts.length > 0) hasEntry = true;
    if (parts.length > 0 || found) lines.push({ parts, heading: found?.heading, under });
  }
  return lines;
}
