import type { Language } from '../model/language.js';
import { parseQuery } from '../search/text-query.js';
import { foldPlural, foldText } from '../search/text-tokens.js';
import { isPerson, withoutAsking } from './word-weights.js';

/** Words as people say them, and those that pages have: `puffy`, `swelling`; of several words, the whole: `belly button`, `umbilical`. */
export interface EverydayWordRow {
  readonly text: string;
  readonly language: Language;
  /** `[part]`: it is a part of the body. Another word in brackets: lines are compared by it, and none is searched for by it. */
  readonly means: string;
}

/** Placeholder for any part of the body, in a meaning and in lay words: `numb [part]`. */
const PART = '[part]';
const PART_WORD = 'part';
/** A word for many things (`[test]`, `[child]`): beside a word that no page has it would find any page of its own. */
const KIND = /^\[(.+)\]$/;

/** Words that negate a line and are lost among its words: such a line is searched for as it is written. */
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
  /** Keys by which lines are compared, of words for many things. */
  readonly #kinds: Readonly<Record<Language, Map<string, string>>> = { en: new Map(), es: new Map() };
  readonly #parts: Readonly<Record<Language, Set<string>>> = { en: new Set(), es: new Set() };
  /** Texts of several words, and how many the longest has. */
  readonly #phrases: Readonly<Record<Language, Set<string>>> = { en: new Set(), es: new Set() };
  #longest = 1;

  constructor(rows: Iterable<EverydayWordRow>) {
    for (const { text, language, means } of rows) {
      const kind = KIND.exec(means)?.[1];
      if (means === PART) this.#parts[language].add(foldPlural(foldText(text)));
      else if (kind !== undefined) this.#kinds[language].set(foldText(text), foldText(kind));
      else this.#addMeaning(foldText(text), language, foldText(means));
    }
  }

  #addMeaning(text: string, language: Language, means: string): void {
    this.#means[language].set(text, means);
    const { length } = text.split(' ');
    if (length > 1) this.#phrases[language].add(text);
    this.#longest = Math.max(this.#longest, length);
  }

  /** Words of a line, those of a phrase as one, the longest first: its words mean another thing alone. */
  join(words: readonly string[], language: Language): string[] {
    const joined: string[] = [];
    for (let from = 0; from < words.length;) {
      let length = Math.min(this.#longest, words.length - from);
      while (length > 1 && !this.#phrases[language].has(words.slice(from, from + length).join(' '))) length -= 1;
      joined.push(words.slice(from, from + length).join(' '));
      from += length;
    }
    return joined;
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
    const asWritten = withoutAsking(parseQuery(line).map(({ word }) => word));
    const words = this.join(asWritten, language);
    // A person is none of the words that a page must have: `mi hija dice` is on no `niño`, `newborn` on no `infant`.
    const rewritten = words.map((word) => {
      const means = this.#means[language].get(word);
      return means === undefined || isPerson(word) || isPerson(means) ? word : means;
    });
    return rewritten.some((word, at) => word !== words[at]) ? rewritten.join(' ') : undefined;
  }

  /**
   * The words of a line in no order, without those around them: `my hands keep going numb` and `numb hands` are one. Undefined where fewer
   * than two are left, and where the line denies something.
   * @param areAllPartsOne any part of the body is the same word, `[part]`
   */
  toBag(line: string, language: Language, areAllPartsOne = false): string | undefined {
    if (losesDenial(line)) return undefined;
    const typed = withoutAsking(parseQuery(line).map(({ word }) => word)).filter((word) => !MANNER.has(word));
    const words = this.join(typed, language);
    const [kinds, means] = [this.#kinds[language], this.#means[language]];
    const terms = words.map((word) => foldPlural(kinds.get(word) ?? means.get(word) ?? word));
    const parts = this.#parts[language];
    const bag = new Set(areAllPartsOne ? terms.map((term) => (parts.has(term) ? PART_WORD : term)) : terms);
    return bag.size < 2 ? undefined : [...bag].sort().join(' ');
  }
}

/** Letters of the shortest word that loses an ending, and of what is left of it. */
const LEAST_INFLECTED = 5;
const LEAST_STEM = 3;

/** Endings of Spanish verbs and their participles, perhaps with pronouns: `atragantarse`, `atragantó`, `atragantada`. */
const SPANISH =
  /(?:(?:[aei]r|ando|iendo|yendo)(?:me|te|se|lo|la|le|nos|los|las|les|selo|sela|melo|mela)?|[ai]d[oa]s?|aba[ns]?|ia[ns]?|aron|ieron|yeron|[aei]mos|io|a[ns]?|en?|es|o)$/;
/** Endings of English verbs: `choking`, `choked`. */
const ENGLISH = /(?:ing|ed)$/;

const cut = (word: string, ending: RegExp): string => {
  const stem = word.replace(ending, '');
  return stem.length < LEAST_STEM || word.length < LEAST_INFLECTED ? word : stem;
};

/** To lower or to raise something is no state of it: `bajar el azúcar` is not `azúcar baja`. */
const LOWERING = /^(?:bajar|subir)(?:[mts]e|l[aeo]s?)?$/;

/** A Spanish stem whose vowel changes where it is stressed: `duele`, `doler`. */
const toSpanishStem = (word: string): string =>
  LOWERING.test(word)
    ? word
    : cut(word, SPANISH)
        .replace(/ie(?=[^aeiou]+$)/, 'e')
        .replace(/ue(?=[^aeiou]+$)/, 'o');

/** An English stem without the consonant that is written twice: `stopped`. */
const toEnglishStem = (word: string): string => cut(word, ENGLISH).replace(/([^aeiouls])\1$/, '$1');

/**
 * The words of a bag (folded words in order, parted by blanks) without the endings of verbs, in order again: `atragant carn` for both
 * `atragantarse con carne` and `se atragantó con carne`. A key, not words.
 */
export function toStems(bag: string, language: Language): string {
  const toStem = language === 'es' ? toSpanishStem : toEnglishStem;
  return [...new Set(bag.split(' ').map(toStem))].sort().join(' ');
}
