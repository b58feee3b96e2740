import type { Language } from '../model/language.js';
import { parseQuery, phraseOf } from '../search/text-query.js';
import { foldText } from '../search/text-tokens.js';
import type { EverydayWords } from './everyday-words.js';
import { losesDenial, toStems } from './everyday-words.js';
import { KeyIndex } from './key-index.js';
import type { KnownWord, KnownWordRow } from './known-word.js';
import { addMeaning } from './known-word.js';

const LEADING_ARTICLE = /^(?:the|an?|el|la|los|las|una?)\s+/;

/** Lay words as they are compared: without case, accents, marks and a leading article; `runs` is not `run`. */
const wordKey = (text: string): string =>
  foldText(text)
    .replace(/['’ʼ`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(LEADING_ARTICLE, '');

/** Several lay words by their terms alone: number and small words do not matter. A single word counts as it is written. */
const looseKey = (text: string, phrase = phraseOf(text)): string =>
  phrase.includes(' ') && !losesDenial(text) ? phrase : '';

/** The rows of lay words by their places. */
export interface LayWordRows {
  readonly length: number;
  readonly textAt: (place: number) => string;
  readonly at: (place: number) => KnownWordRow;
}

/**
 * The lay words of one language, by their keys. Shipped rows remain the lines that they were read as, and are parsed when they are
 * found: as objects under text keys they would be five times as large.
 */
export class LayWords {
  readonly #language: Language;
  readonly #rows: LayWordRows;
  readonly #everyday: EverydayWords;
  readonly #byKey: KeyIndex;
  readonly #byBag: KeyIndex;
  readonly #byStems: KeyIndex;
  readonly #byPhrase: KeyIndex;

  /** @param rows those of one text are its meanings, the frequent one first */
  constructor(language: Language, rows: LayWordRows, everyday: EverydayWords) {
    this.#language = language;
    this.#rows = rows;
    this.#everyday = everyday;
    const [keys, phrases] = [new KeyIndex.Writer(), new KeyIndex.Writer()];
    const [bags, stems] = [new KeyIndex.Writer(), new KeyIndex.Writer()];
    for (let place = 0; place < rows.length; place += 1) {
      const text = rows.textAt(place);
      const parsed = parseQuery(text);
      const phrase = parsed.map(({ term }) => term).join(' ');
      for (const key of new Set([wordKey(text), looseKey(text, phrase)])) if (key !== '') keys.add(key, place);
      phrases.add(phrase, place);
      const bag = everyday.toBag(text, language);
      if (bag === undefined) continue;
      bags.add(bag, place);
      stems.add(toStems(bag, language), place);
    }
    this.#byKey = keys.finish();
    this.#byBag = bags.finish();
    this.#byStems = stems.finish();
    this.#byPhrase = phrases.finish();
  }

  /** The rows at places that hold something, in their order. */
  #rowsAt(places: readonly number[], holds: (text: string) => boolean): KnownWordRow[] {
    return places.filter((place) => holds(this.#rows.textAt(place))).map((place) => this.#rows.at(place));
  }

  /** Word of a key; undefined: none. */
  #findKey(key: string): KnownWord | undefined {
    if (key === '') return undefined;
    const rows = this.#rowsAt(this.#byKey.find(key), (text) => wordKey(text) === key || looseKey(text) === key);
    return rows.reduce<KnownWord | undefined>(addMeaning, undefined);
  }

  /** Known word that the whole of a text is. */
  find(text: string): KnownWord | undefined {
    return this.#findKey(wordKey(text)) ?? this.#findKey(looseKey(text));
  }

  /** Words known by the text of a row: as it is written, and by its terms, unless an earlier row is known so. */
  #wordsOf({ text }: KnownWordRow): KnownWord[] {
    const words = [...new Set([wordKey(text), looseKey(text)])].flatMap((key) => this.#findKey(key) ?? []);
    return words.filter((word) => word.text === text);
  }

  /** Word that has the words of a bag in any order; undefined also where two such lead to different articles. */
  findBag(bag: string): KnownWord | undefined {
    return this.#findOne(this.#rowsAt(this.#byBag.find(bag), (text) => this.#toBag(text) === bag));
  }

  /** Word that has the words of a bag in any order, whatever the forms of its verbs; undefined as above. */
  findStems(bag: string): KnownWord | undefined {
    const stems = toStems(bag, this.#language);
    const hasStems = (text: string): boolean => toStems(this.#toBag(text) ?? '', this.#language) === stems;
    return this.#findOne(this.#rowsAt(this.#byStems.find(stems), hasStems));
  }

  #toBag(text: string): string | undefined {
    return this.#everyday.toBag(text, this.#language);
  }

  /** Known word of rows that lead to one article. */
  #findOne(rows: readonly KnownWordRow[]): KnownWord | undefined {
    const words = rows.flatMap((row) => this.#wordsOf(row));
    const [first] = words;
    const isOne = words.every((word) => word.meanings[0]?.articles[0] === first?.meanings[0]?.articles[0]);
    return isOne ? first : undefined;
  }

  /** Words that have a phrase among their terms. */
  findPhrase(phrase: string): KnownWord[] {
    if (phrase === '') return [];
    const rows = this.#rowsAt(this.#byPhrase.find(phrase), (text) => phraseOf(text) === phrase);
    return rows.flatMap((row) => this.#wordsOf(row));
  }

  /** All of them, folded. */
  *list(): Generator<string> {
    for (let place = 0; place < this.#rows.length; place += 1) yield wordKey(this.#rows.textAt(place));
  }
}
