import type { TextReading, ReadingWord } from './text-reading.js';
import { foldPlural, tokensOf } from './text-tokens.js';

/** Score of a name for a reading: 1 if it is exactly the query. */
export interface NameScore {
  readonly score: number;
  /** True if it was matched by a correction of a misspelt word. */
  readonly isGuessed: boolean;
}

const NO_SCORE: NameScore = { score: 0, isGuessed: false };

/** A term of a name and its positions. */
interface NameTerm {
  readonly term: string;
  readonly from: number;
  readonly to: number;
}

/** A name prepared for scoring. */
export interface PreparedName {
  readonly terms: readonly NameTerm[];
  /** Weight of each position, 0 to 1. */
  readonly places: readonly number[];
}

/** Words that a name may have or lack: a search for Alzheimer's means the disease, not the caregivers. */
const FILLERS: ReadonlySet<string> = new Set(
  (
    'condition disease disorder illness other problem syndrome unspecified ' +
    'condicion enfermedad otro problema sindrome trastorno'
  )
    .split(' ')
    .map(foldPlural),
);
const FILLER_WEIGHT = 0.5;

/** Whether a term is a word that a name may have or lack. */
export const isFiller = (term: string): boolean => FILLERS.has(term);

/** Prepares a name for scoring. */
export function prepareName(text: string): PreparedName {
  const terms = tokensOf(text).map(({ word, from, to }) => ({ term: foldPlural(word), from, to }));
  const places = terms.filter(({ from, to }) => from === to).map(({ term }) => (FILLERS.has(term) ? FILLER_WEIGHT : 1));
  return { terms, places };
}

const addUp = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Minimum score of a name that has all words; the rest depends on its other words and the positions. */
const HOLDS_ALL = 0.55;
const NOTHING_ELSE = 0.25;
const SIDE_BY_SIDE = 0.1;
const FROM_THE_START = 0.1;

/** A word that is less of a line than this is no evidence by itself for a name that has more words. */
const MOST_OF_A_LINE = 0.75;

interface Found {
  readonly at: NameTerm;
  readonly closeness: number;
}

function scoreCloseness(term: string, { terms, prefix }: ReadingWord): number {
  return terms.get(term) ?? (prefix && term.startsWith(prefix.text) ? prefix.weight : 0);
}

/** Whether a name has a word, wherever that is. */
const hasWord = ({ terms }: PreparedName, word: ReadingWord): boolean =>
  terms.some(({ term }) => scoreCloseness(term, word) > 0);

/** Finds a word in a name: the closest term, of equals the one after the previous word. */
function findWord(name: PreparedName, word: ReadingWord, next: number): Found | undefined {
  let best: Found | undefined;
  for (const at of name.terms) {
    const closeness = scoreCloseness(at.term, word);
    if (closeness === 0 || closeness < (best?.closeness ?? 0)) continue;
    if (best?.closeness === closeness && at.from !== next) continue;
    best = { at, closeness };
  }
  return best;
}

/**
 * Scores a name: the share of the query's weight that it contains, the share of its own weight that was requested,
 * adjacency and position. Zero if it lacks the rarest word, and if the two have one word of several in common: `my neighbour threatens me`
 * is no threatened miscarriage.
 */
export function scoreName(name: PreparedName, { words, mostTelling }: TextReading): NameScore {
  const rarest = words[mostTelling];
  if (rarest && !hasWord(name, rarest)) return NO_SCORE;
  const used = new Set<number>();
  let telling = 0;
  let covered = 0;
  let closest = 0;
  let neighbours = 0;
  let common = 0;
  let first: number | undefined;
  let next = 0;
  let isGuessed = false;
  for (const [position, word] of words.entries()) {
    telling += word.rarity;
    const found = findWord(name, word, next);
    if (!found) continue;
    const { at, closeness } = found;
    covered += word.rarity;
    if (word.rarity > 0) common += 1;
    closest += word.rarity * closeness;
    if (word.isGuessed) isGuessed = true;
    if (position > 0 && at.from === next) neighbours += 1;
    first ??= at.from;
    next = at.to + 1;
    for (let place = at.from; place <= at.to; place += 1) used.add(place);
  }
  if (covered === 0 || telling === 0) return NO_SCORE;
  const unused = name.places.reduce((sum, weight, place) => (used.has(place) ? sum : sum + weight), 0);
  if (common === 1 && unused >= 1 && covered < MOST_OF_A_LINE * telling) return NO_SCORE;
  const adjacency = words.length > 1 ? neighbours / (words.length - 1) : 1;
  const shape =
    HOLDS_ALL +
    (NOTHING_ELSE * addUp([...used].map((place) => name.places[place] ?? 0))) / addUp(name.places) +
    SIDE_BY_SIDE * adjacency +
    (first === 0 ? FROM_THE_START : 0);
  return { score: (covered / telling) ** 2 * (closest / covered) * shape, isGuessed };
}
