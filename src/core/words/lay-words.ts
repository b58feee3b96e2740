import type { Language } from '../model/language.js';
import { phraseOf } from '../search/text-query.js';
import { foldText } from '../search/text-tokens.js';
import type { EverydayWords } from './everyday-words.js';
import { losesDenial, toStems } from './everyday-words.js';
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

/** Rows by a key, each key's in the order in which they were read. */
type RowsByKey = Map<string, readonly KnownWordRow[]>;

/** The lay words of one language, by their keys. Built once, read only. */
export class LayWords {
  readonly #language: Language;
  readonly #rows: readonly KnownWordRow[];
  readonly #byKey: RowsByKey = new Map();
  readonly #byBag: RowsByKey = new Map();
  readonly #byStems: RowsByKey = new Map();
  readonly #byPhrase: RowsByKey = new Map();

  /** @param rows of any language; those of one text are its meanings, the frequent one first */
  constructor(language: Language, rows: readonly KnownWordRow[], everyday: EverydayWords) {
    this.#language = language;
    this.#rows = rows.filter((row) => row.language === language);
    const add = (rowsByKey: RowsByKey, key: string, row: KnownWordRow): void =>
      void rowsByKey.set(key, rowsByKey.get(key)?.concat(row) ?? [row]);
    for (const row of this.#rows) {
      const phrase = phraseOf(row.text);
      for (const key of new Set([wordKey(row.text), looseKey(row.text, phrase)])) add(this.#byKey, key, row);
      add(this.#byPhrase, phrase, row);
      const bag = everyday.toBag(row.text, language);
      if (bag === undefined) continue;
      add(this.#byBag, bag, row);
      add(this.#byStems, toStems(bag, language), row);
    }
    // Texts of small words alone have neither.
    this.#byKey.delete('');
    this.#byPhrase.delete('');
  }

  /** Word of a key; undefined: none. */
  #findKey(key: string): KnownWord | undefined {
    return this.#byKey.get(key)?.reduce<KnownWord | undefined>(addMeaning, undefined);
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
    return this.#findOne(this.#byBag.get(bag));
  }

  /** Word that has the words of a bag in any order, whatever the forms of its verbs; undefined as above. */
  findStems(bag: string): KnownWord | undefined {
    return this.#findOne(this.#byStems.get(toStems(bag, this.#language)));
  }

  /** Known word of rows that lead to one article. */
  #findOne(rows: readonly KnownWordRow[] = []): KnownWord | undefined {
    const words = rows.flatMap((row) => this.#wordsOf(row));
    const [first] = words;
    const isOne = words.every((word) => word.meanings[0]?.articles[0] === first?.meanings[0]?.articles[0]);
    return isOne ? first : undefined;
  }

  /** Words that have a phrase among their terms. */
  findPhrase(phrase: string): KnownWord[] {
    return (this.#byPhrase.get(phrase) ?? []).flatMap((row) => this.#wordsOf(row));
  }

  /** All of them, folded. */
  *list(): Generator<string> {
    for (const { text } of this.#rows) yield wordKey(text);
  }
}
