import { foldPlural, foldText, tokensOf } from '../search/text-tokens.js';
import { listNames } from '../model/article.js';
import type { Library } from '../model/library.js';
import type { SearchHit, SearchRequest } from '../search/search-hit.js';
import { findByText } from '../search/text-search.js';
import { findKnown, findMeaning } from './find-known.js';
import { isAmbiguous } from './known-word.js';
import type { KnownWords } from './known-words.js';
import { isDirection, isDoseWord } from './word-weights.js';

/** A strength as products have it and laboratory values do not: `100 MG/ML`, `0.08 mg/actuat`. */
const PRODUCT_STRENGTH = /\d ?(?:mg|mcg|meq|unt|bau|pnu) ?\/ ?(?:[\d.]+ ?)?(?:ml|mg|actuat|hr)(?![a-z])/i;

/** Two cut-off names with a strength of each: `met/sit 50/500` is no metastasis. */
const CUT_PRODUCT = /^(?!bp\b)[a-z]+ ?\/ ?[a-z]+ +\d[\d.]*[/-]\d/i;

/** Whether a line measures something as a product that is administered. */
export const isProduct = (line: string): boolean => PRODUCT_STRENGTH.test(line) || CUT_PRODUCT.test(line);

/** Whether a line ends in a volume, as a fluid's does: `LR 1 L`. */
export const isPoured = (line: string): boolean => /\d ?(?:ml|l|cc)(?: (?:iv|bolus|bag))*$/i.test(line);

/** Text in parentheses in a line: `Hep B peds #3 (Engerix-B)`. */
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
  const remaining = words.filter((word) => !isDoseWord(foldText(word).replace(/(?<![.,;])[.,;]+$/, '')));
  return remaining.length > 0 && remaining.length < words.length ? remaining.join(' ') : undefined;
}

/** Words of the shortest line that is nothing but directions. */
const LEAST_OF_DIRECTIONS = 3;
/** A number as doses are: of two figures and more. */
const DOSE = /^\d{2,4}$/;

/** Whether a line tells how to take something, and not what: `take 1 tablet by mouth daily`, `w/`. */
export function isOnlyDirections(words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  if (words.length >= LEAST_OF_DIRECTIONS) return words.every((word) => isDoseWord(word) || isDirection(word));
  // `pen 500`: the drug is cut off.
  if (words.length === 2) return isDoseWord(first) && DOSE.test(second);
  return words.length === 1 && first.length === 1;
}

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

/** The season of a vaccine, and how often: `2023-24`, `x1`; in an order what it holds and for whom: `quad`, `(PF)`, `(6 mos up)`. */
const SEASON =
  /\b(?:20\d\d(?:-\d\d(?:\d\d)?)?|x ?\d|quad(?:rivalent)?|(?:\d+-|tri)valent|\d[\d.]* ?mcg ?\/ ?[\d.]+ ?ml|preservative[- ]free|with preservative|high[- ]dose|pf)\b|\((?:pf|\d[^()]*)\)/gi;
/** How many strains a vaccine holds, or that nothing preserves it: `Fluarix trivalent, preservative free`. */
const FORMULATED = /\b(?:(?:quadri|tri)valent|preservative)\b/i;
/** Lowest score of a vaccine's name. */
const LEAST_OF_A_VACCINE = 0.9;

/** Results of a vaccine's line without its dose and route: tables of drugs have its brands, and pages the name that people use. */
export function findVaccine(request: SearchRequest, library: Library, known: KnownWords): SearchHit[] {
  const bare = request.query.replace(SEASON, '');
  const query = withoutDose(bare) ?? (FORMULATED.test(request.query) ? foldName(bare) : undefined);
  if (!query) return [];
  const word = findKnown(query, request.language, known);
  const named = { ...request, query };
  const hits =
    word && !isAmbiguous(word) ? findMeaning(word, named, library, known) : findByText(named, library, known);
  return (hits[0]?.score ?? 0) >= LEAST_OF_A_VACCINE && isVaccinePage(hits[0]) ? hits.filter(isVaccinePage) : [];
}

/** Whether a line is the title of a page that is on no drug: `rayos X` is no Rayos, a brand of prednisone. */
export function isOtherTitle(line: string, request: SearchRequest, library: Library, known: KnownWords): boolean {
  const [hit] = findByText({ ...request, count: 1 }, library, known);
  if (hit?.kind !== 'article' || hit.article.kind === 'drug') return false;
  return Object.values(hit.article.texts).some(({ title }) => foldName(title) === foldName(line));
}
