import bidiModule, { type Bidi } from 'bidi-js';
import type { LinePart, Measure } from './lines.js';

// The package's types describe an ES module; Node loads its CommonJS file, which is the function itself.
const bidi = (bidiModule as unknown as () => Bidi)();
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
/** Letters whose script has a direction: the first one decides that of its paragraph (Unicode Standard Annex 9, P2). */
const LETTER = /\p{L}/u;

/** Letters that are drawn in another order or other forms than they are stored in. */
const SHAPED = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Devanagari}]/u;

/** True if a text cannot be read back from its glyphs: its PDF states it beside them. */
export const isShaped = (text: string): boolean => SHAPED.test(text);

/** True if some letters of a text are read from right to left. */
export const hasRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** True if a text is read from right to left: its first letter is. */
export function isRightToLeft(text: string): boolean {
  const first = LETTER.exec(text)?.[0];
  return first !== undefined && RIGHT_TO_LEFT.test(first);
}

/** A part of a line with its embedding level: odd ones are read from right to left. */
interface LevelPart extends LinePart {
  readonly level: number;
}

/** Telephone numbers: after Arabic letters the standard's rules would turn their groups round. */
const PHONE = /\d+(?:-\d+)+/g;
/** Level of a number in text that is read from right to left. */
const NUMBER_LEVEL = 2;

/** Embedding levels of a line, one for each character. */
function findLevels(text: string, isTurned: boolean): Uint8Array {
  const { levels } = bidi.getEmbeddingLevels(text, isTurned ? 'rtl' : 'ltr');
  for (const { index, 0: number } of text.matchAll(PHONE)) {
    if (levels[index] !== 0) levels.fill(NUMBER_LEVEL, index, index + number.length);
  }
  return levels;
}

/** Divides the parts of a line where the direction changes. */
function* splitByLevel(
  parts: readonly LinePart[],
  levels: Uint8Array,
): Generator<{ text: string; level: number; part: LinePart }> {
  let offset = 0;
  for (const part of parts) {
    let from = 0;
    for (let at = 1; at <= part.text.length; at += 1) {
      const level = levels[offset + from] ?? 0;
      if (at < part.text.length && levels[offset + at] === level) continue;
      yield { text: part.text.slice(from, at), level, part };
      from = at;
    }
    offset += part.text.length;
  }
}

const mirror = (text: string): string => Array.from(text, (char) => bidi.getMirroredCharacter(char) ?? char).join('');

/** The text as its font lays it out: fontkit turns a run round if it has a letter of such a script. */
function toLaidOut(text: string, level: number): string {
  if (level % 2 === 0) return text;
  const mirrored = mirror(text);
  return LETTER.test(text) ? mirrored : Array.from(mirrored).reverse().join('');
}

/** Orders the parts of a line from left to right (Unicode Standard Annex 9, L2). */
function reorder(parts: readonly LevelPart[]): LevelPart[] {
  const ordered = [...parts];
  for (let level = Math.max(0, ...parts.map((part) => part.level)); level > 0; level -= 1) {
    for (let from = 0; from < ordered.length; from += 1) {
      let to = from;
      while ((ordered[to]?.level ?? -1) >= level) to += 1;
      if (to > from) ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      from = to;
    }
  }
  return ordered;
}

/**
 * The parts of a line in the order in which they are drawn from left to right.
 * @param isTurned the paragraph is read from right to left
 */
export function orderVisually(
  parts: readonly LinePart[],
  isTurned: boolean,
  size: number,
  measure: Measure,
): readonly LinePart[] {
  const text = parts.map((part) => part.text).join('');
  const divided = Array.from(splitByLevel(parts, findLevels(text, isTurned)), ({ text: piece, level, part }) => {
    const drawn = toLaidOut(piece, level);
    return { ...part, text: drawn, level, width: measure(drawn, part.font, size) };
  });
  return reorder(divided);
}
