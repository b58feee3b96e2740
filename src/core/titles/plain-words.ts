import { getOrAdd } from '../remember.js';
import { readDataFile } from '../read-data-file.js';
import { toAmericanSpelling } from '../search/american-spelling.js';
import { foldPlural, tokensOf } from '../search/text-tokens.js';
import { plainName, termsInOrder } from './canonical-terms.js';

/** Roots of medical words with the everyday words of the same meaning. */
const ROOTS = (readDataFile('titles/word-roots.yaml') as readonly (readonly [pattern: string, words: string])[]).map(
  ([pattern, words]) => [new RegExp(pattern), words.split(' ').map(foldPlural)] as const,
);
/** Words of an everyday name without a meaning of their own. */
const FILLERS: ReadonlySet<string> = new Set(
  'pain problem problems disease disorder condition trouble issue issues symptoms level levels acute chronic severe mild bad'
    .split(' ')
    .map(foldPlural),
);
/** Words of any illness: of which kind it is they leave to the others. */
const OF_ILLNESS: ReadonlySet<string> = new Set(
  'problem problems disease disorder condition trouble issue issues dysfunction'.split(' ').map(foldPlural),
);
/** Characters of a name that are read. */
const MAX_CHARS = 300;
const LEAST_WORDS = 2;

const listWords = (name: string): string[] =>
  tokensOf(name.slice(0, MAX_CHARS)).flatMap(({ word, from, to }) => (from === to ? [toAmericanSpelling(word)] : []));

/** Everyday words of each word of the library's names so far. */
const known = new Map<string, readonly string[]>();

/** The everyday words for the roots in a word of one of the library's names. */
const expandWord = (word: string): readonly string[] =>
  getOrAdd(known, word, () => ROOTS.flatMap(([pattern, plain]) => (pattern.test(word) ? plain : [])));

/** The words of a name, those of one meaning as one, with the everyday words for the roots in them. */
function listPlainWords(name: string): string[] {
  const words = listWords(name);
  return [...words.map(foldPlural), ...termsInOrder(plainName(name)), ...words.flatMap(expandWord)];
}

/**
 * True if a title of several words consists of everyday words for one of some names: `Weak heart muscle` of cardiomyopathy, `High
 * calcium` of hypercalcemia. At least one of its words is more than `pain` or `problem`.
 */
export function isPlainName(title: string, names: readonly string[]): boolean {
  const words = listWords(title).map(foldPlural);
  if (words.length < LEAST_WORDS || words.every((word) => FILLERS.has(word))) return false;
  const canonical = new Map(words.map((word) => [word, termsInOrder(word)]));
  return names.some((name) => {
    const own = new Set(listPlainWords(name));
    return words.every(
      (word) => OF_ILLNESS.has(word) || own.has(word) || canonical.get(word)?.some((term) => own.has(term)),
    );
  });
}
