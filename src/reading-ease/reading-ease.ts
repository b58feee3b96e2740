import { findSummary, type Article, type ArticleText } from '../core/model/article.js';
import type { Language } from '../core/model/language.js';
import { findOwn } from '../core/find-own.js';
import { syllable } from 'syllable';

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

export type ReadingFormula = 'flesch-kincaid' | 'fernandez-huerta';

/** Reading difficulty of a text. */
export interface ReadingEase {
  readonly formula: ReadingFormula;
  /**
   * Result of the formula, to one decimal: a grade for Flesch-Kincaid, an ease from 0 to 100 (easiest) for
   * Fernández-Huerta.
   */
  readonly score: number;
  /** School grade in the United States, a whole number from 1: 13 and more is beyond school. */
  readonly grade: number;
}

/** Counts of a text. */
export interface TextCounts {
  readonly sentences: number;
  readonly words: number;
  readonly syllables: number;
}

/** The formulas were developed for samples of a hundred words and are not valid below this. */
const LEAST_WORDS = 50;

/** The end of a block ends a sentence, as for the items of a list. */
const BLOCK_ENDS = /<\/(?:p|li|h[1-6]|div|td|th|dd|dt)>|<br\s*\/?>/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&nbsp;': ' ',
};
/** A full stop after these does not end a sentence. */
const ABBREVIATION = /\b(?:Dr|Dra|Mr|Mrs|Ms|Sr|Sra|St|vs|approx|etc|e\.g|i\.e|p\.ej|ej|No|[A-Z])\.$/;
const SENTENCE_END = /(?<=[.!?…]["”’)]{0,9})\s+(?=["“¿¡(]{0,9}[\p{Lu}\p{N}])|\n+/u;
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;
const isWord = (text: string): boolean => /\p{L}/u.test(text);

const stripMarkup = (html: string): string =>
  html
    .replace(BLOCK_ENDS, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:amp|lt|gt|quot|nbsp);/g, (entity) => findOwn(ENTITIES, entity) ?? entity);

/** Longer ones are no words; their syllables take the square of their length to count. */
const MOST_LETTERS = 40;

const splitWords = (text: string): string[] =>
  (text.match(WORD) ?? []).filter(isWord).map((word) => word.slice(0, MOST_LETTERS));

/**
 * Counts sentences, words and syllables of an HTML text. Numbers do not count as words: they are read aloud in
 * different ways.
 */
export function countText(html: string, language: Language): TextCounts {
  const sentences: string[] = [];
  let isOpen = false;
  for (const part of stripMarkup(html).split(SENTENCE_END)) {
    if (splitWords(part).length === 0) continue;
    if (!isOpen) sentences.push(part);
    isOpen = ABBREVIATION.test(part.trim());
  }
  const words = splitWords(stripMarkup(html));
  const syllables = words.reduce((sum, word) => sum + countSyllables(word, language), 0);
  return { sentences: sentences.length, words: words.length, syllables };
}

const toTenths = (value: number): number => Math.round(value * 10) / 10;

/**
 * Flesch-Kincaid Grade Level.
 * @see J. P. Kincaid, R. P. Fishburne, R. L. Rogers, B. S. Chissom: Derivation of new readability formulas for Navy enlisted
 * personnel. Research Branch Report 8-75, 1975.
 */
export const computeFleschKincaid = ({ sentences, words, syllables }: TextCounts): number =>
  0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59;

/**
 * The ease of a Spanish text by Fernández Huerta: P is syllables per 100 words, F words per sentence.
 * @see J. Fernández Huerta: Medidas sencillas de lecturabilidad. Consigna 214, 1959, pages 29-32; for the meaning of F,
 * G. Law: Error in the Fernández Huerta readability formula, 2011.
 */
export const computeFernandezHuerta = ({ sentences, words, syllables }: TextCounts): number =>
  206.84 - 0.6 * ((100 * syllables) / words) - 1.02 * (words / sentences);

/** Fernández Huerta's own table: the least ease of a text for that grade; the lower one where he names two. */
const GRADES: readonly (readonly [leastEase: number, grade: number])[] = [
  [90, 4],
  [80, 5],
  [70, 6],
  [60, 7],
  [50, 9],
  [30, 13],
  [-Infinity, 16],
];

const findGrade = (ease: number): number => GRADES.find(([least]) => ease >= least)?.[1] ?? 16;

/** Reading difficulty of a text of HTML, or of lines; undefined if it is too short. */
export function measureText(html: string, language: Language): ReadingEase | undefined {
  const counts = countText(html, language);
  if (counts.words < LEAST_WORDS) return undefined;
  if (language === 'es') {
    const ease = computeFernandezHuerta(counts);
    return { formula: 'fernandez-huerta', score: toTenths(ease), grade: findGrade(ease) };
  }
  const grade = computeFleschKincaid(counts);
  return { formula: 'flesch-kincaid', score: toTenths(grade), grade: Math.max(1, Math.round(grade)) };
}

/** A summary is counted once per text in memory. */
const counted = new WeakMap<ArticleText, ReadingEase | 'none'>();

/** Reading difficulty of an article's summary; undefined if the library has none, or it is too short. */
export function measureReadingEase(article: Article, text: ArticleText): ReadingEase | undefined {
  const known = counted.get(text);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const summary = findSummary(article, text);
  if (summary === undefined) return undefined;
  const ease = measureText(summary.html, text.language);
  counted.set(text, ease ?? 'none');
  return ease;
}
