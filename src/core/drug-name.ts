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

/** A drug's display longer than this is not a name; only its beginning is read, and no ingredients are taken from it. */
const MAX_NAME_LENGTH = 600;

/** What parts ingredients: `a / b`, `a + b`, `a and b`, `a with b`, `lisinopril/hctz`. */
const BETWEEN = /\s\/\s|\s\+\s|\band\b|\bwith\b|(?<=[a-z]{3})\/(?=[a-z]{3})/;
/** The same, and hyphens between long words: `amoxicillin-clavulanate`, but also `depo-provera`. */
const BETWEEN_OR_HYPHEN = new RegExp(`${BETWEEN.source}|(?<=[a-z]{4})-(?=[a-z]{4})`);

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
const unique = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))];

/** Lower case, without accents, without commas in numbers and without marks that names do not need. */
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

function withoutSalts(ingredient: string): string {
  const [first = '', ...rest] = ingredient.split(' ');
  if (METALS.has(first)) return ingredient;
  return [first, ...rest.filter((word) => !SALTS.has(word))].join(' ');
}

const firstFit = (table: typeof ROUTES, text: string): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

/** A word that tells only form or route, hyphens included: `delayed-release`, but not the brand `metrogel-vaginal`. */
const ROUTE_WORDS = [...ROUTES, ...BY_MOUTH, ...IMPLIED_ROUTES].map(([pattern]) => new RegExp(`^${pattern.source}$`));
const isRoute = (word: string): boolean => ROUTE_WORDS.some((pattern) => pattern.test(word));
const isForm = (word: string): boolean => word.split('-').every((part) => FORMS.has(part) || isRoute(part));

/** Without approval mark, strength and a biological's suffix; `vitamin b 12` in one word, lest its number be lost. */
function withoutStrength(text: string): string {
  return text
    .replace(APPROVALS, ' ')
    .replace(STRENGTH, ' ')
    .replace(BIOLOGICAL_SUFFIX, '')
    .replace(/\bvitamin ([bdk]) (\d{1,2})\b/g, 'vitamin $1$2');
}

/** One part of a name without form, route and lone numbers. */
function bare(part: string): string {
  const words = part.split(/\s+/).map((word) => word.replace(/^[/.-]+|[/.-]+$/g, ''));
  // What is numbered with # is another drug: Tylenol #3 has codeine.
  return words.filter((word) => /[a-z#]/.test(word) && !isForm(word)).join(' ');
}

/** A combination in alphabetical order, each ingredient once, without a pack's inert tablets. */
function combined(ingredients: readonly string[]): string {
  const known = ingredients.map((ingredient) => SYNONYMS.get(ingredient) ?? ingredient);
  return unique(known.filter((ingredient) => !/\binert\b/.test(ingredient)))
    .sort()
    .join(' / ');
}

/** The readings of a name's ingredients: hyphens kept, then parted; each with its salts, then without. */
function combinationsOf(text: string): string[] {
  const plain = withoutStrength(text);
  return [BETWEEN, BETWEEN_OR_HYPHEN].flatMap((separator) => {
    const parts = plain.split(separator).map(bare);
    return [combined(parts), combined(parts.map(withoutSalts))];
  });
}

/** The way by which a drug is taken, where its form tells one that has pages of its own. */
export interface DrugRoute {
  readonly route: string | undefined;
  readonly isByMouth: boolean;
}

/** Reads a form or route (`Nasal Spray`, `TABLET, FILM COATED`), or a display that names one. */
export function routeOf(form: string): DrugRoute {
  const text = fold(form);
  const isMouthSpray = /\bspray\b/.test(text) && MOUTH.test(text) && !/\bnasal\b/.test(text);
  const elsewhere = isMouthSpray ? 'spray' : firstFit(ROUTES, text);
  if (elsewhere) return { route: elsewhere, isByMouth: false };
  const byMouth = firstFit(BY_MOUTH, text);
  return { route: byMouth ?? firstFit(IMPLIED_ROUTES, text), isByMouth: byMouth !== undefined };
}

/** A name as its route binds it, the most telling first: `x nasal` alone; by mouth `x oral`, then `x`; else `x`. */
export function boundNames(name: string, { route, isByMouth }: DrugRoute): string[] {
  if (name === '') return [];
  const bound = route ? `${name} ${route}` : name;
  return isByMouth ? [bound, name] : [bound];
}

/** The brand: what stands last in brackets, as RxNorm writes it, else in parentheses, as many EHRs do. */
function brandOf(display: string): string {
  const bracketed = [...display.matchAll(/\[([^[\]]*)\]/g)].at(-1)?.[1];
  // In a pack the parentheses hold its tablets.
  const inParentheses = display.includes('{') ? undefined : /\(([^()]*)\)/.exec(display)?.[1];
  return fold(bracketed ?? inParentheses ?? '');
}

/**
 * The text that ingredients are read from: without brand and, save in a pack, without what stands in parentheses, unless
 * that adds an ingredient: `x (with y)`.
 */
function genericOf(display: string): string {
  const unbracketed = display.replace(/\[[^[\]]*\]/g, ' ');
  return fold(
    unbracketed.includes('{') ? unbracketed : unbracketed.replace(/\((?!\s*(?:with|and|plus|[+/]))[^()]*\)/gi, ' '),
  );
}

/**
 * The whole combination of ingredients that an official name holds, in alphabetical order and without salts:
 * `amoxicillin / clavulanate`. Official names part ingredients by words and slashes; their hyphens belong to a name.
 */
export const ingredientName = (name: string): string =>
  combinationsOf(genericOf(name.slice(0, MAX_NAME_LENGTH)))[1] ?? '';

/**
 * The names by which a drug's display may be looked up, the most telling first: whole, then its brand (which may tell
 * apart what the ingredient does not: Korlym, Mifeprex), then the whole combination of its ingredients. A name whose form
 * tells a route other than by mouth is looked up only with that route (`fluticasone nasal`): the tablets' page is wrong
 * for eye drops. Empty where nothing is left of the display.
 */
export function drugNameCandidates(sent: string): string[] {
  const display = sent.slice(0, MAX_NAME_LENGTH);
  const whole = fold(display.replace(/\[[^[\]]*\]/g, ' '));
  // A name that was cut, here or by its list, may have lost an ingredient: only a row for all of it may answer.
  if (sent.length > MAX_NAME_LENGTH || /(\.\.\.|…)\s*$/.test(sent.slice(-20))) return unique([whole]);
  const generic = genericOf(display);
  const brand = brandOf(display);
  const brands = unique([brand, bare(withoutStrength(brand))]);
  const route = routeOf(whole);
  const names = [...brands, ...combinationsOf(generic)];
  return unique([whole, generic, ...names.flatMap((name) => boundNames(name, route))]);
}
