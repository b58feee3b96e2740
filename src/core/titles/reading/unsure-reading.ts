import { listNames } from '../../model/article.js';
import type { Library } from '../../model/library.js';
import { readDataFile } from '../../read-data-file.js';
import { foldText } from '../../search/text-tokens.js';
import { listPlaceChapters } from '../find-kind.js';
import { findCategory, type TitleDoubt } from '../title-doubt.js';
import type { TitleFacts } from '../title-facts.js';
import { countForms } from '../title-family.js';
import type { TitleReading } from '../title-reading.js';
import { LEAST_LETTERS, titleTerms } from '../title-words.js';

/** Words of a title of which a page is on a part of the body or a class of things: it contradicts no title on the same part. */
const WIDE: ReadonlySet<string> = new Set(readDataFile('titles/wide-pages.yaml') as readonly string[]);

/** True if what a title may name is no certain other thing: only words of it suit, and the reader of titles finds another page; or a wide page. */
export function isUnconfirmed(doubt: TitleDoubt, reading: TitleReading | undefined, { words }: TitleFacts): boolean {
  const { title, named, defining } = doubt;
  if (!reading || reading.certainty !== 'weak' || words.namedByTitle(title).length > 0) return false;
  const terms = titleTerms(title);
  const isRead = reading.articles.some(({ id }) => named.includes(id));
  const sharesWord = defining.flatMap(listNames).some((name) => titleTerms(name).some((term) => terms.includes(term)));
  const isWide = named.every((id) => WIDE.has(id));
  return sharesWord && (isWide || !isRead);
}

/** Words of an everyday name, at most; an official one of more tells what it is about by each. */
const MOST_EVERYDAY = 3;
const OFFICIAL = /[\d()[\],/]/;
/** Half of the words of a title that no page is read for are of one name of a page that it may name. */
const LEAST_OF_UNREAD = 0.5;
/** Chapters of ICD-10-CM whose illnesses are each of a part of the body, or of none. */
const OF_PARTS = /[E-N]/;

/**
 * True if no page is read for an everyday title of a code of ICD-10-CM, and what it may name has words of it here and there alone: that is no reading
 * of another thing, unless the title has another chapter's part of the body.
 */
export function isHalfRead(
  { finding, title, named }: TitleDoubt,
  { articles, isWhole }: TitleReading,
  by: { readonly library: Pick<Library, 'findArticles'> },
): boolean {
  const chapter = findCategory(finding.best)?.slice(0, 1);
  const terms = titleTerms(title).filter((term) => term.length >= LEAST_LETTERS);
  if (chapter === undefined || articles.length > 0 || isWhole === true) return false;
  if (terms.length > MOST_EVERYDAY || OFFICIAL.test(title)) return false;
  const places = listPlaceChapters(title);
  if (OF_PARTS.test(chapter) && places.length > 0 && !places.includes(chapter)) return false;
  const names = by.library.findArticles(named).flatMap(listNames).map(titleTerms);
  return !names.some(
    (name) =>
      countForms(terms, name) >= LEAST_OF_UNREAD * terms.length ||
      (name.length > 0 && countForms(name, terms) === name.length),
  );
}

/** An abbreviation in a title. */
const INITIALS = /^[A-Z]{2,5}$/;

/** True if a title is read as a rare illness by an abbreviation alone: there are many more of these letters. */
export function isRareByInitials(title: string, { articles: [first] }: TitleReading): boolean {
  if (first?.kind !== 'genetics') return false;
  const words = title.split(/[\s,;()]+/).filter((word) => INITIALS.test(word));
  const names = listNames(first);
  const others = titleTerms(title).filter((term) => !words.some((word) => foldText(word) === term));
  return names.some((name) => words.includes(name)) && !names.flatMap(titleTerms).some((term) => others.includes(term));
}
