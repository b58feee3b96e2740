import { foldPlural, foldText, tokensOf } from '../search/text-tokens.js';
import { listNames } from '../model/article.js';
import { isDirection, isDoseWord } from './word-weights.js';
import type { SearchHit } from '../search/search-hit.js';

/** A strength as products have it and laboratory values do not: `100 MG/ML`, `0.08 mg/actuat`. */
const PRODUCT_STRENGTH = /\d ?(?:mg|mcg|meq|unt|bau|pnu) ?\/ ?(?:[\d.]+ ?)?(?:ml|mg|actuat|hr)(?![a-z])/i;

/** Two cut-off names with a strength of each: `met/sit 50/500` is no metastasis. */
const CUT_PRODUCT = /^(?!bp\b)[a-z]+ ?\/ ?[a-z]+ +\d[\d.]*[/-]\d/i;

/** Whether a line measures something as a product that is administered. */
export const isProduct = (line: string): boolean => PRODUCT_STRENGTH.test(line) || CUT_PRODUCT.test(line);

/** Whether a line ends in a volume, as a fluid's does: `LR 1 L`. */
export const isPoured = (line: string): boolean => /\d ?(?:ml|l|cc)(?: (?:iv|bolus|bag))*$/i.test(line);

/** What a line names in parentheses: `Hep B peds #3 (Engerix-B)`. */
export const readInParentheses = (line: string): string | undefined => /\(([^()]+)\)/.exec(line)?.[1];

/** Whether a hit is on a vaccine. */
export const isVaccinePage = (hit: SearchHit | undefined): boolean =>
  hit?.kind === 'article' && (hit.article.kind === 'vis' || /vaccin|flu shot/i.test(hit.article.texts.en?.title ?? ''));

/** Whether a hit is on something that is administered: a drug, a supplement, a vaccine. */
export const isProductPage = (hit: SearchHit): boolean =>
  isVaccinePage(hit) || (hit.kind === 'article' && ['drug', 'herb'].includes(hit.article.kind));

/** A line without strength, form and route: `MSO4 10 mg IV` → `MSO4`. Undefined where that takes nothing away. */
export function withoutDose(line: string): string | undefined {
  const words = line.split(/\s+/);
  const remaining = words.filter((word) => !isDoseWord(foldText(word).replace(/[.,;]+$/, '')));
  return remaining.length > 0 && remaining.length < words.length ? remaining.join(' ') : undefined;
}

/** Words of the shortest line that is nothing but directions. */
const LEAST_OF_DIRECTIONS = 3;

/** Whether a line tells how to take something, and not what: `take 1 tablet by mouth daily`. */
export const isOnlyDirections = (words: readonly string[]): boolean =>
  words.length >= LEAST_OF_DIRECTIONS && words.every((word) => isDoseWord(word) || isDirection(word));

/** A name as names are compared: without case, accents and marks. */
export const foldName = (text: string): string =>
  foldText(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const listHitNames = (hit: SearchHit): string[] =>
  hit.kind === 'concept' ? [hit.concept.title, ...hit.concept.names] : listNames(hit.article);

/** Whether a hit's title or another of its names is the line itself: "Sweating - absent" denies nothing. */
export const isNamed = (line: string, hit: SearchHit | undefined): boolean =>
  hit !== undefined && listHitNames(hit).some((name) => foldName(name) === foldName(line));

/** Letters of the longest word that is likely an abbreviation of something else in what is measured as a drug: HCl, HD, NS. */
const MOST_OF_AN_ABBREVIATION = 3;

/** Whether a hit has a word of a line in its names that is more than an abbreviation, a form or a route. */
export function sharesWord(words: readonly string[], hit: SearchHit): boolean {
  const named = new Set(listHitNames(hit).flatMap((name) => tokensOf(name).map(({ word }) => foldPlural(word))));
  return words.some(
    (word) => word.length > MOST_OF_AN_ABBREVIATION && !isDoseWord(word) && named.has(foldPlural(word)),
  );
}
