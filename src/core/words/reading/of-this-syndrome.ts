import type { Language } from '../../model/language.js';
import { listNames, type Article } from '../../model/article.js';
import { editDistance } from '../../search/edit-distance.js';
import type { SearchHit } from '../../search/search-hit.js';
import { parseQuery } from '../../search/text-query.js';
import type { KnownWords } from '../known-words.js';
import { isOfPages, isPerson, isQualifier } from '../word-weights.js';

/** A line that is the name of a syndrome, or two names joined by a hyphen: what it is called by. */
const SYNDROME =
  /^(?:s[ií]ndrome (?:de(?:l| la)? )?(.+)|(.+) syndromes?|(\p{Lu}\p{Ll}{3,}-\p{Lu}\p{Ll}{3,})(?: disease)?)$/iu;
/** Letters of a name of which one may be misspelt. */
const LETTERS_OF_AN_ERROR = 3;
const MOST_ERRORS = 2;

/**
 * Returns whether a page may be on the syndrome that a line is called by: each word is in one of the page's names, perhaps misspelt, or the page is
 * known by them. An unknown syndrome shares its last word, or all letters but one, with another: `empty nose syndrome`, `May-Thurner syndrome`.
 * True for all other lines, and for codes and their pages.
 */
export function createSyndromeTest(line: string, language: Language, known: KnownWords): (hit: SearchHit) => boolean {
  const [, inSpanish, inEnglish, ofTwo] = SYNDROME.exec(line.trim()) ?? [];
  const called = inSpanish ?? inEnglish ?? ofTwo;
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

/** Words by which a genetic condition differs from the others of its name: `congenital stiff-person syndrome`. */
const OF_HEREDITY = /hereditary|familial|congenital/i;
/** Below this score a hit has a part of a line; a short word of it may be another one in the other language: `tea`, and TEA of a Spanish name. */
const LEAST_CERTAIN_SCORE = 0.5;
const MOST_OF_A_SHORT_WORD = 3;

/** Below this a page on one of a thing's cases has that of a line that names none: `Calorie count - Alcoholic beverages`. */
const LEAST_OF_A_CASE = 0.7;

/** Whether a title is on a case of a thing, of which a line has no word: not on the care of it, nor on whom it concerns. */
function isOneCase(title: string, terms: readonly string[]): boolean {
  const [thing = [], ofCase = []] = title.split(' - ').map(listTerms);
  const isAround = (term: string): boolean =>
    isOfPages(term) || isQualifier(term) || isPerson(term) || terms.includes(term);
  return ofCase.length > 0 && terms.every((term) => thing.includes(term) || isPerson(term)) && !ofCase.some(isAround);
}

const listTerms = (name: string): string[] => parseQuery(name).map(({ term }) => term);

/** True if all names of a genetic condition that have the terms are of its inherited form, and the line is not. */
function isInheritedForm(article: Article, line: string, terms: readonly string[]): boolean {
  if (article.kind !== 'genetics' || OF_HEREDITY.test(line)) return false;
  const names = listNames(article).filter((name) => terms.every((term) => listTerms(name).includes(term)));
  return names.length > 0 && names.every((name) => OF_HEREDITY.test(name));
}

/** Words that a line denies, and those that it only compares with: `cough without fever`, `pee smells like ammonia`. */
const ASIDE =
  /(?<=\S )(?:without|not|sin|ni|(?:y|pero) no (?:estoy|est[aá]|tengo|tiene|hay)|(?:smell|taste)(?:s|ing)? like|(?:huele|sabe) (?:a|como)) (?:an? |any |una? )?(\p{L}+)/giu;
/** The same of titles. */
const LACKING = /(?:^| )(?:without|sin) (?:an? |una? )?(\p{L}+)/giu;

/** Things that a title has, of which a line may state that it is not there. */
const HAVING = /(?:^| )(?:with|con) (?:an? |una? )?(\p{L}+)/giu;

const listCaptured = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, word = '']) => listTerms(word));

/** Returns whether a title is on nothing but what a line denies or compares with, or whether it lacks what the line has, or has what it lacks: `con espaciador`. */
function createAsideTest(line: string): (title: string) => boolean {
  const aside = listCaptured(line, ASIDE);
  const lacking = new Set(listCaptured(line, LACKING));
  const own = listTerms(line).filter((term) => !aside.includes(term));
  return (title) => {
    const terms = listTerms(title);
    const isOpposite =
      listCaptured(title, LACKING).some((term) => own.includes(term)) ||
      listCaptured(title, HAVING).some((term) => lacking.has(term));
    if (isOpposite) return true;
    const isAside = terms.some((term) => aside.includes(term)) && !terms.some((term) => own.includes(term));
    return isAside && !listCaptured(title, LACKING).some((term) => lacking.has(term));
  };
}

/** Returns whether a page may be what a line names: neither an inherited form of it, nor what the line denies, nor found by a short word of the other language alone. */
export function createNamesTest(line: string, language: Language): (hit: SearchHit) => boolean {
  const terms = listTerms(line);
  const isAside = createAsideTest(line);
  return (hit) => {
    if (hit.kind === 'concept' || hit.matched === 'code') return true;
    const { article, score, text } = hit;
    if (isAside(text.title) || (score < LEAST_OF_A_CASE && isOneCase(text.title, terms))) return false;
    if (terms.length > 1 && isInheritedForm(article, line, terms)) return false;
    if (score >= LEAST_CERTAIN_SCORE || text.language !== language) return true;
    const own = new Set([text.title, ...text.alsoCalled].flatMap(listTerms));
    const all = new Set(listNames(article).flatMap(listTerms));
    const isShort = (term: string): boolean => term.length <= MOST_OF_A_SHORT_WORD;
    const found = terms.filter((term) => all.has(term));
    return found.length === 0 || found.some((term) => own.has(term) || !isShort(term));
  };
}
