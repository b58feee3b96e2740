import type { Article } from '../model/article.js';
import { readDataFile } from '../read-data-file.js';
import { foldText } from '../search/text-tokens.js';

const { picture, parts } = readDataFile('titles/pictures.yaml') as {
  readonly picture: string;
  readonly parts: Readonly<Record<string, string>>;
};
/** Longer titles are cut for reading. */
const MAX_CHARS = 200;
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
