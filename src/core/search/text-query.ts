import { editDistance } from './edit-distance.js';
import type { SimilarTerm } from './search-index.js';
import { foldPlural, toSound, tokensOf } from './text-tokens.js';
import { rememberSome } from '../remember.js';

/** Maximum words of a query; a longer text is not a search. A set of them fits 16 bits. */
export const MAX_WORDS = 12;
/** Word count of the longest phrase that may be a synonym. */
const MAX_PHRASE_WORDS = 5;

/** A word of a query. */
export interface QueryWord {
  readonly word: string;
  readonly term: string;
}

/** Queries and their parts whose words are remembered: one line is parsed many times. */
const MOST_REMEMBERED = 500;

/** The words of a query without stop words; a compound as its parts. */
export const parseQuery: (query: string) => readonly QueryWord[] = rememberSome(MOST_REMEMBERED, (query) => {
  const parts = tokensOf(query).filter(({ from, to }) => from === to);
  return parts.slice(0, MAX_WORDS).map(({ word }) => ({ word, term: foldPlural(word) }));
});

/** The key of a synonym's phrase: its terms in order. */
export function phraseOf(text: string): string {
  return parseQuery(text)
    .map(({ term }) => term)
    .join(' ');
}

/** Neighbouring words of a query, from the first to before the last. */
export interface Phrase {
  readonly term: string;
  readonly from: number;
  readonly to: number;
}

/** The phrases of a query, the longest first. */
export function listPhrases(terms: readonly string[]): Phrase[] {
  const phrases: Phrase[] = [];
  for (let length = Math.min(terms.length, MAX_PHRASE_WORDS); length > 0; length -= 1) {
    for (let from = 0; from + length <= terms.length; from += 1) {
      phrases.push({ term: terms.slice(from, from + length).join(' '), from, to: from + length });
    }
  }
  return phrases;
}

/** Shorter words are not corrected: too many are one letter away. */
const LEAST_GUESSED = 4;
/** If either word is shorter, two edits are too many: "dragon" is not radon, "internet" not internal. */
const LEAST_OF_TWO_EDITS = 9;
/** A shorter word may change its length by one letter only, and must keep its beginning: "thanks" is not fish tank. */
const LEAST_LONG = 7;
/** A word of this length or less must keep its end as well: "hello" is not HELLP, "blah" not Blau. */
const MOST_OF_A_SHORT_WORD = 7;
const MAX_SPELLINGS = 8;
/** Weight of a correction by its edits: same sound, one edit, two. */
const GUESS_WEIGHTS = [0.85, 0.75, 0.6] as const;

/** Maximum edits between a word and its correction: two, and never most of its sound. */
function computeMaxEdits(word: string, sound: string): number {
  const byLength = word.length < LEAST_GUESSED ? 0 : word.length < LEAST_OF_TWO_EDITS ? 1 : 2;
  return Math.min(byLength, sound.length - 2);
}

/**
 * A word that differs in this share of its letters is not a spelling of the other: less if they do not sound the same,
 * since "gibberish" is not fibre.
 */
const MOST_LETTERS_AWAY = 0.5;
const MOST_LETTERS_AWAY_IN_SOUND = 0.4;

/** Whether two words begin with the same sound, or with the same two transposed. */
const hasLikeBeginning = (sound: string, other: string): boolean =>
  sound[0] === other[0] || (sound[0] === other[1] && sound[1] === other[0]);

/** Whether two words end with the same sound, or with the same two transposed. */
const hasLikeEnd = (sound: string, other: string): boolean =>
  sound.at(-1) === other.at(-1) || (sound.at(-1) === other.at(-2) && sound.at(-2) === other.at(-1));

/** Sounds that are confused when a word is written as heard; a vowel may stand for any other. */
const LIKE_SOUNDS = ['aeiouw', 'bpf', 'td', 'scgjx', 'mn', 'lr'] as const;

const isLikeSound = (one = '', other = ''): boolean =>
  LIKE_SOUNDS.some((sounds) => one !== '' && other !== '' && sounds.includes(one) && sounds.includes(other));
const isVowel = (sound = ''): boolean => isLikeSound(sound, 'a');

/** Place at which two sounds one edit apart differ: the length of the common prefix, and the differing character of each. */
function findDifference(sound: string, other: string): { from: number; one: string; another: string } {
  let from = 0;
  while (from < sound.length && sound[from] === other[from]) from += 1;
  let end = 0;
  const most = Math.min(sound.length, other.length) - from;
  while (end < most && sound.at(-1 - end) === other.at(-1 - end)) end += 1;
  return { from, one: sound.slice(from, sound.length - end), another: other.slice(from, other.length - end) };
}

/**
 * Whether a one-edit difference sounds alike. In a word of few letters a consonant may only be replaced by a similar
 * one, and inserted or deleted only beside one: "tiger" is not titer, "carrot" not Charcot. A consonant more or less at
 * the beginning is heard in any word: "factura" is not fractura.
 * @param letters of the shorter word
 */
function isHeardAlike(sound: string, other: string, letters: number): boolean {
  const { from, one, another } = findDifference(sound, other);
  if (one.length === 1 && another.length === 1) return letters >= LEAST_OF_TWO_EDITS || isLikeSound(one, another);
  const extra = one + another;
  // Two letters are transposed.
  if (extra.length !== 1 || isVowel(extra)) return true;
  const longer = one === '' ? other : sound;
  if (isLikeSound(extra, longer[from - 1]) || isLikeSound(extra, longer[from + 1])) return true;
  return letters >= LEAST_LONG && from > 1;
}

/**
 * Whether a word is near enough to another, by the edits between their sounds and between their letters.
 * @param isLoose one sound may be any other, since the rest of the line supports the correction
 */
function isNear(word: string, other: string, edits: number, letters: number, isLoose: boolean): boolean {
  const longer = Math.max(word.length, other.length);
  const shorter = Math.min(word.length, other.length);
  if (longer < LEAST_LONG && longer - shorter > 1) return false;
  if (edits === 0) return letters <= MOST_LETTERS_AWAY * longer;
  if (letters >= MOST_LETTERS_AWAY_IN_SOUND * longer || other.length < LEAST_GUESSED) return false;
  const [sound, otherSound] = [toSound(word), toSound(other)];
  if (edits === 1 && !isLoose && !isHeardAlike(sound, otherSound, shorter)) return false;
  if (longer <= MOST_OF_A_SHORT_WORD && !hasLikeEnd(sound, otherSound)) return false;
  // People seldom misspell a beginning, as pronounced or, before a mute h, as written: "hart" is heart, "psalm" not
  // palm. A long word may begin with a similar sound: "kemotherapy".
  const bothMute = word.startsWith('h') && other.startsWith('h');
  return (
    hasLikeBeginning(sound, otherSound) ||
    bothMute ||
    (shorter >= LEAST_OF_TWO_EDITS && isLikeSound(sound[0], otherSound[0]))
  );
}

/** Whether a word in no index may be a misspelling. */
export const mayBeMisspelt = (word: string): boolean => word.length >= LEAST_GUESSED && !/\d/.test(word);

/** A possible correction and its weight, 0 to 1. */
export interface Spelling {
  readonly term: string;
  readonly weight: number;
}

/**
 * Returns a function that counts the edits between the sounds of a word and a term, and between their letters;
 * undefined if the sounds differ too much.
 */
function createDistances(word: string): (other: SimilarTerm) => { edits: number; letters: number } | undefined {
  const sound = toSound(word);
  const mostOfWord = computeMaxEdits(word, sound);
  const singular = foldPlural(word);
  const isPlural = singular !== word;
  const soundOfSingular = toSound(singular);
  return ({ word: other, term }) => {
    const otherSound = toSound(other);
    const most = Math.min(mostOfWord, computeMaxEdits(other, otherSound));
    // A plural may be misspelt although the index has the singular: alzhimers, chrons.
    const ofSingular = isPlural ? editDistance(soundOfSingular, toSound(term), most) : Infinity;
    const edits = Math.min(editDistance(sound, otherSound, most), ofSingular);
    if (edits > most) return undefined;
    const lettersOfSingular = isPlural ? editDistance(singular, term) : Infinity;
    return { edits, letters: Math.min(editDistance(word, other), lettersOfSingular) };
  };
}

/**
 * Of terms that share trigrams with a misspelt word, the nearest by sound and letters, the likeliest first.
 * @param isLoose also terms that do not sound alike
 */
export function chooseSpellings(word: string, similar: readonly SimilarTerm[], isLoose = false): Spelling[] {
  const distancesTo = createDistances(word);
  const documents = new Map<string, number>();
  for (const { term, documents: count } of similar) documents.set(term, (documents.get(term) ?? 0) + count);
  // A plural is compared by its singular: tremers, cataracs. Shorter words are not: "thanks" is no tank.
  const singular = foldPlural(word);
  const isPlural = word.endsWith('s') && singular !== word && word.length >= LEAST_LONG;
  const guesses = [...new Map(similar.map((one) => [one.term, one])).values()].flatMap((one) => {
    const found = distancesTo(one);
    if (!found) return [];
    const { edits, letters } = found;
    const isOne = isNear(word, one.word, edits, letters, isLoose);
    if (!isOne && !(isPlural && isNear(singular, one.term, edits, letters, isLoose))) return [];
    return [{ term: one.term, edits, away: edits + letters, holding: documents.get(one.term) ?? 0 }];
  });
  const nearest = Math.min(...guesses.map(({ away }) => away));
  return guesses
    .filter(({ away }) => away <= nearest + 1)
    .sort((a, b) => a.edits - b.edits || a.away - b.away || b.holding - a.holding || (a.term < b.term ? -1 : 1))
    .slice(0, MAX_SPELLINGS)
    .map(({ term, edits }) => ({ term, weight: GUESS_WEIGHTS[edits] ?? 0 }));
}
