import { findOwn } from '../find-own.js';
import { readDataFile } from '../read-data-file.js';
import type { Language } from '../model/language.js';

/** A line of a leaflet: a paragraph, an item, a cell, or what is between two line breaks of one. */
export interface LeafletLine {
  /** Plain text, never empty. */
  readonly text: string;
  /** Offset of its first letter in the leaflet's HTML. */
  readonly at: number;
  readonly isHeading: boolean;
}

const DATA = readDataFile('drugs/leaflet-concerns.yaml') as {
  readonly headings: Readonly<Record<Language, readonly string[]>>;
};
/** Lines in plain print that are headings, in any language of ours: a leaflet may mix them. */
const HEADING = new RegExp(Object.values(DATA.headings).flat().join('|'), 'i');

const TOKEN = /<(\/?)([a-z]+\d?)(?:[ /][^<>]*)?>|[^<]+/g;
const BREAKS = new Set(['p', 'li', 'td', 'th', 'caption', 'h3', 'h4', 'tr', 'table', 'ul', 'ol', 'br']);
/** A longer line in bold is a sentence. */
const MAX_HEADING_CHARS = 200;
const BULLET = /^[•○◦·▪●*–-]/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

const decode = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#39);/g, (one) => findOwn(ENTITIES, one) ?? one);

interface OpenLine {
  at: number;
  text: string;
  /** Some of its letters are not bold. */
  hasPlain: boolean;
}

class LineReader {
  readonly lines: { text: string; at: number; isHeading: boolean }[] = [];
  #line: OpenLine | undefined;
  #bold = 0;
  #items = 0;
  #isTitle = false;
  /** Rows that are open, with the place of their first line and the number of their cells. */
  readonly #rows: { readonly from: number; cells: number }[] = [];

  text(token: string, index: number): void {
    if (this.#line === undefined) {
      const blanks = token.length - token.trimStart().length;
      if (blanks === token.length) return;
      this.#line = { at: index + blanks, text: '', hasPlain: false };
    }
    this.#line.text += token;
    if (this.#bold === 0 && /[\p{L}\p{N}]/u.test(token)) this.#line.hasPlain = true;
  }

  start(name: string): void {
    if (BREAKS.has(name)) this.#endLine();
    if (name === 'strong') this.#bold += 1;
    else if (name === 'li') this.#items += 1;
    else if (name === 'h3' || name === 'h4') this.#isTitle = true;
    else if (name === 'tr') this.#rows.push({ from: this.lines.length, cells: 0 });
    const row = this.#rows.at(-1);
    if (row && (name === 'td' || name === 'th')) row.cells += 1;
  }

  end(name: string): void {
    if (BREAKS.has(name)) this.#endLine();
    if (name === 'strong') this.#bold -= 1;
    else if (name === 'li') this.#items -= 1;
    else if (name === 'h3' || name === 'h4') this.#isTitle = false;
    else if (name === 'tr') this.#endRow();
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = undefined;
    if (!line) return;
    const text = decode(line.text).replace(/\s+/g, ' ').trim();
    const isSetApart = this.#isTitle || (!line.hasPlain && this.#items === 0) || isMainHeading(text);
    const isHeading = isSetApart && /\p{L}/u.test(text) && text.length <= MAX_HEADING_CHARS && !BULLET.test(text);
    this.lines.push({ text, at: line.at, isHeading });
  }

  /** Cells beside each other are no headings. */
  #endRow(): void {
    const { from = 0, cells = 0 } = this.#rows.pop() ?? {};
    if (cells > 1) for (const line of this.lines.slice(from)) line.isHeading = false;
  }

  finish(): readonly LeafletLine[] {
    this.#endLine();
    return this.lines;
  }
}

/** Reads the lines of a leaflet's HTML as the import writes it (`import/spl/section-writer.ts`), in their order. */
export function readLeafletLines(html: string): readonly LeafletLine[] {
  const reader = new LineReader();
  for (const { 0: token, 1: slash, 2: name, index } of html.matchAll(TOKEN)) {
    if (name === undefined) reader.text(token, index);
    else if (slash === '/') reader.end(name);
    else reader.start(name);
  }
  return reader.finish();
}

/** True if a heading is one of a leaflet's main ones: a question, or a subject that labels name. */
export const isMainHeading = (text: string): boolean => text.length <= MAX_HEADING_CHARS && HEADING.test(text);
