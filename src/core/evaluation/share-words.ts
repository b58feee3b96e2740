import { foldPlural } from '../search/text-tokens.js';
import { parseQuery } from '../search/text-query.js';
import { isFiller } from '../search/text-score.js';
import { readDataFile } from '../read-data-file.js';
import type { KnownWords } from '../words/known-words.js';
import { isNumber, isPerson, isQualifier } from '../words/word-weights.js';

/** Letters of the shortest beginning that makes two words one: `nephrotic`, `nephritis`. */
const LEAST_SHARED = 5;
/** The roots by which names name the same, each group as one pattern: read when two names are compared by it. */
let roots: readonly RegExp[] | undefined;

function readRoots(): readonly RegExp[] {
  const groups = readDataFile('search/name-roots.yaml') as Readonly<Record<string, string>>;
  const toPattern = (root: string): string =>
    root.startsWith('-') ? `${root.slice(1)}$` : `^${root.replace(/-$/, '')}`;
  roots ??= Object.values(groups).map((group) => new RegExp(group.split(' ').map(toPattern).join('|')));
  return roots;
}

const hasRoot = (terms: readonly string[], root: RegExp): boolean => terms.some((term) => root.test(term));

/** Words of the longest phrase that is looked up. */
const MOST_IN_PHRASE = 4;
/** Words of a code's name that no page's name is about. */
const OF_CODES: ReadonlySet<string> = new Set(
  'disorder disease finding procedure situation event syndrome due unspecified left right bilateral structure condition'
    .split(' ')
    .map(foldPlural),
);

const listWords = (text: string): string[] => parseQuery(text).map(({ word }) => word);

const isTelling = (word: string): boolean =>
  word.length > 2 && !isFiller(foldPlural(word)) && !isQualifier(word) && !isPerson(word) && !isNumber(word);

/** The words of some names that tell what they are about, without plural endings. */
const listTelling = (names: readonly string[]): string[] =>
  names
    .flatMap((name) => listWords(name).flatMap((word) => (isTelling(word) ? [foldPlural(word)] : [])))
    .filter((term) => !OF_CODES.has(term));

/** Beginnings by which words of one stem are compared. */
const toStem = (term: string): string => term.slice(0, LEAST_SHARED);

/** Meanings of names' parts, in the words of people, of abbreviations and of pages. */
function listMeanings(names: readonly string[], known: KnownWords): string[] {
  const phrases = names.flatMap((name) => {
    const words = listWords(name);
    return words.flatMap((_, from) =>
      Array.from({ length: Math.min(MOST_IN_PHRASE, words.length - from) }, (_none, more) =>
        words.slice(from, from + more + 1).join(' '),
      ),
    );
  });
  const ofSynonyms = known.findSynonyms(phrases).map(({ means }) => means);
  const ofWords = phrases.flatMap(
    (phrase) => known.findAsWritten(phrase, 'en')?.meanings.map(({ means }) => means) ?? [],
  );
  return [...ofSynonyms, ...ofWords];
}

/**
 * True if a code's names and a page's names share a word, by stems and by what our words know to mean the same: a stroke and an infarction of the
 * brain. A row whose code and page share none is a matter for a person.
 */
export function sharesWord(ofCode: readonly string[], ofPage: readonly string[], known: KnownWords): boolean {
  const page = new Set(listTelling(ofPage).map(toStem));
  const isOfPage = (term: string): boolean => page.has(toStem(term));
  const telling = listTelling(ofCode);
  if (telling.some(isOfPage)) return true;
  const ofTitle = listTelling(ofPage);
  const ofName = ofCode.flatMap(listWords);
  if (readRoots().some((root) => hasRoot(ofName, root) && hasRoot(ofTitle, root))) return true;
  if (listTelling(listMeanings(ofCode, known)).some(isOfPage)) return true;
  const code = new Set(telling.map(toStem));
  return listTelling(listMeanings(ofPage, known)).some((term) => code.has(toStem(term)));
}
