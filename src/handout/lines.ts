import { isUsualFont, type FontName, type Fonts } from './fonts.js';
import type { Run } from './rich-text.js';

/** Part of a line in one font and with one link. */
export interface LinePart {
  readonly text: string;
  readonly font: FontName;
  /** In points. */
  readonly width: number;
  readonly href?: string | undefined;
  /** Name of the place at its beginning. */
  readonly anchor?: string | undefined;
  readonly isMark?: boolean | undefined;
}

export interface Line {
  readonly parts: readonly LinePart[];
  readonly width: number;
}

/** Size and width of lines in points, and the text's language if it is not the document's (BCP 47). */
export interface LineFormat {
  readonly size: number;
  readonly width: number;
  readonly language?: string | undefined;
}

/** Parts of a line that have one link, or none. */
export function groupByLink(parts: readonly LinePart[]): { href: string | undefined; parts: LinePart[] }[] {
  const groups: { href: string | undefined; parts: LinePart[] }[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last?.href === part.href && last) last.parts.push(part);
    else groups.push({ href: part.href, parts: [part] });
  }
  return groups;
}

/** Measures a text in points, in a font at a size. */
export type Measure = (text: string, font: FontName, size: number) => number;

/** A word, which is not split between lines although it may have several styles. */
type Word = LinePart[];

const measureParts = (parts: readonly LinePart[]): number => parts.reduce((sum, { width }) => sum + width, 0);

/** Beside a letter of Chinese or Japanese a line may end, but not before a closing mark or after an opening one. */
const CHARACTER = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`;
const SMALL = 'ーぁぃぅぇぉっゃゅょァィゥェォッャュョ';
const BESIDE_CHARACTERS = new RegExp(
  [
    `(?<=[${CHARACTER}、。，．：；！？）」』】》…])(?=[${CHARACTER}（「『【《])(?![${SMALL}])`,
    `(?<=[${CHARACTER}、。，；！？])(?=[\\p{Script=Latin}\\d])`,
    `(?<=[\\p{Script=Latin}\\d])(?=[${CHARACTER}（「『【《])`,
  ].join('|'),
  'gu',
);

/** Splits runs into words, spaces and line ends. A zero-width space splits a word without a space. */
function* splitWords(
  runs: readonly Run[],
  { size, language }: LineFormat,
  fonts: Fonts,
  measure: Measure,
): Generator<Word | ' ' | '\n'> {
  let word: Word = [];
  for (const { text, href, anchor, isMark, ...look } of runs) {
    let place = anchor;
    for (const token of text.replace(BESIDE_CHARACTERS, '\u200b').split(/([ \t]+|\n|\u200b)/)) {
      if (token === '') continue;
      const isBreak = /^[ \t\n\u200b]/.test(token);
      if (!isBreak) {
        for (const { font, text: piece } of fonts.divide(token, { ...look, language })) {
          word.push({ text: piece, font, width: measure(piece, font, size), href, anchor: place, isMark });
          place = undefined;
        }
        continue;
      }
      if (word.length > 0) yield word;
      word = [];
      if (token === '\n') yield '\n';
      else if (token !== '\u200b') yield ' ';
    }
  }
  if (word.length > 0) yield word;
}

/** Adds a part; it joins a neighbour with the same font and link: each is drawn, and read aloud, as one. */
function append(parts: LinePart[], part: LinePart): void {
  const last = parts.at(-1);
  const isSame = last?.font === part.font && last.href === part.href && last.isMark === part.isMark;
  if (isSame && part.anchor === undefined) {
    parts[parts.length - 1] = { ...last, text: last.text + part.text, width: last.width + part.width };
  } else parts.push(part);
}

/** Splits a word that is wider than a line, between letters. */
function divideWord(word: Word, size: number, most: number, measure: Measure): Word[] {
  const words: Word[] = [];
  let now: Word = [];
  for (const part of word) {
    let isFirst = true;
    for (const letter of part.text) {
      const width = measure(letter, part.font, size);
      if (now.length > 0 && measureParts(now) + width > most) {
        words.push(now);
        now = [];
      }
      append(now, { ...part, text: letter, width, anchor: isFirst ? part.anchor : undefined });
      isFirst = false;
    }
  }
  return now.length > 0 ? [...words, now] : words;
}

/** Slices of the fallback fonts have no space. */
const toBlankFont = (font: FontName): FontName => (isUsualFont(font) ? font : 'regular');

/** The parts with a space at the end, whose width does not count: it separates two lines when read aloud or copied. */
export function endWithSpace(parts: readonly LinePart[]): LinePart[] {
  const last = parts.at(-1);
  if (!last) return [];
  const space = { text: ' ', font: toBlankFont(last.font), width: 0, href: last.href };
  return isUsualFont(last.font) ? [...parts.slice(0, -1), { ...last, text: `${last.text} ` }] : [...parts, space];
}

/** A line that is being filled. */
class OpenLine {
  #parts: LinePart[] = [];
  #width = 0;
  #blank = 0;

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  /** A space is written only if a word follows on the same line. */
  addBlank(size: number, measure: Measure): void {
    const last = this.#parts.at(-1);
    this.#blank = last ? measure(' ', toBlankFont(last.font), size) : 0;
  }

  hasRoomFor(word: Word, most: number): boolean {
    return this.isEmpty || this.#width + this.#blank + measureParts(word) <= most;
  }

  add(word: Word): void {
    const last = this.#parts.at(-1);
    if (last && this.#blank > 0) {
      const isLinked = last.href !== undefined && last.href === word[0]?.href;
      this.#parts.push({
        text: ' ',
        font: toBlankFont(last.font),
        width: this.#blank,
        href: isLinked ? last.href : undefined,
      });
      this.#width += this.#blank;
    }
    this.#parts.push(...word);
    this.#width += measureParts(word);
    this.#blank = 0;
  }

  /** Returns the line and starts an empty one. */
  take(size: number, measure: Measure): Line {
    const joined: LinePart[] = [];
    for (const part of this.#parts) append(joined, part);
    // Words that are drawn as one text are closer to each other by its font's kerning.
    const parts = joined.map((part) => ({ ...part, width: measure(part.text, part.font, size) }));
    const line = { parts, width: measureParts(parts) };
    this.#parts = [];
    this.#width = 0;
    this.#blank = 0;
    return line;
  }
}

/** Breaks runs into lines of a maximum width in points; a wider word is split between letters. */
export function* breakLines(runs: readonly Run[], format: LineFormat, fonts: Fonts, measure: Measure): Generator<Line> {
  const { size, width: most } = format;
  const line = new OpenLine();
  for (const word of splitWords(runs, format, fonts, measure)) {
    if (word === '\n') yield line.take(size, measure);
    else if (word === ' ') line.addBlank(size, measure);
    else {
      for (const part of measureParts(word) <= most ? [word] : divideWord(word, size, most, measure)) {
        if (!line.hasRoomFor(part, most)) yield line.take(size, measure);
        line.add(part);
      }
    }
  }
  if (!line.isEmpty) yield line.take(size, measure);
}
