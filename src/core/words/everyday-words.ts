import type { Language } from '../model/language.js';
import { parseQuery } from '../search/text-query.js';
import { foldPlural, foldText } from '../search/text-tokens.js';
import { withoutAsking } from './word-weights.js';

/** A word as people say it, and the one that pages have: `puffy`, `swelling`. */
export interface EverydayWordRow {
  readonly text: string;
  readonly language: Language;
  /** `[part]`: it is a part of the body. */
  readonly means: string;
}

/** What stands for any part of the body, in a meaning and in lay words: `numb [part]`. */
const PART = '[part]';
const PART_WORD = 'part';

/** What turns the meaning of a line round, and is lost among its words: such a line is searched for as it is written. */
const DENIAL = /(?<!\p{L})(?:non|never|without|sin|nunca|ni)(?!\p{L})/iu;

/** Words by which people say that it lasts, or how well they can. */
const MANNER: ReadonlySet<string> = new Set(
  'keep keeps going gets always well good right very up all over whole entire siempre sigue sigo bien estoy muy todo toda'.split(
    ' ',
  ),
);

/** Whether a line denies something by a word that is left out where lines are compared by their terms. */
export const losesDenial = (line: string): boolean => DENIAL.test(line);

/** The words that people say in place of those that pages have. Built once, read only. */
export class EverydayWords {
  readonly #means: Readonly<Record<Language, Map<string, string>>> = { en: new Map(), es: new Map() };
  readonly #parts: Readonly<Record<Language, Set<string>>> = { en: new Set(), es: new Set() };

  constructor(rows: Iterable<EverydayWordRow>) {
    for (const { text, language, means } of rows) {
      if (means === PART) this.#parts[language].add(foldPlural(foldText(text)));
      else this.#means[language].set(foldText(text), foldText(means));
    }
  }

  /** The words that it replaces, folded. */
  listWords(language: Language): Iterable<string> {
    return this.#means[language].keys();
  }

  /** Whether a word, folded, is a part of the body. */
  isPart(word: string, language: Language): boolean {
    return this.#parts[language].has(foldPlural(word));
  }

  /** The line in the words of pages, without those around it: `my puffy ankles` → `swelling ankles`. Undefined where it has none to replace. */
  rewrite(line: string, language: Language): string | undefined {
    const words = withoutAsking(parseQuery(line).map(({ word }) => word));
    const means = this.#means[language];
    return words.some((word) => means.has(word)) ? words.map((word) => means.get(word) ?? word).join(' ') : undefined;
  }

  /**
   * The words of a line in no order, without those around them: `my hands keep going numb` and `numb hands` are one. Undefined where fewer
   * than two are left, and where the line denies something.
   * @param areAllPartsOne any part of the body is the same word, `[part]`
   */
  toBag(line: string, language: Language, areAllPartsOne = false): string | undefined {
    if (losesDenial(line)) return undefined;
    const words = withoutAsking(parseQuery(line).map(({ word }) => word)).filter((word) => !MANNER.has(word));
    const terms = words.map((word) => foldPlural(this.#means[language].get(word) ?? word));
    const parts = this.#parts[language];
    const bag = new Set(areAllPartsOne ? terms.map((term) => (parts.has(term) ? PART_WORD : term)) : terms);
    return bag.size < 2 ? undefined : [...bag].sort().join(' ');
  }
}
