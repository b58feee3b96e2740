import type { Language } from '../model/language.js';

/** Letters of the shortest word that loses an ending, and of what is left of it. */
const LEAST_LETTERS = 5;
const LEAST_STEM = 3;

/** Endings of Spanish verbs and their participles, perhaps with pronouns: `atragantarse`, `atragantó`, `atragantada`. */
const SPANISH =
  /(?:(?:[aei]r|ando|iendo|yendo)(?:me|te|se|lo|la|le|nos|los|las|les|selo|sela|melo|mela)?|[ai]d[oa]s?|aba[ns]?|ia[ns]?|aron|ieron|yeron|[aei]mos|io|a[ns]?|en?|es|o)$/;
/** Endings of English verbs: `choking`, `choked`. */
const ENGLISH = /(?:ing|ed)$/;

const cut = (word: string, ending: RegExp): string => {
  const stem = word.replace(ending, '');
  return stem.length < LEAST_STEM || word.length < LEAST_LETTERS ? word : stem;
};

/** A Spanish stem whose vowel changes where it is stressed: `duele`, `doler`. */
const toSpanishStem = (word: string): string =>
  cut(word, SPANISH)
    .replace(/ie(?=[^aeiou]+$)/, 'e')
    .replace(/ue(?=[^aeiou]+$)/, 'o');

/** An English stem without the consonant that is written twice: `stopped`. */
const toEnglishStem = (word: string): string => cut(word, ENGLISH).replace(/([^aeiouls])\1$/, '$1');

/**
 * The words of a bag (folded words in order, parted by blanks) without the endings of verbs, in order again: `atragante carne` for both
 * `atragantarse con carne` and `se atragantó con carne`. A key, not words.
 */
export function toStems(bag: string, language: Language): string {
  const toStem = language === 'es' ? toSpanishStem : toEnglishStem;
  return [...new Set(bag.split(' ').map(toStem))].sort().join(' ');
}
