import { listNames, type Article } from '../model/article.js';
import type { Library } from '../model/library.js';
import { readDataFile } from '../read-data-file.js';
import type { TitleReading } from './title-reading.js';
import { isWithin, nameKey, titleTerms } from './title-words.js';

const CATEGORY_CHARS = 3;
/** Categories that share their first characters are of one block of ICD-10-CM, or of two beside each other. */
const BLOCK_CHARS = 2;
/** Categories between one that a page is surely about and the code's. */
const MOST_APART = 5;
/** A page of more categories is about a wide class: surgery, cancer. */
const MOST_CATEGORIES = 8;

/** Pages that include others, a class of drugs above all, with patterns in the titles of these. */
const CLASSES = new Map(
  Object.entries(readDataFile('titles/kin.yaml') as Readonly<Record<string, string>>).map(
    ([article, pattern]) => [article, new RegExp(pattern, 'i')] as const,
  ),
);

/** True if one of some pages includes what a title names: a page on imaging, an ultrasonography. */
export const includesByName = (title: string, classes: readonly string[]): boolean =>
  classes.some((id) => CLASSES.get(id)?.test(title));

/** True if one of some pages includes what an article is about. */
const isMember = ({ texts }: Article, classes: readonly string[]): boolean =>
  Object.values(texts).some(({ title }) => includesByName(title, classes));

/** The encyclopedia's articles on one thing: `Thyroid cancer - papillary carcinoma`, `Head injury - first aid`. */
const toSubject = (title: string): string => nameKey(title.split(' - ', 1)[0] ?? '');

const listTitles = ({ texts }: Article): string[] => Object.values(texts).map(({ title }) => title);

/** True if a title of some articles is a name of others, but for what a title has after a dash; or several words of a title of them. */
export function areTwins(some: readonly Article[], others: readonly Article[]): boolean {
  const names = new Set(others.flatMap(listNames).map(toSubject));
  const titles = others.flatMap(listTitles).map(titleTerms);
  return some.flatMap(listTitles).some((title) => {
    const terms = titleTerms(title);
    return names.has(toSubject(title)) || (terms.length > 1 && titles.some((other) => isWithin(terms, other)));
  });
}

/** The part of ICD-10-CM that an article is about. */
interface Place {
  /** Three-character categories with a row for the article. */
  readonly categories: ReadonlySet<string>;
  /** No code is exactly what the article is about: it is about a class of things. */
  readonly isClass: boolean;
}

function findPlace(article: string, library: Pick<Library, 'findCodes'>): Place {
  const codes = library
    .findCodes(article)
    .toArray()
    .filter(({ system, relationship }) => system === 'icd-10-cm' && relationship !== 'related');
  const categories = new Set(codes.map(({ code }) => code.slice(0, CATEGORY_CHARS)));
  return {
    categories,
    isClass: codes.every(({ relationship }) => relationship !== 'equivalent'),
  };
}

/** Categories of the code's own articles, but for those of very many. */
const listCategories = (own: readonly string[], library: Pick<Library, 'findCodes'>): string[] =>
  own.flatMap((id) => {
    const { categories } = findPlace(id, library);
    return categories.size > MOST_CATEGORIES ? [] : [...categories];
  });

/**
 * True if the articles that a title is read as belong to a code's family: one of its own, one with a row in a category of ICD-10-CM that
 * the code or its own articles have too, or one on a class of things in the same block.
 * @param own the code's articles; @param category that of the code itself, if it is one of ICD-10-CM
 */
export function isOfFamily(
  reading: TitleReading,
  own: readonly string[],
  category: string | undefined,
  library: Pick<Library, 'findCodes'>,
): boolean {
  // Behind the article that a title is a name of, the others are only like it.
  const isSure = reading.isWhole === true || reading.certainty !== 'weak';
  const ids = reading.articles.slice(0, isSure ? Math.max(1, reading.sure ?? 1) : undefined).map(({ id }) => id);
  if (ids.some((id) => own.includes(id)) || reading.articles.some((article) => isMember(article, own))) return true;
  const family = category === undefined ? listCategories(own, library) : [category];
  const blocks = new Set(family.map((one) => one.slice(0, BLOCK_CHARS)));
  return ids.some((id, index) => {
    const { categories, isClass } = findPlace(id, library);
    // Of many categories only the page that leads is meant: `Heart disease`.
    if (categories.size > MOST_CATEGORIES && index > 0) return false;
    if (family.some((one) => categories.has(one))) return true;
    if (!isClass || index > 0) return false;
    // A page that a title is a name of is further from what it does not name.
    const isNear = (one: string): boolean =>
      family.some((own) => !isSure || Math.abs(Number(one.slice(1)) - Number(own.slice(1))) <= MOST_APART);
    return [...categories].some((one) => blocks.has(one.slice(0, BLOCK_CHARS)) && isNear(one));
  });
}

/** Categories of the illnesses that a code for an illness in pregnancy, or for a history of some, may be about. */
const INCLUDED = Object.entries(readDataFile('titles/included-illnesses.yaml') as Readonly<Record<string, string>>).map(
  ([start, categories]) => [start, new RegExp(categories)] as const,
);

/** True if a code for an illness in pregnancy, or a history of others, includes an illness of one of some categories: `Asthma` on O99.513. */
export function includesIllness(code: string, categories: readonly string[]): boolean {
  const [, illnesses] = INCLUDED.find(([start]) => code.startsWith(start)) ?? [];
  return illnesses !== undefined && categories.some((category) => illnesses.test(category));
}

/** Categories with a row for the article that leads a reading. */
export const listCategoriesRead = (
  { articles: [first] }: TitleReading,
  library: Pick<Library, 'findCodes'>,
): readonly string[] => (first ? [...findPlace(first.id, library).categories] : []);

/** Letters that words of one stem share: `rectum` and `rectal`, `examination` and `exam`. */
const STEM_CHARS = 4;
/** Letters, and share of the shorter word, that two spellings or forms of a word have in common: `dehydrated` and `dehydration`, `syphillis`. */
const FORM_CHARS = 5;
const FORM_SHARE = 0.7;

/** True if two words are forms of one: an ending apart, misspelt behind their beginning, or the one a clipping of the other. */
export function areForms(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  let same = 0;
  while (same < shorter && one[same] === other[same]) same += 1;
  return one === other || (same >= FORM_CHARS && same >= FORM_SHARE * shorter);
}

/** Number of words that have a form among others. */
export const countForms = (words: readonly string[], others: readonly string[]): number =>
  words.filter((word) => others.some((other) => areForms(word, other))).length;

/** True if each of some words has one of its stem among others. */
export const haveStems = (words: readonly string[], others: readonly string[]): boolean =>
  words.length > 1 &&
  words.every((word) => others.some((other) => other.slice(0, STEM_CHARS) === word.slice(0, STEM_CHARS)));
