import { syllable } from 'syllable';
import type { Language } from '../core/model/language.js';

const STRONG: ReadonlySet<string> = new Set('aeoáéó');
const ACCENTED_WEAK: ReadonlySet<string> = new Set('íú');
const VOWELS = /[aeiouáéíóúü]+/g;

/** Whether two vowels are in hiatus: two strong ones, or a strong one beside an accented weak one. */
function isHiatus(one: string, other: string): boolean {
  if (STRONG.has(one) && STRONG.has(other)) return true;
  if (one === other) return true;
  return (STRONG.has(one) && ACCENTED_WEAK.has(other)) || (ACCENTED_WEAK.has(one) && STRONG.has(other));
}

function countNuclei(vowels: string): number {
  const letters = Array.from(vowels);
  return letters.filter((letter, index) => index === 0 || isHiatus(letters[index - 1] ?? '', letter)).length;
}

/**
 * Counts the syllables of a Spanish word from its spelling (Real Academia Española, Ortografía 2010, II 3.4): the u of
 * `qu`, `gue` and `gui` is silent, an h between vowels does not separate them, a final y is a vowel.
 */
function countSpanish(word: string): number {
  const pronounced = word
    .normalize('NFC')
    .toLowerCase()
    .replace(/qu(?=[eéií])/g, 'k')
    .replace(/gu(?=[eéií])/g, 'g')
    .replace(/(?<=[aeiouáéíóúü])h(?=[aeiouáéíóúü])/g, '')
    .replace(/y(?![aeiouáéíóúü])/g, 'i');
  const groups = pronounced.match(VOWELS) ?? [];
  const nuclei = groups.map(countNuclei).reduce((sum, count) => sum + count, 0);
  return Math.max(1, nuclei);
}

/**
 * Counts the syllables of a word, at least one. English ones are estimated by the package `syllable`, which knows the
 * common exceptions.
 */
export function countSyllables(word: string, language: Language): number {
  return language === 'es' ? countSpanish(word) : Math.max(1, syllable(word));
}
