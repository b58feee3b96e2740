import {
  APPROVALS,
  BIOLOGICAL_SUFFIX,
  BY_MOUTH,
  FORMS,
  IMPLIED_ROUTES,
  METALS,
  MOUTH,
  ROUTES,
  SALTS,
  STRENGTH,
  SYNONYMS,
} from './drug-terms.js';

/** A longer display is not a name; only its beginning is read, and no ingredients. */
const MAX_NAME_LENGTH = 600;

/** Ingredient separators: `a / b`, `a + b`, `a and b`, `a with b`, `lisinopril/hctz`. */
const BETWEEN = /\s\/\s|\s\+\s|\band\b|\bwith\b|(?<=[a-z]{3})\/(?=[a-z]{3})/;
/** The same, and hyphens between long words: `amoxicillin-clavulanate`, but also `depo-provera`. */
const BETWEEN_OR_HYPHEN = new RegExp(`${BETWEEN.source}|(?<=[a-z]{4})-(?=[a-z]{4})`);

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
const unique = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))];

/** Lower case, without accents, thousands separators and marks that names do not need. */
function fold(text: string): string {
  return squeeze(
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
      .replace(/[®™(){},;]/g, ' '),
  );
}

function stripSalts(ingredient: string): string {
  const [first = '', ...rest] = ingredient.split(' ');
  if (METALS.has(first)) return ingredient;
  return [first, ...rest.filter((word) => !SALTS.has(word))].join(' ');
}

const findFirstMatch = (table: typeof ROUTES, text: string): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

/** A word that states only form or route, hyphens included: `delayed-release`, but not the brand `metrogel-vaginal`. */
const ROUTE_WORDS = [...ROUTES, ...BY_MOUTH, ...IMPLIED_ROUTES].map(([pattern]) => new RegExp(`^${pattern.source}$`));
const isRoute = (word: string): boolean => ROUTE_WORDS.some((pattern) => pattern.test(word));
const isForm = (word: string): boolean => word.split('-').every((part) => FORMS.has(part) || isRoute(part));

/** Removes approval mark, strength and a biological's suffix; joins `vitamin b 12`, so that its number is not lost. */
function stripStrength(text: string): string {
  return text
    .replace(APPROVALS, ' ')
    .replace(STRENGTH, ' ')
    .replace(BIOLOGICAL_SUFFIX, '')
    .replace(/\bvitamin ([bdk]) (\d{1,2})\b/g, 'vitamin $1$2');
}

/** One part of a name without form, route and separate numbers. */
function stripForm(part: string): string {
  const words = part.split(/\s+/).map((word) => word.replace(/^[/.-]+|(?<![/.-])[/.-]+$/g, ''));
  // A number with # makes another drug: Tylenol #3 has codeine.
  return words.filter((word) => /[a-z#]/.test(word) && !isForm(word)).join(' ');
}

/** A combination in alphabetical order, each ingredient once, without a pack's inert tablets. */
function combine(ingredients: readonly string[]): string {
  const known = ingredients.map((ingredient) => SYNONYMS.get(ingredient) ?? ingredient);
  return unique(known.filter((ingredient) => !/\binert\b/.test(ingredient)))
    .sort()
    .join(' / ');
}

/** Possible combinations of a name: hyphens joined, then split; each with its salts, then without. */
function listCombinations(text: string): string[] {
  const plain = stripStrength(text);
  return [BETWEEN, BETWEEN_OR_HYPHEN].flatMap((separator) => {
    const parts = plain.split(separator).map(stripForm);
    return [combine(parts), combine(parts.map(stripSalts))];
  });
}

/** The route of a drug, if its form states one that has its own pages. */
export interface DrugRoute {
  readonly route: string | undefined;
  readonly isByMouth: boolean;
}

/** Reads a form or route (`Nasal Spray`, `TABLET, FILM COATED`), or a display that contains one. */
export function findDrugRoute(form: string): DrugRoute {
  const text = fold(form);
  const isMouthSpray = /\bspray\b/.test(text) && MOUTH.test(text) && !/\bnasal\b/.test(text);
  const otherRoute = isMouthSpray ? 'spray' : findFirstMatch(ROUTES, text);
  if (otherRoute) return { route: otherRoute, isByMouth: false };
  const byMouth = findFirstMatch(BY_MOUTH, text);
  return { route: byMouth ?? findFirstMatch(IMPLIED_ROUTES, text), isByMouth: byMouth !== undefined };
}

/** A name with its route, the most specific first: `x nasal` only; by mouth `x oral`, then `x`; else `x`. */
export function bindNames(name: string, { route, isByMouth }: DrugRoute): string[] {
  if (name === '') return [];
  const bound = route ? `${name} ${route}` : name;
  return isByMouth ? [bound, name] : [bound];
}

/** The brand: the last brackets, as in RxNorm, else parentheses, as in many EHRs. */
function findBrand(display: string): string {
  const bracketed = [...display.matchAll(/\[([^[\]]*)\]/g)].at(-1)?.[1];
  // In a pack, parentheses hold its tablets.
  const inParentheses = display.includes('{') ? undefined : /\(([^()]*)\)/.exec(display)?.[1];
  return fold(bracketed ?? inParentheses ?? '');
}

/**
 * The text that contains the ingredients: without brand and, except in a pack, without parentheses, unless these add an
 * ingredient: `x (with y)`.
 */
function findGeneric(display: string): string {
  const unbracketed = display.replace(/\[[^[\]]*\]/g, ' ');
  return fold(
    unbracketed.includes('{') ? unbracketed : unbracketed.replace(/\((?!\s*(?:with|and|plus|[+/]))[^()]*\)/gi, ' '),
  );
}

/**
 * All ingredients of an official name, in alphabetical order and without salts: `amoxicillin / clavulanate`. Official
 * names separate ingredients by words and slashes; a hyphen is part of a name.
 */
export const normalizeIngredients = (name: string): string =>
  listCombinations(findGeneric(name.slice(0, MAX_NAME_LENGTH)))[1] ?? '';

/** Whether a name was cut off, by us or by its list: it may lack an ingredient. */
export const isCutOff = (display: string): boolean =>
  display.length > MAX_NAME_LENGTH || /(\.\.\.|…)\s*$/.test(display.slice(-20));

/** A display as a whole, and without its brand: rows for it come first. */
export function findWholeNames(display: string): string[] {
  const whole = fold(display.slice(0, MAX_NAME_LENGTH).replace(/\[[^[\]]*\]/g, ' '));
  return unique(isCutOff(display) ? [whole] : [whole, findGeneric(display)]);
}

/**
 * The names under which to look up a display whose drug is in no table, the most specific first: the whole display, its brand (which may
 * distinguish pages of one ingredient: Korlym, Mifeprex), then all ingredients combined. A name whose form states a
 * route other than by mouth is looked up only with that route (`fluticasone nasal`): the tablets' page is wrong for eye
 * drops. Empty if nothing of the display is left.
 */
export function drugNameCandidates(display: string): string[] {
  const wholeNames = findWholeNames(display);
  // A cut-off name may lack an ingredient: only a row for all of it may answer.
  if (isCutOff(display)) return wholeNames;
  const brand = findBrand(display);
  const brands = unique([brand, stripForm(stripStrength(brand))]);
  const route = findDrugRoute(wholeNames[0] ?? '');
  const names = [...brands, ...listCombinations(findGeneric(display))];
  return unique([...wholeNames, ...names.flatMap((name) => bindNames(name, route))]);
}

/** A word by its sound: `lasics` and `lasix` are one. */
export const toSound = (word: string): string =>
  SOUNDS.reduce((text, [written, heard]) => text.replace(written, heard), word).replace(/(.)\1+/g, '$1');
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/c?[kc]s|ks/g, 'x'],
  [/ck|c(?![eiyh])|q(u(?=[^u]))?/g, 'k'],
  [/c(?=[eiy])|z/g, 's'],
  [/y|ee|ea|ie/g, 'i'],
  [/e$/, ''],
];

/** An ingredient by what most languages' spellings of its international name share: `digoxine`, `digoxina` and `digoxin` are one. */
export const toInternational = (key: string): string =>
  INTERNATIONAL.reduce((text, [written, shared]) => text.replace(written, shared), key);
const INTERNATIONAL: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/([tr])h/g, '$1'],
  [/ch(?=[lr])|k/g, 'c'],
  [/[ao]e/g, 'e'],
  [/y/g, 'i'],
  [/w/g, 'v'],
  [/([^aeiou])\1/g, '$1'],
  [/(?:um|[aeo])$/, ''],
];

/** True if a word lacks one of two syllables of a name that are alike: `atorvastin`. */
export const isSyllableSkipped = (word: string, name: string): boolean =>
  name.length === word.length + 2 &&
  Array.from(word).some((_, at) => name.slice(0, at) + name.slice(at + 2) === word && name[at - 1] === name[at + 1]);
