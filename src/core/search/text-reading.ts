import type { Language } from '../model/language.js';
import type { Corrections } from './search-hit.js';
import type { SearchIndex, Synonym } from './search-index.js';
import type { Phrase, QueryWord } from './text-query.js';
import { MAX_WORDS, chooseSpellings, mayBeMisspelt, parseQuery, phraseOf, listPhrases } from './text-query.js';
import { TermRecords } from './text-records.js';
import { foldPlural, foldText, toSound } from './text-tokens.js';
import type { KnownWords } from '../words/known-words.js';
import { isDoseWord, isQualifier, isTimeWord, weighWords } from '../words/word-weights.js';

/** Weight of a completed word if no index has the word as typed, and if one does. */
const COMPLETION_WEIGHT = 0.85;
const COMPLETION_OF_A_WORD_WEIGHT = 0.6;
/** Shorter prefixes are not completed. */
const LEAST_PREFIX = 2;
/** Words of a line whose last one may be the beginning of any other; of a longer one none that only surrounds a subject: `a lot`. */
const MOST_COMPLETED_WORDS = 2;
/** Weight of a guess beside a word that is known: the guess may be wrong, and the word a name. */
const GUESS_SHARE = 0.5;
/** A reading with a greater unknown share is dropped: "banana 500 mg" matches nothing that we explain. */
const MOST_UNKNOWN = 0.5;
/** Minimum length of two words that may be one. */
const LEAST_JOINED = 7;
/** Terms considered for a misspelt word, per index. */
const MOST_SIMILAR = 60;
/** Weight of a reading with a synonym, by whether the synonym is in the requested language. */
const SYNONYM_WEIGHT = 0.95;
const FOREIGN_SYNONYM_WEIGHT = 0.93;
/** Maximum readings of one query, including the literal one. */
const MAX_READINGS = 5;

/** A prefix of terms and their weight. */
export interface Prefix {
  readonly text: string;
  readonly weight: number;
}

/** A word of a reading: every term that may stand for it. */
export interface ReadingWord {
  /** Weight of each term, 0 to 1, the best first. */
  readonly terms: ReadonlyMap<string, number>;
  /** Terms with this prefix match too, whether they are among `terms` or not. */
  readonly prefix: Prefix | undefined;
  /** The word is in no index, and `terms` are corrections. */
  readonly isGuessed: boolean;
  /** Its weight by rarity (BM25's inverse document frequency); zero for a unit or a question word. */
  readonly rarity: number;
  /** True if it is in no index, and no correction was found. */
  readonly isUnknown: boolean;
}

/** One way to read a query: literally, or with a synonym in place of some of its words. */
export interface TextReading {
  readonly words: readonly ReadingWord[];
  /** Index of the rarest word: a name without it is not a hit. -1 if no word has any weight. */
  readonly mostTelling: number;
  /** Its weight, 0 to 1. */
  readonly weight: number;
  readonly isSynonym: boolean;
}

/** The readings of a query, with the postings of all their terms. */
export interface Understood {
  readonly readings: readonly TextReading[];
  readonly records: TermRecords;
}

/** The key of a word's corrections. @param isDoubtful it is in an index, but nothing is found by it */
export const correctionKey = (word: string, isDoubtful: boolean): string => `${isDoubtful ? '?' : ''}${word}`;

/** Corrects some words. */
function guess(
  words: readonly QueryWord[],
  { index, isDoubtful = false, isSpelt = false, corrections = new Map(), known, language }: SearchScope,
): ReadonlyMap<QueryWord, ReadonlyMap<string, number>> {
  if (isSpelt) return new Map();
  // `at home` is no OME: what only tells one case from another is not doubted where it is a word.
  const isAround = (word: string): boolean =>
    isQualifier(word) || known.isContext(word, language) || known.isPart(word, language);
  const doubtful = words.filter(({ word }) => mayBeMisspelt(word) && !(isDoubtful && isAround(word)));
  const buildKey = ({ word }: QueryWord): string => correctionKey(word, isDoubtful);
  const missing = doubtful.filter((word) => !corrections.has(buildKey(word)));
  const sounds = missing.map(({ word }) => toSound(word));
  const similar = missing.length === 0 ? [] : index.findSimilarTerms(sounds, MOST_SIMILAR);
  for (const [position, word] of missing.entries()) {
    const spellings = chooseSpellings(word.word, similar[position] ?? [], isDoubtful);
    corrections.set(buildKey(word), new Map(spellings.map(({ term, weight }) => [term, weight])));
  }
  return new Map(doubtful.map((word) => [word, corrections.get(buildKey(word)) ?? new Map()]));
}

function isAbbreviation(word: string, known: KnownWords, language: Language): boolean {
  const abbreviation = known.findAbbreviation(word, language);
  return abbreviation !== undefined && !abbreviation.isWord;
}

/** A possible abbreviation that is not in our lists: capitals in a line that is not all capitals. */
const CAPITALS = /(?<![\p{L}\p{N}])\p{Lu}{2,5}(?![\p{L}\p{N}])/gu;
const LONGER_WORD = /\p{L}{6}/u;

/** The words of a query written as abbreviations, folded: neither completed nor corrected. */
function findCapitals(query: string): ReadonlySet<string> {
  const isAllCapitals = query === query.toUpperCase() && LONGER_WORD.test(query);
  return new Set(isAllCapitals ? [] : [...query.matchAll(CAPITALS)].map(([word]) => foldText(word)));
}

/** The last word as a prefix; undefined for an abbreviation, which is complete. */
function findPrefix(words: readonly QueryWord[], isWhole: (word: string) => boolean): string | undefined {
  const last = words.at(-1);
  if (!last || last.term.length < LEAST_PREFIX) return undefined;
  // A plural is complete.
  const isPlural = last.word.endsWith('s') && last.term !== last.word;
  return isPlural || isWhole(last.word) || isDoseWord(last.word) ? undefined : last.term;
}

/** The literal words: each as the term itself, its completions, or its corrections. */
function readWords(
  words: readonly QueryWord[],
  isWhole: (word: string) => boolean,
  records: TermRecords,
  scope: SearchScope & { readonly joined: readonly string[] },
): ReadingWord[] {
  const last = words.at(-1);
  const prefix = findPrefix(words, isWhole);
  const completions = records.fetch([...words.map(({ term }) => term), ...scope.joined], prefix);
  const isKnown = ({ term }: QueryWord): boolean => records.of(term).length > 0;
  const weights = weighWords(words.map(({ word }) => word));
  const unknown = words.filter(
    (word, at) => weights[at] !== 0 && !isKnown(word) && !(word === last && completions.length > 0),
  );
  const doubted = scope.isDoubtful === true ? words.filter((_, at) => weights[at] !== 0) : unknown;
  const guesses = guess(
    doubted.filter(({ word }) => !isWhole(word)),
    scope,
  );
  records.fetch([...guesses.values()].flatMap((terms) => [...terms.keys()]));
  return words.map((word, at) => {
    const guessed = guesses.get(word);
    const terms = new Map(isKnown(word) || !guessed?.size ? [[word.term, 1]] : []);
    for (const [term, weight] of guessed ?? []) if (!terms.has(term)) terms.set(term, weight);
    const weight = isKnown(word) ? COMPLETION_OF_A_WORD_WEIGHT : COMPLETION_WEIGHT;
    if (word === last) for (const term of completions) terms.set(term, weight);
    const isGuessed = (guessed?.size ?? 0) > 0;
    const isUnknown = unknown.includes(word) && !isGuessed;
    const rarity = isUnknown
      ? records.rarityOfUnknown
      : records.measureRarity(isKnown(word) ? [word.term] : terms.keys()) * (isGuessed ? GUESS_SHARE : 1);
    const beginning = word === last && prefix !== undefined ? { text: prefix, weight } : undefined;
    return { terms, prefix: beginning, isGuessed, rarity: rarity * (weights[at] ?? 1), isUnknown };
  });
}

/** A word of a synonym's meaning, used unchanged. One of the line that is in no index tells as much as there: `wrong number sore` is no pain. */
function createPlainWord({ term }: QueryWord, records: TermRecords): ReadingWord {
  const isUnknown = records.of(term).length === 0;
  return {
    terms: new Map([[term, 1]]),
    prefix: undefined,
    isGuessed: false,
    rarity: isUnknown ? records.rarityOfUnknown : records.measureRarity([term]),
    isUnknown,
  };
}

function toReading(words: readonly ReadingWord[], weight: number, isSynonym: boolean): TextReading {
  let mostTelling = -1;
  for (const [place, { terms, rarity, isUnknown }] of words.entries()) {
    // A letter distinguishes one vitamin from another, not a vitamin from a drug.
    const isLetter = [...terms.keys()].every(({ length }) => length === 1);
    if (!isUnknown && !isLetter && rarity > (words[mostTelling]?.rarity ?? 0)) mostTelling = place;
  }
  return { words, mostTelling, weight, isSynonym };
}

/** Whether most of a reading's weight is in no index: then no document in the index is meant. */
function isMostlyUnknown({ words }: TextReading): boolean {
  const sumRarity = (some: readonly ReadingWord[]): number => some.reduce((sum, { rarity }) => sum + rarity, 0);
  return sumRarity(words.filter(({ isUnknown }) => isUnknown)) > MOST_UNKNOWN * sumRarity(words);
}

/** Replaces a phrase with a synonym's meaning. */
function replacePhrase(
  words: readonly ReadingWord[],
  { from, to }: Phrase,
  { means, language }: Synonym,
  records: TermRecords,
  requested: Language,
): TextReading {
  const meaning = parseQuery(means).map((word) => createPlainWord(word, records));
  const all = [...words.slice(0, from), ...meaning, ...words.slice(to)].slice(0, MAX_WORDS);
  return toReading(all, language === requested ? SYNONYM_WEIGHT : FOREIGN_SYNONYM_WEIGHT, true);
}

function withoutRepeats(phrases: readonly Phrase[]): Phrase[] {
  return [...new Map(phrases.map((phrase) => [`${phrase.from} ${phrase.term}`, phrase])).values()];
}

/** Replaces each phrase by each of its synonyms; two synonyms with the same meaning count once. */
function listReplacements(
  phrases: readonly Phrase[],
  synonyms: readonly Synonym[],
): { phrase: Phrase; synonym: Synonym }[] {
  const found = new Map<string, { phrase: Phrase; synonym: Synonym }>();
  for (const phrase of phrases) {
    for (const synonym of synonyms) {
      const key = `${phrase.from} ${phrase.to} ${phraseOf(synonym.means)}`;
      if (synonym.term === phrase.term && !found.has(key)) found.set(key, { phrase, synonym });
    }
  }
  return [...found.values()];
}

const listTerms = (joined: readonly Synonym[]): string[] => joined.map(({ means }) => foldPlural(means));

/** Neighbouring words that form one word in the index: `heart burn`, `gall bladder`. */
function joinNeighbours(words: readonly QueryWord[], language: Language): Synonym[] {
  return words.slice(1).flatMap(({ word, term }, at): Synonym[] => {
    const before = words[at];
    if (!before || before.word.length + word.length < LEAST_JOINED) return [];
    return [{ term: `${before.term} ${term}`, means: before.word + word, language }];
  });
}

/** Index in which a query is looked up, and the known words besides. */
export interface SearchScope {
  readonly language: Language;
  readonly index: SearchIndex;
  readonly known: KnownWords;
  /** Known words are corrected as well: each is right by itself, but together they match nothing. */
  readonly isDoubtful?: boolean;
  readonly corrections?: Corrections | undefined;
  /** No word is corrected. */
  readonly isSpelt?: boolean | undefined;
}

/**
 * Reads a query: literally, with corrections for words in no index and completions of the last one; and with synonyms
 * replaced. Returns no reading if most of it is unknown.
 */
export function understandQuery(query: string, scope: SearchScope): Understood {
  const { language, index, known } = scope;
  const records = new TermRecords(index);
  const written = parseQuery(query);
  if (written.length === 0) return { readings: [], records };
  const capitals = findCapitals(query);
  const isLong = written.length > MOST_COMPLETED_WORDS;
  const isAround = (word: string): boolean => isLong && known.isContext(word, language);
  const isWhole = (word: string): boolean =>
    capitals.has(word) || isTimeWord(word) || isAbbreviation(word, known, language) || isAround(word);
  const neighbours = joinNeighbours(written, language);
  const words = readWords(written, isWhole, records, { ...scope, joined: listTerms(neighbours) });
  // A misspelt word may be part of a synonym (suger diabetes), and a synonym's word is not a misspelling.
  const likeliest = words.map(({ terms }, position) => [...terms.keys()][0] ?? written[position]?.term ?? '');
  // A known but doubtful word precedes its corrections; a completion is none: `acne on face` is no facelift.
  const correct = ({ terms, isGuessed }: ReadingWord): string | undefined =>
    isGuessed ? [...terms.keys()][1] : undefined;
  const guessed = scope.isDoubtful === true ? words.map((word, at) => correct(word) ?? likeliest[at] ?? '') : [];
  const ways = [written.map(({ term }) => term), likeliest, guessed];
  const phrases = withoutRepeats(ways.flatMap(listPhrases));
  const terms = phrases.map(({ term }) => term);
  const joined = neighbours.filter((synonym) => listTerms([synonym]).some((term) => records.of(term).length > 0));
  const everyday = known.rewrite(query, language);
  // A guess at a word is in the language of the request: `angena` is angina, not the Spanish for tonsillitis.
  const asWritten = new Set(listPhrases(written.map(({ term }) => term)).map(({ term }) => term));
  const isMeant = (synonym: Synonym): boolean => synonym.language === language || asWritten.has(synonym.term);
  const ofPeople = known.findSynonyms(terms).filter(isMeant);
  const synonyms = [...ofPeople, ...joined, ...everyday, ...index.findSynonyms(terms)];
  records.fetch(synonyms.flatMap(({ means }) => parseQuery(means).map(({ term }) => term)));
  const replaced = listReplacements(phrases, synonyms).map(({ phrase, synonym }) =>
    replacePhrase(words, phrase, synonym, records, language),
  );
  const readings = [toReading(words, 1, false), ...replaced].filter((reading) => !isMostlyUnknown(reading));
  return { readings: readings.slice(0, MAX_READINGS), records };
}
