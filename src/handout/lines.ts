import type { FontName, Fonts } from './fonts.js';
import type { Run } from './rich-text.js';

/** Part of a line in one font and with one link. */
export interface LinePart {
  readonly text: string;
  readonly font: FontName;
  /** In points. */
  readonly width: number;
  readonly href?: string | undefined;
}

export interface Line {
  readonly parts: readonly LinePart[];
  readonly width: number;
}

/** Measures a text in points, in a font at a size. */
export type Measure = (text: string, font: FontName, size: number) => number;

/** A word, which is not split between lines although it may have several styles. */
type Word = LinePart[];

const measureParts = (parts: readonly LinePart[]): number => parts.reduce((sum, { width }) => sum + width, 0);

/** Splits runs into words, spaces and line ends. A zero-width space splits a word without a space. */
function* splitWords(runs: readonly Run[], size: number, fonts: Fonts, measure: Measure): Generator<Word | ' ' | '\n'> {
  let word: Word = [];
  for (const { text, href, ...look } of runs) {
    for (const token of text.split(/([ \t]+|\n|\u200b)/)) {
      if (token === '') continue;
      const isBreak = /^[ \t\n\u200b]/.test(token);
      if (!isBreak) {
        for (const { font, text: piece } of fonts.divide(token, look)) {
          word.push({ text: piece, font, width: measure(piece, font, size), href });
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
  if (last?.font === part.font && last.href === part.href) {
    parts[parts.length - 1] = { ...last, text: last.text + part.text, width: last.width + part.width };
  } else parts.push(part);
}

/** Splits a word that is wider than a line, between letters. */
function divideWord(word: Word, size: number, most: number, measure: Measure): Word[] {
  const words: Word[] = [];
  let now: Word = [];
  for (const part of word) {
    for (const letter of part.text) {
      const width = measure(letter, part.font, size);
      if (now.length > 0 && measureParts(now) + width > most) {
        words.push(now);
        now = [];
      }
      append(now, { ...part, text: letter, width });
    }
  }
  return now.length > 0 ? [...words, now] : words;
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
    this.#blank = last ? measure(' ', last.font, size) : 0;
  }

  hasRoomFor(word: Word, most: number): boolean {
    return this.isEmpty || this.#width + this.#blank + measureParts(word) <= most;
  }

  add(word: Word): void {
    const last = this.#parts.at(-1);
    if (last && this.#blank > 0) {
      const isLinked = last.href !== undefined && last.href === word[0]?.href;
      this.#parts.push({ text: ' ', font: last.font, width: this.#blank, href: isLinked ? last.href : undefined });
      this.#width += this.#blank;
    }
    this.#parts.push(...word);
    this.#width += measureParts(word);
    this.#blank = 0;
  }

  /** Returns the line and starts an empty one. */
  take(): Line {
    const parts: LinePart[] = [];
    for (const part of this.#parts) append(parts, part);
    const line = { parts, width: this.#width };
    this.#parts = [];
    this.#width = 0;
    this.#blank = 0;
    return line;
  }
}

/** Breaks runs into lines of a maximum width in points; a wider word is split between letters. */
export function* breakLines(
  runs: readonly Run[],
  { size, width: most }: { readonly size: number; readonly width: number },
  fonts: Fonts,
  measure: Measure,
): Generator<Line> {
  const line = new OpenLine();
  for (const word of splitWords(runs, size, fonts, measure)) {
    if (word === '\n') yield line.take();
    else if (word === ' ') line.addBlank(size, measure);
    else {
      for (const part of measureParts(word) <= most ? [word] : divideWord(word, size, most, measure)) {
        if (!line.hasRoomFor(part, most)) yield line.take();
        line.add(part);
      }
    }
  }
  if (!line.isEmpty) yield line.take();
}
