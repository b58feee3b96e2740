import { foldPlural, tokensOf } from '../../../core/search/text-tokens.js';

/** Tests the words of a text, each with a blank on both sides: ` asthma child `. */
export type WordTest = (words: string) => boolean;

/** Deeper than any query of a person. */
const MOST_DEPTH = 20;

/** All words of a piece of text; undefined where it has none that say anything. */
function createWordTest(text: string): WordTest | undefined {
  const words = tokensOf(text).filter(({ from, to }) => from === to);
  // A repeated word is searched for once.
  const terms = [...new Set(words.map(({ word }) => ` ${foldPlural(word)} `))];
  return terms.length === 0 ? undefined : (words) => terms.every((term) => words.includes(term));
}

type MaybeTest = WordTest | undefined;

function joinAll(all: readonly MaybeTest[]): MaybeTest {
  const tests = all.filter((test) => test !== undefined);
  return tests.length > 1 ? (words) => tests.every((test) => test(words)) : tests[0];
}

function joinAny(all: readonly MaybeTest[]): MaybeTest {
  const tests = all.filter((test) => test !== undefined);
  return tests.length > 1 ? (words) => tests.some((test) => test(words)) : tests[0];
}

/**
 * A query over words (R4 search, 3.1.1.4.17): all of them, unless `or`, `NOT` (which in small letters is a word of titles) and
 * brackets decide otherwise. A malformed query is read as far as possible. Undefined if it has no meaningful word.
 */
export function readWordQuery(query: string): WordTest | undefined {
  const parts = query.replace(/["“”]/g, ' ').match(/[()]|[^\s()]+/g) ?? [];
  let [at, depth] = [0, 0];
  /** Whether the next part is this word; it is consumed then. */
  const takes = (word: string): boolean => {
    const isNext = parts[at]?.toLowerCase() === word;
    if (isNext) at += 1;
    return isNext;
  };
  const readEither = (): MaybeTest => {
    const tests = [readBoth()];
    while (takes('or')) tests.push(readBoth());
    return joinAny(tests);
  };
  const readBoth = (): MaybeTest => {
    const tests: MaybeTest[] = [];
    for (let part = parts[at]; part !== undefined && part !== ')'; part = parts[at]) {
      if (part.toLowerCase() === 'or') break;
      if (!takes('and')) tests.push(readOne());
    }
    return joinAll(tests);
  };
  const readOne = (): MaybeTest => {
    if (parts[at] === 'NOT') {
      at += 1;
      const test = parts[at] === undefined || parts[at] === ')' ? undefined : readOne();
      return test && ((words) => !test(words));
    }
    if (depth < MOST_DEPTH && takes('(')) {
      depth += 1;
      const test = readEither();
      takes(')');
      depth -= 1;
      return test;
    }
    at += 1;
    return createWordTest(parts[at - 1] ?? '');
  };
  const tests: MaybeTest[] = [];
  // A closing bracket that no opening one belongs to is ignored.
  for (; at < parts.length; at += 1) tests.push(readEither());
  return joinAll(tests);
}
