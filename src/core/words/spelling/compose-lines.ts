import { foldText } from '../../search/text-tokens.js';
import type { SpellingOption } from './spelling-options.js';

/** Lines that are composed of the options. */
const MOST_LINES = 16;

/** A word of a line, folded, with its place. */
export interface SpelledToken {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

const WORDS = /[\p{L}\p{M}\p{N}]+(?:['’ʼ`](?!s(?!\p{L}))\p{L}+)*/gu;
/** An abbreviation: capitals in a line that is not all capitals. */
const CAPITALS = /^\p{Lu}[\p{Lu}\d]{1,4}s?$/u;

/** The words of a line, folded, with their places. */
export function readTokens(line: string): SpelledToken[] {
  const isAllCapitals = line === line.toUpperCase();
  return [...line.matchAll(WORDS)].map(({ 0: text, index }) => ({
    word: !isAllCapitals && CAPITALS.test(text) ? '' : foldText(text).replace(/[^\p{L}\p{N}]/gu, ''),
    from: index,
    to: index + text.length,
  }));
}

/** A part of a line and what it may have been. */
export interface Change extends SpellingOption {
  readonly from: number;
  readonly to: number;
}

/** A line with some parts changed. */
export interface Composed {
  readonly line: string;
  readonly cost: number;
  readonly isLikely: boolean;
}

/** The line with each way to change its parts, the likeliest first. Parts are in order and do not overlap. */
export function compose(line: string, places: readonly (readonly Change[])[]): Composed[] {
  let ways: { changes: readonly Change[]; cost: number }[] = [{ changes: [], cost: 0 }];
  for (const place of places) {
    ways = ways
      .flatMap(({ changes, cost }) =>
        place.map((change) => ({ changes: [...changes, change], cost: cost + change.cost })),
      )
      .sort((a, b) => a.cost - b.cost)
      .slice(0, MOST_LINES);
  }
  return ways.map(({ changes, cost }) => ({
    cost,
    isLikely: changes.every(({ isLikely }) => isLikely),
    line: changes.reduceRight((text, { from, to, text: meant }) => text.slice(0, from) + meant + text.slice(to), line),
  }));
}
