import { SALT_WORDS } from '../../drugs/drug-line-words.js';
import { LANGUAGES } from '../../model/language.js';
import type { Library } from '../../model/library.js';
import { computeMostCost, measureMisspelling } from '../../search/misspelling.js';
import type { Corrections, SearchRequest } from '../../search/search-hit.js';
import type { SimilarTerm } from '../../search/search-index.js';
import { chooseSpellings } from '../../search/text-query.js';
import { correctionKey } from '../../search/text-reading.js';
import { findAsWritten } from '../../search/text-search.js';
import { foldPlural, toSound } from '../../search/text-tokens.js';
import { compose, readTokens, type Change, type Composed, type SpelledToken } from './compose-lines.js';
import { isPlainWord } from '../plain-lines.js';
import type { Vocabulary } from '../vocabulary.js';
import type { SpellingOption, SpellingSources } from './spelling-options.js';
import {
  EXTRA_SPACE,
  listDoubtful,
  listHalves,
  listSpellings,
  listSplits,
  listSplitsOfNames,
} from './spelling-options.js';
import { LEAST_LETTERS } from './word-stock.js';
import { isDoseWord } from '../word-weights.js';

/** Longer lines are not corrected. */
const MOST_WORDS = 12;
/** Words of a line that are corrected. */
const MOST_MISSPELT = 2;
/** Words of the longest line of which a known or an everyday word is doubted. */
const MOST_DOUBTED = 3;
/** Terms of each index that are compared with a word. */
const MOST_SIMILAR = 60;

/** Words of a line whose last one may be the beginning of another. */
const MOST_COMPLETED_WORDS = 2;
/** Letters of the shortest word that is looked up as two of names. */
const LEAST_SPLIT = 8;
/** Phrases in which a word is one that people mean. */
const LEAST_PHRASES = 3;
/** Letters of the shortest word that two neighbours may be. */
const LEAST_JOINED = 6;
/** A score from which on a line is a name as it is written. */
const WHOLE_NAME = 0.95;
/** Below this cost a spelling is not compared with two words. */
const CERTAIN = 0.4;
/** Lines that are searched for: each costs a search. */
const MOST_COMPARED = 2;
/** A name that has all words of a line, and little else. */
const CONFIRMING_SCORE = 0.8;
/** Additional cost at which a correction still counts as a guess among the words of a line. */
const MORE_AMONG_WORDS = 0.2;
/** Cost of a slip beside a name's score. */
const COST_SHARE = 0.5;
/** A line of one word that is written like an abbreviation: `FOOSH` is no slip for phosphate. */
const ONE_IN_CAPITALS = /^[A-Z]{2,5}$/;

/** A line as it may have been meant. */
export interface SpeltLine {
  readonly line: string;
}

/** Reads a line whose words may be misspelt. */
export class Speller {
  readonly #line: string;
  readonly #tokens: readonly SpelledToken[];
  readonly #sources: SpellingSources;
  readonly #vocabulary: Vocabulary;
  readonly #library: Library;

  constructor(line: string, { language }: SearchRequest, library: Library, vocabulary: Vocabulary) {
    this.#line = line;
    this.#tokens = readTokens(line);
    const { stocks, drugs } = vocabulary;
    this.#sources = { language, stocks, drugNames: drugs.names };
    this.#vocabulary = vocabulary;
    this.#library = library;
  }

  #isStocked({ word }: Pick<SpelledToken, 'word'>): boolean {
    const { stocks } = this.#sources;
    return stocks.en.has(word) || stocks.es.has(word);
  }

  /** Whether people write it in several phrases, so that it is no misspelling. */
  #isCommon(word: string): boolean {
    const { stocks } = this.#sources;
    return stocks.en.count(word) + stocks.es.count(word) >= LEAST_PHRASES;
  }

  /** Words that are neither known nor in any name. */
  #findUnknown(): { unknown: SpelledToken[]; isLastBegun: boolean } {
    const { language, drugNames } = this.#sources;
    const words = this.#tokens.map(({ word }) => word);
    const doubtful = this.#tokens.filter(
      (token, at) =>
        token.word.length >= LEAST_LETTERS &&
        !/[^a-z]/.test(token.word) &&
        !this.#isStocked(token) &&
        !(isDoseWord(token.word) || SALT_WORDS.has(token.word)) &&
        !drugNames.isWithinName(words, at) &&
        !this.#vocabulary.known.findAbbreviation(token.word, language),
    );
    if (doubtful.length === 0) return { unknown: [], isLastBegun: false };
    const terms = doubtful.map(({ word }) => foldPlural(word));
    const isLast = doubtful.at(-1) === this.#tokens.at(-1) && this.#tokens.length <= MOST_COMPLETED_WORDS;
    const last = isLast ? doubtful.at(-1) : undefined;
    const records = this.#library.search.findTerms({ terms, prefix: last?.word, mostCompletions: 1 });
    const found = new Set(records.map(({ term }) => term));
    const unknown = doubtful.filter(({ word }) => !found.has(foldPlural(word)));
    const isLastBegun =
      last !== undefined &&
      unknown.at(-1) === doubtful.at(-1) &&
      records.some(({ term }) => term.startsWith(last.word));
    return { unknown, isLastBegun };
  }

  /** Words that are one of names without its space: `rectaldisorders`. */
  #listSplitsOfNames(word: string): SpellingOption[] {
    if (word.length < LEAST_SPLIT) return [];
    const terms = [...new Set(listHalves(word).flat().map(foldPlural))];
    const records = this.#library.search.findTerms({ terms, prefix: undefined, mostCompletions: 0 });
    const found = new Set(records.map(({ term }) => term));
    const { stocks, language } = this.#sources;
    return listSplitsOfNames(word, (part) => found.has(foldPlural(part)) || stocks[language].has(part));
  }

  /** Neighbours that are one word with a space too many: one of them is no word by itself. */
  #listJoined(): Change[] {
    const { stocks, language } = this.#sources;
    const stock = stocks[language];
    const pairs = this.#tokens.slice(1).flatMap((other, at) => {
      const one = this.#tokens[at];
      const text = (one?.word ?? '') + other.word;
      const parts = [one?.word ?? '', other.word].filter((word) => !stock.has(word));
      if (!one || parts.includes('') || parts.length === 0 || text.length < LEAST_JOINED || /[^a-z]/.test(text))
        return [];
      return [{ text, parts, from: one.from, to: other.to }];
    });
    if (pairs.length === 0) return [];
    const terms = pairs.flatMap(({ text, parts }) => [text, ...parts]).map(foldPlural);
    const records = this.#library.search.findTerms({ terms, prefix: undefined, mostCompletions: 0 });
    const found = new Set(records.map(({ term }) => term));
    const isNamed = (word: string): boolean => found.has(foldPlural(word));
    return pairs
      .filter(({ text, parts }) => !parts.every(isNamed) && (stock.has(text) || isNamed(text)))
      .map(({ text, from, to }) => ({ text, from, to, cost: EXTRA_SPACE, isLikely: true }));
  }

  #isKnown(line: string): boolean {
    return this.#vocabulary.known.find(line, this.#sources.language) !== undefined;
  }

  /**
   * Meanings of a line that has words in no table; the likeliest first. Empty where it has none, and where what they mean is not certain.
   * @param corrections is filled with what the search by words would look up again
   */
  spell(corrections: Corrections): SpeltLine[] {
    if (this.#tokens.length > MOST_WORDS || ONE_IN_CAPITALS.test(this.#line)) return [];
    const asOne = this.#findJoinedLine();
    if (asOne && this.#scoreNames(this.#line) < WHOLE_NAME) return [asOne];
    const { unknown, isLastBegun } = this.#findUnknown();
    const [only, ...others] = this.#tokens;
    if (only && others.length === 0 && (isPlainWord(only.word, this.#vocabulary) || this.#isCommon(only.word))) {
      corrections.set(only.word, new Map());
      return [];
    }
    // An everyday word is not guessed at among others either; nor is a known one doubted where unknown ones are beside it.
    const isLong = this.#tokens.length > MOST_DOUBTED;
    const isCertain = isLong && unknown.length > 1;
    for (const { word } of this.#tokens) {
      if (isPlainWord(word, this.#vocabulary)) corrections.set(correctionKey(word, false), new Map());
      if (isPlainWord(word, this.#vocabulary) || isCertain) corrections.set(correctionKey(word, true), new Map());
    }
    const joined = this.#listJoined();
    if (unknown.length + joined.length === 0) return this.#findSplitLine();
    if (unknown.length > MOST_MISSPELT) {
      // A line of so many is on something else.
      for (const { word } of unknown) corrections.set(word, new Map());
      return [];
    }
    const misspelt = isLong ? unknown.filter(({ word }) => !isPlainWord(word, this.#vocabulary)) : unknown;
    const lines = compose(this.#line, this.#listPlaces(misspelt, joined, corrections)).filter(
      ({ line }) => line !== this.#line,
    );
    const { words } = this.#library.status().titleFacts ?? {};
    const known = lines.find(({ line }) => this.#isKnown(line) || (words?.named(line) ?? []).length > 0);
    if (known) return this.#tokens.length > 1 || (known.isLikely && !isLastBegun) ? [{ line: known.line }] : [];
    if (this.#tokens.length === 1 && isLastBegun) return [];
    return this.#chooseByNames(lines);
  }

  #listPlaces(unknown: readonly SpelledToken[], joined: readonly Change[], corrections: Corrections): Change[][] {
    const similar = this.#library.search.findSimilarTerms(
      unknown.map(({ word }) => toSound(word)),
      MOST_SIMILAR,
    );
    const places: Change[][] = [];
    for (const [position, token] of unknown.entries()) {
      const { word, from, to } = token;
      const terms = similar[position] ?? [];
      const isPlain = isPlainWord(word, this.#vocabulary);
      corrections.set(word, isPlain ? new Map() : this.#chooseCorrections(word, terms));
      // An everyday word is only a slip away from the one that the rest of the line confirms: `planter fasciitis`.
      const spellings = listSpellings(word, terms, this.#sources)
        .filter(({ isLikely }) => isLikely || !isPlain)
        .map((option) => ({ ...option, isLikely: !isPlain && option.isLikely }));
      const splits = (spellings[0]?.cost ?? Infinity) < CERTAIN ? [] : this.#listSplitsOfNames(word);
      places.push([...spellings, ...splits].map((option) => ({ ...option, from, to })));
    }
    for (const change of joined) {
      const isInside = ([first]: readonly Change[]): boolean =>
        first !== undefined && first.from < change.to && change.from < first.to;
      const [place, other] = places.filter(isInside);
      if (!place) places.push([change]);
      else if (!other) place.unshift(change);
      // Both are parts of one word.
      else places.splice(places.indexOf(place), 2, [change]);
    }
    const filled = places.filter((place) => place.length > 0).sort(([a], [b]) => (a?.from ?? 0) - (b?.from ?? 0));
    return filled.map((place) => place.sort((a, b) => a.cost - b.cost));
  }

  /** Words as which the search by words may read a word: those that are near by sound, where their slips do not cost too much. */
  #chooseCorrections(word: string, similar: readonly SimilarTerm[]): ReadonlyMap<string, number> {
    const most = computeMostCost(word.length) + MORE_AMONG_WORDS;
    const isNear = ({ word: other }: SimilarTerm): boolean =>
      LANGUAGES.some((language) => measureMisspelling(word, other, language, most) !== Infinity);
    const near = chooseSpellings(word, similar).filter((one) =>
      similar.some((other) => other.term === one.term && isNear(other)),
    );
    return new Map(near.map(({ term, weight }) => [term, weight]));
  }

  /** Of lines that are not known as a whole those that names confirm, else the likeliest. */
  #chooseByNames(lines: readonly Composed[]): SpeltLine[] {
    const few = lines.slice(0, MOST_COMPARED);
    const likely = few.filter(({ isLikely }) => isLikely);
    if (few.length === 1 && likely.length === 1) return likely;
    const scored = few
      .map((one) => ({ ...one, score: this.#scoreNames(one.line) }))
      .filter(({ isLikely, score, line }) => isLikely || (line.includes(' ') && score >= CONFIRMING_SCORE))
      .sort((a, b) => b.score - b.cost * COST_SHARE - (a.score - a.cost * COST_SHARE));
    return scored.slice(0, 2);
  }

  /** Score of the best name for a line as it is written. */
  #scoreNames(line: string): number {
    const request = {
      query: line,
      language: this.#sources.language,
      kind: 'article',
      count: 1,
      isSpelt: true,
    } as const;
    return findAsWritten(request, this.#library, this.#vocabulary.known)[0]?.score ?? 0;
  }

  /** The whole line is known with two of its words as one: `mal parto`. */
  #findJoinedLine(): SpeltLine | undefined {
    const lines = this.#tokens.slice(1).flatMap((token, at) => {
      const before = this.#tokens[at];
      return before ? [this.#line.slice(0, before.to) + this.#line.slice(token.from)] : [];
    });
    const line = lines.find((one) => this.#isKnown(one));
    return line === undefined ? undefined : { line };
  }

  /** The whole line is known, or a name, with one of its words as two: `bloodpressure`. */
  #findSplitLine(): SpeltLine[] {
    const changes = this.#tokens.flatMap(({ word, from, to }) =>
      listSplits(word, this.#sources).map((option) => ({ ...option, from, to, isLikely: !this.#isStocked({ word }) })),
    );
    const lines = compose(this.#line, [changes]);
    if (lines.length === 0 || this.#scoreNames(this.#line) >= CONFIRMING_SCORE) return [];
    const line =
      lines.find((one) => this.#isKnown(one.line)) ??
      lines.find((one) => one.isLikely && this.#scoreNames(one.line) >= CONFIRMING_SCORE);
    return line === undefined ? [] : [line];
  }

  #findKnownChange(tokens: readonly SpelledToken[], list: (word: string) => readonly SpellingOption[]): SpeltLine[] {
    const changes = tokens.flatMap(({ word, from, to }) => list(word).map((option) => ({ ...option, from, to })));
    const lines = changes
      .sort((a, b) => a.cost - b.cost)
      .map(({ from, to, text }) => this.#line.slice(0, from) + text + this.#line.slice(to));
    const line = lines.find((one) => this.#isKnown(one));
    return line === undefined ? [] : [{ line }];
  }

  /** The line of several words, each of them known, that finds nothing: the whole of it is known with one of them changed. */
  doubt(): SpeltLine[] {
    const telling = this.#tokens.filter(({ word }) => word.length >= LEAST_LETTERS && !/[^a-z]/.test(word));
    // A line divided by commas is no phrase.
    if (telling.length < 2 || this.#tokens.length > MOST_DOUBTED || /[,;/]/.test(this.#line)) return [];
    const doubted = telling.filter(({ word }) => !isPlainWord(word, this.#vocabulary));
    return this.#findKnownChange(doubted, (word) => listDoubtful(word, this.#sources));
  }
}
