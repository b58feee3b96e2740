import type { Article } from '../model/article.js';
import { readDataFile, toWordSet } from '../read-data-file.js';
import { foldText } from '../search/text-tokens.js';
import { plainName, termsInOrder } from './canonical-terms.js';

const DATA = readDataFile('titles/body-parts.yaml') as {
  readonly bound: string;
  readonly generic: string;
  readonly parts: readonly (readonly [words: string, codes: string])[];
};
const BOUND = new RegExp(DATA.bound);
const GENERIC: ReadonlySet<string> = new Set([...toWordSet(DATA.generic)].flatMap(termsInOrder));
const OF_PARTS = DATA.parts.map(([words, codes]) => [new RegExp(words), new RegExp(codes)] as const);
/** Longer titles are cut for reading. */
const MAX_CHARS = 200;
const LEAST_LETTERS = 3;

/**
 * True if a title names a part of the body that a code of ICD-10-CM cannot be about, and shares no telling word with the code's names.
 * @param names of the code and of its pages
 */
export function namesOtherPart(title: string, code: string, names: readonly string[]): boolean {
  if (!BOUND.test(code)) return false;
  const folded = foldText(title.slice(0, MAX_CHARS));
  const named = OF_PARTS.filter(([words]) => words.test(folded));
  if (named.length === 0 || named.some(([, codes]) => codes.test(code))) return false;
  const own = names.map((name) => foldText(name));
  if (named.some(([words]) => own.some((name) => words.test(name)))) return false;
  const terms = new Set(names.flatMap((name) => termsInOrder(plainName(name))));
  return !termsInOrder(plainName(title)).some(
    (term) => term.length >= LEAST_LETTERS && terms.has(term) && !GENERIC.has(term),
  );
}

const { picture, parts } = readDataFile('titles/pictures.yaml') as {
  readonly picture: string;
  readonly parts: Readonly<Record<string, string>>;
};
/** Mark of a beginning of words. */
const BEGINNING = '*';

/** Test of a title's words: one of a list is among them. */
function createTest(list: string): (words: readonly string[]) => boolean {
  const all = list.trim().split(/\s+/);
  const whole = new Set(all.filter((word) => !word.endsWith(BEGINNING)));
  const beginnings = all.filter((word) => word.endsWith(BEGINNING)).map((word) => word.slice(0, -1));
  return (words) => words.some((word) => whole.has(word) || beginnings.some((begins) => word.startsWith(begins)));
}

const isPicture = createTest(picture);
const PARTS = Object.entries(parts).map(([part, words]) => [part, createTest(words)] as const);

/** Parts of the body that a picture's title names; none of what is no picture. */
function listParts(title: string): string[] {
  const words = foldText(title.slice(0, MAX_CHARS)).split(/[^a-z0-9-]+/);
  return isPicture(words) ? PARTS.flatMap(([part, isOfPart]) => (isOfPart(words) ? [part] : [])) : [];
}

/** True if a title names a picture of a part of the body, and one of the pages is on a picture of another. */
export function namesOtherPicture(title: string, pages: readonly Article[]): boolean {
  const named = listParts(title);
  if (named.length === 0) return false;
  return pages.some(({ texts }) => {
    const shown = listParts(texts.en?.title ?? '');
    return shown.length > 0 && !shown.some((part) => named.includes(part));
  });
}
