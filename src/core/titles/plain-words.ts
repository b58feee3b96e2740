import { getOrAdd } from '../remember.js';
import { readDataFile } from '../read-data-file.js';
import { toAmericanSpelling } from '../search/american-spelling.js';
import { foldPlural, foldText, tokensOf } from '../search/text-tokens.js';
import { plainName, termsInOrder } from './canonical-terms.js';

/** Roots of medical words with the everyday words of the same meaning. */
const ROOTS = (readDataFile('titles/word-roots.yaml') as readonly (readonly [pattern: string, words: string])[]).map(
  ([pattern, words]) => [new RegExp(pattern), words.split(' ').map(foldPlural)] as const,
);
/** Words of an everyday name without a meaning of their own. */
const FILLERS: ReadonlySet<string> = new Set(
  'pain problem problems disease disorder condition trouble issue issues symptoms level levels acute chronic severe mild bad poor abnormal damage damaged off sick'
    .split(' ')
    .map(foldPlural),
);
/** Words of any illness: of which kind it is they leave to the others. */
const OF_ILLNESS: ReadonlySet<string> = new Set(
  'problem problems disease disorder condition trouble issue issues dysfunction bad poor abnormal damage damaged off sick'
    .split(' ')
    .map(foldPlural),
);
/** Words between the others of an everyday name. */
const BETWEEN: ReadonlySet<string> = new Set(
  'while when during has have had having woman women man men female male'.split(' ').map(foldPlural),
);
/** Characters of a name that are read. */
const MAX_CHARS = 300;
const LEAST_WORDS = 2;

const listWords = (name: string): string[] =>
  tokensOf(name.slice(0, MAX_CHARS)).flatMap(({ word, from, to }) => (from === to ? [toAmericanSpelling(word)] : []));

/** Everyday words of each word of the library's names so far. */
const known = new Map<string, readonly string[]>();

/** The everyday words for the roots in a word of one of the library's names. */
export const expandWord = (word: string): readonly string[] =>
  getOrAdd(known, word, () => ROOTS.flatMap(([pattern, plain]) => (pattern.test(word) ? plain : [])));

/** The words of a name, those of one meaning as one. */
const listTerms = (name: string): string[] => [...listWords(name).map(foldPlural), ...termsInOrder(plainName(name))];

/** The same with the everyday words for the roots in them. */
const listPlainWords = (name: string): string[] => [...listTerms(name), ...listWords(name).flatMap(expandWord)];

/** True if a text has the letters of a word in their order, from its first one: `htn`, `hypertension`. */
export function abbreviates(word: string, text: string): boolean {
  let at = -1;
  const hasLetter = (letter: string, place: number): boolean => {
    at = text.indexOf(letter, at + 1);
    return place === 0 ? at === 0 : at !== -1;
  };
  return Array.from(word).every(hasLetter);
}

/** Letters that a clipping of a word has, and those that it lacks: `pyelo`, `chorio`; with a last letter of its own `appy`. */
const CLIPPED_CHARS = 4;
const LEAST_CLIPPED = 3;
/** Letters of a word that is within a longer one: `aldosterone`, `hyperaldosteronism`. */
const WITHIN_CHARS = 6;

/** True if a word is a clipping of one of a name's, the most of it is within one, or only their endings differ. */
function isPartOfWord(word: string, own: ReadonlySet<string>, isAlone: boolean): boolean {
  const stem = word.length > LEAST_CLIPPED && /[yo]$/.test(word) ? word.slice(0, -1) : word;
  const isPart = (other: string): boolean =>
    word.length >= CLIPPED_CHARS && other.length >= stem.length + LEAST_CLIPPED && other.startsWith(stem);
  const isForm = (other: string): boolean =>
    word.length >= WITHIN_CHARS && (other.includes(word.slice(0, WITHIN_CHARS)) || other.startsWith(word.slice(0, -1)));
  return [...own].some((other) => isPart(other) || (!isAlone && isForm(other)));
}

/**
 * True if a title consists of everyday words for one of some names: `Weak heart muscle` of cardiomyopathy, `High calcium` of hypercalcemia. At
 * least one of its words is more than `pain` or `problem`; a single word is a clipping or an abbreviation.
 * @param written meanings of abbreviations in the title; without them words are neither clipped nor abbreviated
 */
export function isPlainName(title: string, names: readonly string[], written?: readonly string[]): boolean {
  const words = listWords(plainName(title))
    .map(foldPlural)
    .filter((word) => !BETWEEN.has(word));
  const canonical = new Map(words.map((word) => [word, termsInOrder(word)]));
  const telling = words.filter((word) => !FILLERS.has(word) && canonical.get(word)?.length !== 0);
  if (telling.length === 0 || (words.length < LEAST_WORDS && !written)) return false;
  const meanings = written?.map((meaning) => [foldText(meaning), termsInOrder(plainName(meaning))] as const);
  // Beside a word of any illness the other has to be the name's own: a stomach is no wall of the abdomen.
  const isBare = written !== undefined && words.filter((word) => !OF_ILLNESS.has(word)).length < LEAST_WORDS;
  return names.some((name) => {
    const own = new Set(isBare ? listTerms(name) : listPlainWords(name));
    const isShort = (word: string): boolean =>
      isPartOfWord(word, own, words.length < LEAST_WORDS) ||
      meanings?.some(([text, terms]) => abbreviates(word, text) && terms.every((term) => own.has(term))) === true;
    const isOwn = (word: string): boolean =>
      own.has(word) || canonical.get(word)?.every((term) => own.has(term)) === true;
    if (words.length < LEAST_WORDS) return words.every(isShort);
    return words.every((word) => OF_ILLNESS.has(word) || isOwn(word) || (written !== undefined && isShort(word)));
  });
}

/** Letters of an abbreviation, and of one that is compared in any order. */
const INITIALS = /^[A-Z][A-Za-z]{1,4}$/;
const LEAST_SORTED = 3;

/**
 * True if a title consists of the initials of one of some names: `PsA`.
 * @param keys names with their words in alphabetical order: `EPI` of `exocrin insufficiency pancreas`
 */
export function isInitials(title: string, names: readonly string[], keys: readonly string[]): boolean {
  const capitals = title.match(/[A-Z]/g)?.join('').toLowerCase() ?? '';
  if (capitals.length < LEAST_WORDS || !INITIALS.test(title)) return false;
  const initialsOf = (name: string): string[] => termsInOrder(plainName(name)).map((term) => term.slice(0, 1));
  const sorted = Array.from(capitals).sort().join('');
  return (
    names.some((name) => initialsOf(name).join('') === capitals) ||
    (capitals.length >= LEAST_SORTED && keys.some((key) => initialsOf(key).sort().join('') === sorted))
  );
}
