import type { Steps } from '../give-way.js';
import { takeAllSteps } from '../give-way.js';
import { DrugNames } from '../drugs/drug-names.js';
import type { Language } from '../model/language.js';
import { LANGUAGES } from '../model/language.js';
import type { Preparable } from '../read-once.js';
import type { ListHeadings } from '../list/list-lines.js';
import type { Synonym } from '../search/search-index.js';
import { parseQuery, phraseOf } from '../search/text-query.js';
import { foldText } from '../search/text-tokens.js';
import type { EverydayWordRow } from './everyday-words.js';
import { EverydayWords, losesDenial } from './everyday-words.js';
import { StrengthRoutes } from './strength-routes.js';

/** One row of what people type: an abbreviation, or lay words, with one meaning. */
export interface KnownWordRow {
  readonly text: string;
  /** Language of the text and of what it means. */
  readonly language: Language;
  readonly means: string;
  /** Ids of the articles judged right for the meaning, the best first; none where no article explains it. */
  readonly articles: readonly string[];
  /** On ISMP's or the Joint Commission's list of error-prone abbreviations: a single meaning selects nothing either. */
  readonly isErrorProne: boolean;
  /** Written like an everyday word (`all`, `mi`, `tea`): it counts only where it is the whole line. */
  readonly isWord: boolean;
  readonly isAbbreviation: boolean;
}

/** Words that only surround what a line is about: `since yesterday`, `diet`, `al caminar`. */
export interface ContextWordRow {
  readonly text: string;
  readonly language: Language;
}

/** One meaning of what was typed. */
export interface WordMeaning {
  readonly means: string;
  readonly language: Language;
  readonly articles: readonly string[];
}

/** What is known of a text as people type it. */
export interface KnownWord {
  readonly text: string;
  /** The frequent meaning first. */
  readonly meanings: readonly WordMeaning[];
  readonly isErrorProne: boolean;
  readonly isWord: boolean;
  readonly isAbbreviation: boolean;
}

const LEADING_ARTICLE = /^(?:the|an?|el|la|los|las|una?)\s+/;

/** Lay words as they are compared: without case, accents, marks and a leading article; `runs` is not `run`. */
const wordKey = (text: string): string =>
  foldText(text)
    .replace(/['’ʼ`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(LEADING_ARTICLE, '');

/** Several lay words by their terms alone: number and small words do not matter. A single word counts as it is written. */
const looseKey = (text: string): string => {
  if (losesDenial(text)) return '';
  const phrase = phraseOf(text);
  return phrase.includes(' ') ? phrase : '';
};

/** Context words as they are compared: folded, stop words left out. */
const contextKey = (text: string): string =>
  parseQuery(text)
    .map(({ word }) => word)
    .join(' ');

/** An abbreviation as abbreviations are compared: `N/V`, `n.v.` and `nv` are one, `D&C` and `D/C` two. */
export function abbreviationKey(text: string): string {
  return foldText(text).replace(/[\s./'’,;:()-]+/g, '');
}

/** Whether a text has several meanings, or one that must not be guessed. */
export const isAmbiguous = ({ meanings, isErrorProne }: KnownWord): boolean => isErrorProne || meanings.length > 1;

const otherThan = (language: Language): Language => (language === 'en' ? 'es' : 'en');

/** Longer abbreviations there are none. */
const MAX_ABBREVIATION_CHARS = 24;
/** A Spanish abbreviation of two letters mostly is another one in English: PA, CI. */
const LEAST_OF_ANOTHER_LANGUAGE = 3;

type Words = Map<string, KnownWord>;

function addMeaning(words: Words, key: string, row: KnownWordRow, meaning: WordMeaning): void {
  const known = words.get(key);
  // Two ways to write the same words may share a key.
  if (known?.meanings.some(({ means }) => means === meaning.means)) return;
  const { text, isErrorProne, isWord, isAbbreviation } = row;
  words.set(key, {
    text: known?.text ?? text,
    meanings: [...(known?.meanings ?? []), meaning],
    isErrorProne: isErrorProne || (known?.isErrorProne ?? false),
    isWord: isWord || (known?.isWord ?? false),
    isAbbreviation,
  });
}

/** Abbreviations and lay words of both languages. Built once, read only. */
export class KnownWords {
  readonly #abbreviations: Readonly<Record<Language, Words>> = { en: new Map(), es: new Map() };
  readonly #phrases: Readonly<Record<Language, Words>> = { en: new Map(), es: new Map() };
  /** Lay words by their words in no order; undefined where two of one key lead to different articles. */
  readonly #bags: Readonly<Record<Language, Map<string, KnownWord | undefined>>> = { en: new Map(), es: new Map() };
  #everyday = new EverydayWords([]);
  readonly #context: Readonly<Record<Language, Set<string>>> = { en: new Set(), es: new Set() };
  /** Phrases by which a part of a line is known, with what they mean there. */
  readonly #synonyms = new Map<string, Synonym[]>();

  /**
   * @param rows rows of one text and language are its meanings, the frequent one first
   * @param everyday words that stand for those of pages
   * @param context words and phrases that only surround what a line is about
   */
  constructor(
    rows: Iterable<KnownWordRow>,
    everyday: Iterable<EverydayWordRow> = [],
    context: Iterable<ContextWordRow> = [],
  ) {
    takeAllSteps(this.#fill(rows, everyday, context));
  }

  /** Builds the same in steps. */
  static *inSteps(...[rows, everyday = [], context = []]: ConstructorParameters<typeof KnownWords>): Steps<KnownWords> {
    const words = new KnownWords([]);
    yield* words.#fill(rows, everyday, context);
    return words;
  }

  *#fill(
    rows: Iterable<KnownWordRow>,
    everyday: Iterable<EverydayWordRow>,
    context: Iterable<ContextWordRow>,
  ): Steps<void> {
    this.#everyday = new EverydayWords(everyday);
    for (const { text, language } of context) {
      yield;
      this.#context[language].add(contextKey(text));
    }
    for (const row of rows) {
      yield;
      this.#add(row);
    }
    for (const words of [...Object.values(this.#abbreviations), ...Object.values(this.#phrases)]) {
      for (const word of words.values()) {
        yield;
        this.#addSynonym(word);
      }
    }
    for (const language of LANGUAGES) yield* this.#addBags(language);
  }

  #add(row: KnownWordRow): void {
    const { text, language, means, articles, isAbbreviation } = row;
    if (isAbbreviation) {
      addMeaning(this.#abbreviations[language], abbreviationKey(text), row, { means, language, articles });
      return;
    }
    const keys = new Set([wordKey(text), looseKey(text)]);
    for (const key of keys)
      if (key !== '') addMeaning(this.#phrases[language], key, row, { means, language, articles });
  }

  *#addBags(language: Language): Steps<void> {
    const bags = this.#bags[language];
    for (const word of new Set(this.#phrases[language].values())) {
      yield;
      const bag = this.#everyday.toBag(word.text, language);
      if (bag === undefined) continue;
      const other = bags.get(bag);
      const isOne = !bags.has(bag) || other?.meanings[0]?.articles[0] === word.meanings[0]?.articles[0];
      bags.set(bag, isOne ? (other ?? word) : undefined);
    }
  }

  #addSynonym(word: KnownWord): void {
    const [meaning] = word.meanings;
    // What is ambiguous by itself is not decided beside other words either.
    if (!meaning || meaning.means === '' || isAmbiguous(word) || word.isWord) return;
    const { means, language } = meaning;
    const written = phraseOf(word.text);
    // Without its small words it is another one: `the runs`, `on the pill`.
    if (!word.isAbbreviation && !written.includes(' ') && /\S\s+\S/.test(word.text)) return;
    const terms = word.isAbbreviation ? [written, phraseOf(abbreviationKey(word.text))] : [written];
    for (const term of new Set(terms)) {
      const known = this.#synonyms.get(term) ?? [];
      if (term !== '' && !known.some((other) => other.means === means)) {
        this.#synonyms.set(term, [...known, { term, means, language }]);
      }
    }
  }

  /** What the whole of a text is known as, in the requested language before the other; an abbreviation before lay words. */
  find(text: string, readerLanguage: Language): KnownWord | undefined {
    const abbreviation = this.findAbbreviation(text, readerLanguage);
    if (abbreviation) return abbreviation;
    const [own, other] = [this.#phrases[readerLanguage], this.#phrases[otherThan(readerLanguage)]];
    const [exact, loose] = [wordKey(text), looseKey(text)];
    return (
      own.get(exact) ?? own.get(loose) ?? other.get(exact) ?? other.get(loose) ?? this.#findBag(text, readerLanguage)
    );
  }

  /** What is known of a symptom at any part of the body: `itchy scalp`, of `itchy [part]`. For a line that finds nothing else. */
  findAtPart(text: string, readerLanguage: Language): KnownWord | undefined {
    return this.#findBag(text, readerLanguage, true);
  }

  #findBag(text: string, readerLanguage: Language, areAllPartsOne = false): KnownWord | undefined {
    const [own, other] = [readerLanguage, otherThan(readerLanguage)].map((language) => {
      const bag = this.#everyday.toBag(text, language, areAllPartsOne);
      return bag === undefined ? undefined : this.#bags[language].get(bag);
    });
    return own ?? other;
  }

  /** The phrases of a language that are known, folded: what a misspelt word may have been. */
  *listPhrases(language: Language): Generator<string> {
    for (const { text } of this.#phrases[language].values()) yield wordKey(text);
    yield* this.#context[language];
    yield* this.#everyday.listWords(language);
  }

  /** Whether words, as a query has them, only surround what a line is about: `since yesterday`. */
  isContext(words: string, language: Language): boolean {
    return this.#context[language].has(words);
  }

  /** Whether a word, as a query has it, is a part of the body. */
  isPart(word: string, language: Language): boolean {
    return this.#everyday.isPart(word, language);
  }

  /** The line in the words of pages, as a synonym of the whole of it. */
  rewrite(line: string, language: Language): Synonym[] {
    const means = this.#everyday.rewrite(line, language);
    return means === undefined ? [] : [{ term: phraseOf(line), means, language }];
  }

  /** What an abbreviation means: in the requested language, else in the other where it cannot be mistaken for a word there. */
  findAbbreviation(text: string, readerLanguage: Language): KnownWord | undefined {
    if (text.length > MAX_ABBREVIATION_CHARS) return undefined;
    const key = abbreviationKey(text);
    const own = this.#abbreviations[readerLanguage].get(key);
    if (own || key === '') return own;
    const other = this.#abbreviations[otherThan(readerLanguage)].get(key);
    const isShort = readerLanguage === 'en' && key.length < LEAST_OF_ANOTHER_LANGUAGE;
    return other?.isWord || isShort ? undefined : other;
  }

  /** What phrases mean within a longer line; what is ambiguous means nothing there. */
  findSynonyms(terms: readonly string[]): Synonym[] {
    return [...new Set(terms)].flatMap((term) => this.#synonyms.get(term) ?? []);
  }
}

/** What is known of words beside the library: read once. */
export interface Vocabulary extends Partial<Preparable> {
  readonly known: KnownWords;
  readonly drugNames: DrugNames;
  /** Everyday words of each language that are near another word but no misspelling of it, folded. */
  readonly plainWords: Readonly<Record<Language, ReadonlySet<string>>>;
  readonly strengthRoutes: StrengthRoutes;
  /** Headings of lists. */
  readonly headings: ListHeadings;
}

/** Knows no words. */
export const NO_KNOWN_WORDS = new KnownWords([]);

const NO_STRENGTH_ROUTES = new StrengthRoutes([]);

/** Knows neither words nor drugs. */
export const NO_VOCABULARY: Vocabulary = {
  known: NO_KNOWN_WORDS,
  drugNames: new DrugNames([]),
  plainWords: { en: new Set(), es: new Set() },
  strengthRoutes: NO_STRENGTH_ROUTES,
  headings: new Map(),
};
