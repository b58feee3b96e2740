import { foldPlural, tokensOf } from '../../../core/search/text-tokens.js';

/** Tests the words of a text, each with a blank on both sides: ` asthma child `. */
export type WordTest = (words: string) => boolean;

/** Deeper than anybody means to ask. */
const MOST_DEPTH = 20;

/** All words of a piece of text; undefined where it has none that say anything. */
function createWordTest(text: string): WordTest | undefined {
  const words = tokensOf(text).filter(({ from, to }) => from === to);
  // A repeated word is searched for once.
  const terms = [...new Set(words.map(({ word }) => ` ${foldPlural(word)} `))];
  return terms.length === 0 ? undefined : (words) => terms.every((term) => words.includes(term));
}

/** Reads a query from its parts: words, brackets, `and`, `or`, `NOT`, which in small letters is a word of titles. */
class QueryReader {
  readonly #parts: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(query: string) {
    this.#parts = query.replace(/["“”]/g, ' ').match(/[()]|[^\s()]+/g) ?? [];
  }

  read(): WordTest | undefined {
    const tests: WordTest[] = [];
    while (this.#at < this.#parts.length) {
      const test = this.#either();
      if (test) tests.push(test);
      // A bracket that was never opened is passed over.
      this.#at += 1;
    }
    return joinAll(tests);
  }

  /** Whether the next part is this word; it is consumed then. */
  #takes(word: string): boolean {
    if (this.#parts[this.#at]?.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #either(): WordTest | undefined {
    const tests = [this.#both()];
    while (this.#takes('or')) tests.push(this.#both());
    const [first, ...others] = tests.filter((test) => test !== undefined);
    return first && others.length > 0 ? (words) => [first, ...others].some((test) => test(words)) : first;
  }

  #both(): WordTest | undefined {
    const tests: (WordTest | undefined)[] = [];
    for (let part = this.#parts[this.#at]; part !== undefined && part !== ')'; part = this.#parts[this.#at]) {
      if (part.toLowerCase() === 'or') break;
      if (!this.#takes('and')) tests.push(this.#one());
    }
    return joinAll(tests.filter((test) => test !== undefined));
  }

  #one(): WordTest | undefined {
    if (this.#parts[this.#at] === 'NOT') {
      this.#at += 1;
      const next = this.#parts[this.#at];
      const test = next === undefined || next === ')' ? undefined : this.#one();
      return test && ((words) => !test(words));
    }
    if (this.#depth < MOST_DEPTH && this.#takes('(')) {
      this.#depth += 1;
      const test = this.#either();
      this.#takes(')');
      this.#depth -= 1;
      return test;
    }
    const part = this.#parts[this.#at] ?? '';
    this.#at += 1;
    return createWordTest(part);
  }
}

const joinAll = (tests: readonly WordTest[]): WordTest | undefined =>
  tests.length > 1 ? (words) => tests.every((test) => test(words)) : tests[0];

/**
 * A query over words (R4 search, 3.1.1.4.17): all of them, unless `or`, `NOT` and brackets decide otherwise. A
 * malformed query is read as far as possible. Undefined if it has no meaningful word.
 */
export const readWordQuery = (query: string): WordTest | undefined => new QueryReader(query).read();
