import type { Language } from '../../model/language.js';
import { listNames } from '../../model/article.js';
import { editDistance } from '../../search/edit-distance.js';
import type { SearchHit } from '../../search/search-hit.js';
import { parseQuery } from '../../search/text-query.js';
import type { KnownWords } from '../known-words.js';
import { isQualifier } from '../word-weights.js';

/** A line that is the name of a syndrome: what it is called by. */
const SYNDROME = /^(?:s[ií]ndrome (?:de(?:l| la)? )?(.+)|(.+) syndromes?)$/i;
/** Letters of a name of which one may be misspelt. */
const LETTERS_OF_AN_ERROR = 3;
const MOST_ERRORS = 2;

/**
 * Returns whether a page may be on the syndrome that a line is called by: each word is in one of the page's names, perhaps misspelt, or the page is
 * known by them. An unknown syndrome shares its last word, or all letters but one, with another: `empty nose syndrome`, `May-Thurner syndrome`.
 * True for all other lines, and for codes and their pages.
 */
export function createSyndromeTest(line: string, language: Language, known: KnownWords): (hit: SearchHit) => boolean {
  const [, inSpanish, inEnglish] = SYNDROME.exec(line.trim()) ?? [];
  const called = inSpanish ?? inEnglish;
  if (called === undefined) return () => true;
  const terms = parseQuery(called).flatMap(({ word, term }) => (isQualifier(word) ? [] : [term]));
  const meant = new Set(known.findAsWritten(called, language)?.meanings.flatMap(({ articles }) => articles));
  const isNear = (term: string, other: string): boolean => {
    const most = Math.min(MOST_ERRORS, Math.floor(term.length / LETTERS_OF_AN_ERROR));
    return editDistance(term, other, most) <= most;
  };
  return (hit) => {
    const isOfCode =
      hit.kind === 'concept' ? hit.matched !== 'spelling' : hit.matched === 'code' || meant.has(hit.article.id);
    if (isOfCode) return true;
    const names = hit.kind === 'article' ? listNames(hit.article) : [hit.concept.title];
    return names.some((name) => {
      const own = parseQuery(name).map(({ term }) => term);
      return terms.every((term) => own.some((other) => isNear(term, other)));
    });
  };
}
