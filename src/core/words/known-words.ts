import type { Language } from '../model/language.js';
import { LANGUAGES } from '../model/language.js';
import type { Synonym } from '../search/search-index.js';
import { parseQuery, phraseOf } from '../search/text-query.js';
import { foldText } from '../search/text-tokens.js';
import type { EverydayWordRow } from './everyday-words.js';
import { EverydayWords, losesDenial } from './everyday-words.js';
import type { KnownWord, KnownWordRow } from './known-word.js';
import { addMeaning, isAmbiguous } from './known-word.js';
import { LayWords } from './lay-words.js';

/** Words that only surround what a line is about: `since yesterday`, `diet`, `al caminar`. */
export interface ContextWordRow {
  readonly text: string;
  readonly language: Language;
}

/** Parts of known words. */
interface WordParts {
  /** Rows of one text and language are its meanings, the frequent one first. */
  readonly abbreviations: Iterable<KnownWordRow>;
  readonly layWords: Readonly<Record<Language, LayWords>>;
  /** Words that stand for those of pages. */
  readonly everyday: EverydayWords;
  readonly context: Iterable<ContextWordRow>;
}

/** Rows of known words. */
interface WordRows {
  readonly abbreviations: readonly KnownWordRow[];
  readonly layWords: readonly KnownWordRow[];
  readonly everyday: readonly EverydayWordRow[];
  readonly context: readonly ContextWordRow[];
}

/** Context words as they are compared: folded, stop words left out. */
const contextKey = (text: string): string =>
  parseQuery(text)
    .map(({ word }) => word)
    .join(' ');

/** An abbreviation as abbreviations are compared: `N/V`, `n.v.` and `nv` are one, `D&C` and `D/C` two. */
export function abbreviationKey(text: string): string {
  return foldText(text).replace(/[\s./'’,;:()-]+/g, '');
}

/** Synonyms of a word as a part of a line; none where it is ambiguous, which is not decided beside other words either. */
function toSynonyms(word: KnownWord, term: string): Synonym[] {
  const [meaning] = word.meanings;
  if (!meaning || meaning.means === '' || term === '' || isAmbiguous(word) || word.isWord) return [];
  // `pain without medicine` has the terms of `pain medicine`.
  if (losesDenial(word.text)) return [];
  const { means, language } = meaning;
  // Without its small words it is another one: `the runs`, `on the pill`.
  if (!word.isAbbreviation && !term.includes(' ') && /\S\s+\S/.test(word.text)) return [];
  return [{ term, means, language }];
}

const otherThan = (language: Language): Language => (language === 'en' ? 'es' : 'en');

/** Longer abbreviations there are none. */
const MAX_ABBREVIATION_CHARS = 24;
/** A Spanish abbreviation of two letters mostly is another one in English: PA, CI. */
const LEAST_OF_ANOTHER_LANGUAGE = 3;

/** Abbreviations and lay words of both languages. Built once, read only. */
export class KnownWords {
  readonly #abbreviations: Readonly<Record<Language, Map<string, KnownWord>>> = { en: new Map(), es: new Map() };
  readonly #layWords: Readonly<Record<Language, LayWords>>;
  readonly #everyday: EverydayWords;
  readonly #context: Readonly<Record<Language, Set<string>>> = { en: new Set(), es: new Set() };
  /** Abbreviations by which a part of a line is known, with what they mean there. */
  readonly #synonyms = new Map<string, Synonym[]>();

  constructor({ abbreviations, layWords, everyday, context }: WordParts) {
    this.#everyday = everyday;
    this.#layWords = layWords;
    for (const { text, language } of context) this.#context[language].add(contextKey(text));
    for (const row of abbreviations) {
      const [own, key] = [this.#abbreviations[row.language], abbreviationKey(row.text)];
      own.set(key, addMeaning(own.get(key), row));
    }
    for (const own of Object.values(this.#abbreviations)) for (const word of own.values()) this.#addSynonym(word);
  }

  /** Builds them of rows in memory. */
  static of({ abbreviations = [], layWords = [], everyday: rows = [], context = [] }: Partial<WordRows>): KnownWords {
    const everyday = new EverydayWords(rows);
    const ofLanguage = (language: Language): LayWords => new LayWords(language, layWords, everyday);
    return new KnownWords({
      abbreviations,
      layWords: { en: ofLanguage('en'), es: ofLanguage('es') },
      everyday,
      context,
    });
  }

  #addSynonym(word: KnownWord): void {
    for (const term of new Set([phraseOf(word.text), phraseOf(abbreviationKey(word.text))])) {
      const known = this.#synonyms.get(term) ?? [];
      const [synonym] = toSynonyms(word, term);
      if (synonym && !known.some(({ means }) => means === synonym.means)) this.#synonyms.set(term, [...known, synonym]);
    }
  }

  /**
   * Known word that the whole of a text is, in the requested language before the other; an abbreviation before lay words, and these as they
   * are written before others that differ in the forms of their verbs.
   */
  find(text: string, readerLanguage: Language): KnownWord | undefined {
    return this.findAsWritten(text, readerLanguage) ?? this.#findStems(text, readerLanguage);
  }

  /** As `find`, with the verbs as they are. */
  findAsWritten(text: string, readerLanguage: Language): KnownWord | undefined {
    const abbreviation = this.findAbbreviation(text, readerLanguage);
    if (abbreviation) return abbreviation;
    const [own, other] = [this.#layWords[readerLanguage], this.#layWords[otherThan(readerLanguage)]];
    return own.find(text) ?? other.find(text) ?? this.#findBag(text, readerLanguage);
  }

  /** Known words of a symptom at any part of the body, whenever it is felt: `itchy scalp at night`, of `itchy [part]`. For a line that finds nothing else. */
  findAtPart(text: string, readerLanguage: Language): KnownWord | undefined {
    const words = parseQuery(text).map(({ word }) => word);
    const at = words.findIndex((_word, from) => this.isContext(words.slice(from).join(' '), readerLanguage));
    const about = at > 0 ? this.#findBag(words.slice(0, at).join(' '), readerLanguage, true) : undefined;
    return this.#findBag(text, readerLanguage, true) ?? about;
  }

  #findStems(text: string, readerLanguage: Language): KnownWord | undefined {
    const bag = this.#everyday.toBag(text, readerLanguage);
    return bag === undefined ? undefined : this.#layWords[readerLanguage].findStems(bag);
  }

  #findBag(text: string, readerLanguage: Language, areAllPartsOne = false): KnownWord | undefined {
    const [own, other] = [readerLanguage, otherThan(readerLanguage)].map((language) => {
      const bag = this.#everyday.toBag(text, language, areAllPartsOne);
      return bag === undefined ? undefined : this.#layWords[language].findBag(bag);
    });
    return own ?? other;
  }

  /** The phrases of a language that are known, folded: what a misspelt word may have been. */
  *listPhrases(language: Language): Generator<string> {
    yield* this.#layWords[language].list();
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

  /** Words of a line, those that mean another thing together as one: `belly button`. */
  join(words: readonly string[], language: Language): string[] {
    return this.#everyday.join(words, language);
  }

  /** The line in the words of pages, as a synonym of the whole of it. */
  rewrite(line: string, language: Language): Synonym[] {
    const means = this.#everyday.rewrite(line, language);
    return means === undefined ? [] : [{ term: phraseOf(line), means, language }];
  }

  /** Meaning of an abbreviation: in the requested language, else in the other where it cannot be mistaken for a word there. */
  findAbbreviation(text: string, readerLanguage: Language): KnownWord | undefined {
    if (text.length > MAX_ABBREVIATION_CHARS) return undefined;
    const key = abbreviationKey(text);
    const own = this.#abbreviations[readerLanguage].get(key);
    if (own || key === '') return own;
    const other = this.#abbreviations[otherThan(readerLanguage)].get(key);
    const isShort = readerLanguage === 'en' && key.length < LEAST_OF_ANOTHER_LANGUAGE;
    return other?.isWord || isShort ? undefined : other;
  }

  /** Meanings of phrases within a longer line; an ambiguous one has none there. */
  findSynonyms(terms: readonly string[]): Synonym[] {
    return [...new Set(terms)].flatMap((term) => {
      const ofLayWords = LANGUAGES.flatMap((language) =>
        this.#layWords[language].findPhrase(term).flatMap((word) => toSynonyms(word, term)),
      );
      const all = [...(this.#synonyms.get(term) ?? []), ...ofLayWords];
      return all.filter(({ means }, at) => all.findIndex((other) => other.means === means) === at);
    });
  }
}

/** Knows no words. */
export const NO_KNOWN_WORDS = KnownWords.of({});
