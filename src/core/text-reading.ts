import type { Language } from './language.js';
import type { SearchIndex, Synonym } from './search-index.js';
import type { Phrase, QueryWord } from './text-query.js';
import { MAX_WORDS, chooseSpellings, mayBeMisspelt, parseQuery, phraseOf, phrasesOf } from './text-query.js';
import { TermRecords } from './text-records.js';
import { foldPlural, foldText, soundOf } from './text-tokens.js';
import type { KnownWords } from './words/known-words.js';
import { isDoseWord, weighWords } from './words/word-weights.js';

/** What a completed word is worth where no index knows the word as it stands, and where one does. */
const COMPLETION_WEIGHT = 0.85;
const COMPLETION_OF_A_WORD_WEIGHT = 0.6;
/** Shorter beginnings are not completed. */
const LEAST_PREFIX = 2;
/** Words of a line whose last one may be the beginning of any other; of a longer one none that only surrounds a subject: `a lot`. */
const MOST_COMPLETED_WORDS = 2;
/** What a guess tells beside a word that is known: it may be wrong, and the word a name. */
const GUESS_SHARE = 0.5;
/** A reading of which more than this is unknown is none: "banana 500 mg" is nothing that we could explain. */
const MOST_UNKNOWN = 0.5;
/** Letters of two words that may be one. */
const LEAST_JOINED = 7;
/** Terms looked at for a misspelt word, of each index. */
const MOST_SIMILAR = 60;
/** What a reading with a synonym in place of what was written is worth, by whether the synonym is of the asked language. */
const SYNONYM_WEIGHT = 0.95;
const FOREIGN_SYNONYM_WEIGHT = 0.93;
/** Readings of one query, the one as written among them. */
const MAX_READINGS = 5;

/** The beginning of terms, and what these are worth. */
export interface Prefix {
  readonly text: string;
  readonly weight: number;
}

/** A word of a reading: every term that may stand for it. */
export interface ReadingWord {
  /** What each term is worth, 0 to 1, the best first. */
  readonly terms: ReadonlyMap<string, number>;
  /** Terms that begin so are worth something too, whether they are among `terms` or not. */
  readonly prefix: Prefix | undefined;
  /** The word is in no index, and `terms` are guesses at what was meant. */
  readonly isGuessed: boolean;
  /** How telling it is: rises with its rarity (BM25's inverse document frequency); nothing for a unit or a question word. */
  readonly rarity: number;
  /** No index holds it, and nothing like it was found. */
  readonly isUnknown: boolean;
}

/** One way to understand a query: as it is written, or with a synonym in place of some of its words. */
export interface Reading {
  readonly words: readonly ReadingWord[];
  /** The place of its most telling word: a name that lacks it is no hit. -1 where no word tells anything. */
  readonly mostTelling: number;
  /** What it is worth, 0 to 1. */
  readonly weight: number;
  readonly isSynonym: boolean;
}

/** A query understood, with the postings of all its terms. */
export interface Understood {
  readonly readings: readonly Reading[];
  readonly records: TermRecords;
}

/** Guesses at what was meant by some words. */
function guess(
  words: readonly QueryWord[],
  { index, isDoubtful = false }: Asking,
): ReadonlyMap<QueryWord, Map<string, number>> {
  const guesses = new Map<QueryWord, Map<string, number>>();
  const doubtful = words.filter(({ word }) => mayBeMisspelt(word));
  if (doubtful.length === 0) return guesses;
  const similar = index.findSimilarTerms(
    doubtful.map(({ word }) => soundOf(word)),
    MOST_SIMILAR,
  );
  for (const [position, word] of doubtful.entries()) {
    const spellings = chooseSpellings(word.word, similar[position] ?? [], isDoubtful);
    guesses.set(word, new Map(spellings.map(({ term, weight }) => [term, weight])));
  }
  return guesses;
}

function isAbbreviation(word: string, known: KnownWords, language: Language): boolean {
  const abbreviation = known.findAbbreviation(word, language);
  return abbreviation !== undefined && !abbreviation.isWord;
}

/** An abbreviation that nobody told us of: capitals in a line that is not all capitals. */
const CAPITALS = /(?<![\p{L}\p{N}])\p{Lu}{2,4}(?![\p{L}\p{N}])/gu;
const LONGER_WORD = /\p{L}{5}/u;

/** The words of a query that are written as abbreviations, folded: neither completed nor guessed at. */
function capitalsOf(query: string): ReadonlySet<string> {
  const isAllCapitals = query === query.toUpperCase() && LONGER_WORD.test(query);
  return new Set(isAllCapitals ? [] : [...query.matchAll(CAPITALS)].map(([word]) => foldText(word)));
}

/** The last word's terms as completions; none for an abbreviation, which is a word of its own. */
function prefixOf(words: readonly QueryWord[], isWhole: (word: string) => boolean): string | undefined {
  const last = words.at(-1);
  if (!last || last.term.length < LEAST_PREFIX) return undefined;
  // A plural is written to its end.
  const isPlural = last.word.endsWith('s') && last.term !== last.word;
  return isPlural || isWhole(last.word) || isDoseWord(last.word) ? undefined : last.term;
}

/** The words as they are written: each the term itself, what it may be the beginning of, or what was meant by it. */
function readWords(
  words: readonly QueryWord[],
  isWhole: (word: string) => boolean,
  records: TermRecords,
  asking: Asking & { readonly joined: readonly string[] },
): ReadingWord[] {
  const last = words.at(-1);
  const prefix = prefixOf(words, isWhole);
  const completions = records.fetch([...words.map(({ term }) => term), ...asking.joined], prefix);
  const isKnown = ({ term }: QueryWord): boolean => records.of(term).length > 0;
  const weights = weighWords(words.map(({ word }) => word));
  const unknown = words.filter(
    (word, at) => weights[at] !== 0 && !isKnown(word) && !(word === last && completions.length > 0),
  );
  const doubted = asking.isDoubtful === true ? words.filter((_, at) => weights[at] !== 0) : unknown;
  const guesses = guess(
    doubted.filter(({ word }) => !isWhole(word)),
    asking,
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
      : records.rarityOf(isKnown(word) ? [word.term] : terms.keys()) * (isGuessed ? GUESS_SHARE : 1);
    const beginning = word === last && prefix !== undefined ? { text: prefix, weight } : undefined;
    return { terms, prefix: beginning, isGuessed, rarity: rarity * (weights[at] ?? 1), isUnknown };
  });
}

/** A word of a synonym's meaning: it is taken as it is. */
function plainWord({ term }: QueryWord, records: TermRecords): ReadingWord {
  return {
    terms: new Map([[term, 1]]),
    prefix: undefined,
    isGuessed: false,
    rarity: records.rarityOf([term]),
    isUnknown: false,
  };
}

function toReading(words: readonly ReadingWord[], weight: number, isSynonym: boolean): Reading {
  let mostTelling = -1;
  for (const [place, { terms, rarity, isUnknown }] of words.entries()) {
    // A letter tells one vitamin from another, not a vitamin from a drug.
    const isLetter = [...terms.keys()].every(({ length }) => length === 1);
    if (!isUnknown && !isLetter && rarity > (words[mostTelling]?.rarity ?? 0)) mostTelling = place;
  }
  return { words, mostTelling, weight, isSynonym };
}

/** Whether most of what a reading tells is in no index: then nothing that is there is meant. */
function isMostlyUnknown({ words }: Reading): boolean {
  const sumOf = (some: readonly ReadingWord[]): number => some.reduce((sum, { rarity }) => sum + rarity, 0);
  return sumOf(words.filter(({ isUnknown }) => isUnknown)) > MOST_UNKNOWN * sumOf(words);
}

/** The words with a synonym's meaning in place of a phrase. */
function replacePhrase(
  words: readonly ReadingWord[],
  { from, to }: Phrase,
  { means, language }: Synonym,
  records: TermRecords,
  asked: Language,
): Reading {
  const meant = parseQuery(means).map((word) => plainWord(word, records));
  const all = [...words.slice(0, from), ...meant, ...words.slice(to)].slice(0, MAX_WORDS);
  return toReading(all, language === asked ? SYNONYM_WEIGHT : FOREIGN_SYNONYM_WEIGHT, true);
}

function withoutRepeats(phrases: readonly Phrase[]): Phrase[] {
  return [...new Map(phrases.map((phrase) => [`${phrase.from} ${phrase.term}`, phrase])).values()];
}

/** Each phrase with each of its synonyms; two synonyms of the same meaning count once. */
function replacementsOf(
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

const termsOf = (joined: readonly Synonym[]): string[] => joined.map(({ means }) => foldPlural(means));

/** Neighbouring words that are one where it stands: `heart burn`, `gall bladder`. */
function joinNeighbours(words: readonly QueryWord[], language: Language): Synonym[] {
  return words.slice(1).flatMap(({ word, term }, at): Synonym[] => {
    const before = words[at];
    if (!before || before.word.length + word.length < LEAST_JOINED) return [];
    return [{ term: `${before.term} ${term}`, means: before.word + word, language }];
  });
}

/** Where a query is looked up, and what is known of words beside the index. */
export interface Asking {
  readonly language: Language;
  readonly index: SearchIndex;
  readonly known: KnownWords;
  /** Words that an index knows are guessed at as well: each alone is right, and together they are nothing. */
  readonly isDoubtful?: boolean;
}

/**
 * Understands a query: its words as they are written, guessed at where no index knows them, the last one completed; and
 * the same with what people's words for things mean. Without a reading where most of it is known to nobody.
 */
export function understandQuery(query: string, asking: Asking): Understood {
  const { language, index, known } = asking;
  const records = new TermRecords(index);
  const written = parseQuery(query);
  if (written.length === 0) return { readings: [], records };
  const capitals = capitalsOf(query);
  const isLong = written.length > MOST_COMPLETED_WORDS;
  const isAround = (word: string): boolean => isLong && known.isContext(word, language);
  const isWhole = (word: string): boolean =>
    capitals.has(word) || isAbbreviation(word, known, language) || isAround(word);
  const neighbours = joinNeighbours(written, language);
  const words = readWords(written, isWhole, records, { ...asking, joined: termsOf(neighbours) });
  // A misspelt word may be part of a synonym (suger diabetes), and a word that only people use is no misspelling.
  const likeliest = words.map(({ terms }, position) => [...terms.keys()][0] ?? written[position]?.term ?? '');
  // What is known and doubted stands before its guesses.
  const guessed =
    asking.isDoubtful === true ? words.map(({ terms }, at) => [...terms.keys()][1] ?? likeliest[at] ?? '') : [];
  const ways = [written.map(({ term }) => term), likeliest, guessed];
  const phrases = withoutRepeats(ways.flatMap(phrasesOf));
  const terms = phrases.map(({ term }) => term);
  const joined = neighbours.filter((synonym) => termsOf([synonym]).some((term) => records.of(term).length > 0));
  const everyday = known.rewrite(query, language);
  // A guess at a word is one of the asked language: `angena` is angina, not the Spanish for tonsillitis.
  const asWritten = new Set(phrasesOf(written.map(({ term }) => term)).map(({ term }) => term));
  const isMeant = (synonym: Synonym): boolean => synonym.language === language || asWritten.has(synonym.term);
  const ofPeople = known.findSynonyms(terms).filter(isMeant);
  const synonyms = [...ofPeople, ...joined, ...everyday, ...index.findSynonyms(terms)];
  records.fetch(synonyms.flatMap(({ means }) => parseQuery(means).map(({ term }) => term)));
  const replaced = replacementsOf(phrases, synonyms).map(({ phrase, synonym }) =>
    replacePhrase(words, phrase, synonym, records, language),
  );
  const readings = [toReading(words, 1, false), ...replaced].filter((reading) => !isMostlyUnknown(reading));
  return { readings: readings.slice(0, MAX_READINGS), records };
}
