import type { Language } from './language.js';
import type { IndexFacts, SearchIndex, Synonym, TermRecord } from './search-index.js';
import type { Phrase, QueryWord } from './text-query.js';
import { MAX_WORDS, chooseSpellings, mayBeMisspelt, parseQuery, phrasesOf } from './text-query.js';
import { soundOf } from './text-tokens.js';

/** What a completed word is worth where no index knows the word as it stands, and where one does. */
const COMPLETION_WEIGHT = 0.85;
const COMPLETION_OF_A_WORD_WEIGHT = 0.6;
/** Shorter beginnings are not completed. */
const LEAST_PREFIX = 2;
const MOST_COMPLETIONS = 12;
/** What a guess tells beside a word that is known: it may be wrong, and the word a name. */
const GUESS_SHARE = 0.5;
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
  /** How telling it is: rises with its rarity (BM25's inverse document frequency). */
  readonly rarity: number;
}

/** One way to understand a query: as it is written, or with a synonym in place of some of its words. */
export interface Reading {
  readonly words: readonly ReadingWord[];
  /** What it is worth, 0 to 1. */
  readonly weight: number;
  readonly isSynonym: boolean;
}

/** A query understood, with the postings of all its terms. */
export interface Understood {
  readonly readings: readonly Reading[];
  readonly records: TermRecords;
}

/** The records of terms, as far as they were fetched. */
export class TermRecords {
  readonly #index: SearchIndex;
  readonly #facts: readonly IndexFacts[];
  readonly #records = new Map<string, TermRecord[]>();
  /** Terms that were asked for; one that only came as a completion may be missing from an index with more of these. */
  readonly #asked = new Set<string>();

  constructor(index: SearchIndex) {
    this.#index = index;
    this.#facts = index.searchIndexes();
  }

  get indexes(): readonly IndexFacts[] {
    return this.#facts;
  }

  of(term: string): readonly TermRecord[] {
    return this.#records.get(term) ?? [];
  }

  /** Fetches what is not here yet; answers the terms that begin with the prefix. */
  async fetch(terms: readonly string[], prefix?: string): Promise<string[]> {
    const missing = [...new Set(terms)].filter((term) => !this.#asked.has(term));
    if (missing.length === 0 && prefix === undefined) return [];
    for (const term of missing) this.#asked.add(term);
    const request = { terms: missing, prefix, mostCompletions: MOST_COMPLETIONS };
    const completions = new Set<string>();
    for (const record of await this.#index.findTerms(request)) {
      const { term, release } = record;
      const known = this.#records.get(term) ?? [];
      // A term may be asked for and begin with the prefix as well.
      if (!known.some((other) => other.release === release)) this.#records.set(term, [...known, record]);
      if (prefix !== undefined && term !== prefix && term.startsWith(prefix)) completions.add(term);
    }
    return [...completions].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  }

  /**
   * BM25's inverse document frequency of a word that is any of these terms. Nothing where no document holds one: a word
   * that nobody knows tells nothing apart.
   */
  rarityOf(terms: Iterable<string>): number {
    let holding = 0;
    for (const term of terms) for (const { documents } of this.of(term)) holding += documents;
    if (holding === 0) return 0;
    const all = this.#facts.reduce((sum, { documents }) => sum + documents, 0);
    return Math.log(1 + Math.max(0, all - holding + 0.5) / (holding + 0.5));
  }
}

/** Guesses at the words that no index knows. */
async function guess(
  words: readonly QueryWord[],
  index: SearchIndex,
): Promise<ReadonlyMap<QueryWord, Map<string, number>>> {
  const guesses = new Map<QueryWord, Map<string, number>>();
  const doubtful = words.filter(({ word }) => mayBeMisspelt(word));
  if (doubtful.length === 0) return guesses;
  const similar = await index.findSimilarTerms(
    doubtful.map(({ word }) => soundOf(word)),
    MOST_SIMILAR,
  );
  for (const [position, word] of doubtful.entries()) {
    const spellings = chooseSpellings(word.word, similar[position] ?? []);
    guesses.set(word, new Map(spellings.map(({ term, weight }) => [term, weight])));
  }
  return guesses;
}

/** The words as they are written: each the term itself, what it may be the beginning of, or what was meant by it. */
async function readWords(
  words: readonly QueryWord[],
  records: TermRecords,
  index: SearchIndex,
): Promise<ReadingWord[]> {
  const last = words.at(-1);
  const prefix = last && last.term.length >= LEAST_PREFIX ? last.term : undefined;
  const completions = await records.fetch(
    words.map(({ term }) => term),
    prefix,
  );
  const isKnown = ({ term }: QueryWord): boolean => records.of(term).length > 0;
  const unknown = words.filter((word) => !isKnown(word) && !(word === last && completions.length > 0));
  const guesses = await guess(unknown, index);
  await records.fetch([...guesses.values()].flatMap((terms) => [...terms.keys()]));
  return words.map((word) => {
    const guessed = guesses.get(word);
    const terms = guessed?.size ? guessed : new Map([[word.term, 1]]);
    const weight = isKnown(word) ? COMPLETION_OF_A_WORD_WEIGHT : COMPLETION_WEIGHT;
    if (word === last) for (const term of completions) terms.set(term, weight);
    const isGuessed = (guessed?.size ?? 0) > 0;
    const rarity = records.rarityOf(isKnown(word) ? [word.term] : terms.keys()) * (isGuessed ? GUESS_SHARE : 1);
    const beginning = word === last && prefix !== undefined ? { text: prefix, weight } : undefined;
    return { terms, prefix: beginning, isGuessed, rarity };
  });
}

/** A word of a synonym's meaning: it is taken as it is. */
function plainWord({ term }: QueryWord, records: TermRecords): ReadingWord {
  return { terms: new Map([[term, 1]]), prefix: undefined, isGuessed: false, rarity: records.rarityOf([term]) };
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
  return {
    words: [...words.slice(0, from), ...meant, ...words.slice(to)].slice(0, MAX_WORDS),
    weight: language === asked ? SYNONYM_WEIGHT : FOREIGN_SYNONYM_WEIGHT,
    isSynonym: true,
  };
}

function withoutRepeats(phrases: readonly Phrase[]): Phrase[] {
  return [...new Map(phrases.map((phrase) => [`${phrase.from} ${phrase.term}`, phrase])).values()];
}

/**
 * Understands a query: its words as they are written, guessed at where no index knows them, the last one completed; and
 * the same with what people's words for things mean.
 */
export async function understandQuery(query: string, language: Language, index: SearchIndex): Promise<Understood> {
  const records = new TermRecords(index);
  const written = parseQuery(query);
  if (written.length === 0) return { readings: [], records };
  const words = await readWords(written, records, index);
  // A misspelt word may be part of a synonym (suger diabetes), and a word that only people use is no misspelling.
  const likeliest = words.map(({ terms }, position) => [...terms.keys()][0] ?? written[position]?.term ?? '');
  const phrases = withoutRepeats([...phrasesOf(written.map(({ term }) => term)), ...phrasesOf(likeliest)]);
  const synonyms = await index.findSynonyms(phrases.map(({ term }) => term));
  await records.fetch(synonyms.flatMap(({ means }) => parseQuery(means).map(({ term }) => term)));
  const replaced = phrases.flatMap((phrase) =>
    synonyms
      .filter(({ term }) => term === phrase.term)
      .map((synonym) => replacePhrase(words, phrase, synonym, records, language)),
  );
  const readings = [{ words, weight: 1, isSynonym: false }, ...replaced].slice(0, MAX_READINGS);
  return { readings, records };
}
