import type { Language } from '../../model/language.js';
import type { ArticleHit, SearchHit } from '../../search/search-hit.js';
import { parseQuery } from '../../search/text-query.js';
import { isFiller } from '../../search/text-score.js';
import { foldPlural } from '../../search/text-tokens.js';
import { PLACE_WORDS } from '../../titles/find-kind.js';
import { isAmbiguous } from '../known-word.js';
import type { KnownWords } from '../known-words.js';
import { createOthersTest } from './populations.js';
import { isNumber, isOfPages, isPerson, isQualifier, withoutAsking } from '../word-weights.js';

/** Score of a page that was judged right for a line, and of a title that is the line. */
const JUDGED = 1;
/** Below this a code's name has a part of the line's words. */
const LEAST_OF_A_CODE = 0.55;
/** Codes of how something happened, or that it is over: behind a line that states neither they are another thing. */
const STATED = /self.harm|assault|undetermined|history of|sequela/i;
/** Words that a code's name denies: `cirrhosis of liver without ascites`. */
const DENIED = /\b(?:without(?: mention of)?|not specified as|other than) (\S+)/gi;

/** Parts of the body, as terms. */
const PLACES: ReadonlySet<string> = new Set([...PLACE_WORDS].map(foldPlural));
/** Terms of a title that names a part of the body and no thing: `Eye Diseases`. */
const MOST_OF_A_PART = 2;

/** Whether a term only tells which case of a thing, or which page on it, is meant. */
const isAround = (term: string): boolean => isFiller(term) || isQualifier(term) || isOfPages(term);

const termsOf = (text: string): string[] => parseQuery(text).map(({ term }) => term);

const holds = (name: readonly string[], terms: readonly string[]): boolean =>
  terms.length > 0 && terms.every((term) => name.includes(term));

const namesOf = (hit: SearchHit): readonly string[] =>
  hit.kind === 'article' ? [hit.text.title, ...hit.text.alsoCalled] : [hit.concept.title, ...hit.concept.names];

/** Words by which a line asks what to eat, or how to take it: no page on a test is behind `foods high in iron`. */
const EATING =
  /^(?:foods?|meals?|snacks?|recipes?|diets?|eat|eating|pills?|comidas?|alimentos?|dietas?|comer|pastillas?)$/;

/** Whether a page is on a test in a laboratory. */
const isOfLaboratory = (hit: SearchHit): boolean =>
  hit.kind === 'article' && (hit.article.kind === 'test' || /\b(?:test|examen|prueba)s?\b/i.test(hit.text.title));

/** Texts that a line may be covered by, and the words that are no news behind it. */
class TypedLine {
  readonly #texts: readonly (readonly string[])[];
  readonly #known: ReadonlySet<string>;
  /** Words of the line that the first page has; empty where people judged that page right for it. */
  readonly #found: readonly string[];
  /** The others: a page that has one is on another part of the line. */
  readonly #others: readonly string[];
  readonly #title: readonly string[];
  readonly #isStated: boolean;
  /** Outer parts of the body that the line and the first page name. */
  readonly #parts: readonly string[];
  /** Parts of the body, organs too, that the line has beside the thing that it is on; empty where it is on a part alone. */
  readonly #places: readonly string[];
  readonly #isOfEating: boolean;
  readonly #isPart: (term: string) => boolean;

  constructor(
    line: string,
    meaning: string | undefined,
    hits: readonly SearchHit[],
    first: ArticleHit,
    isPart: (term: string) => boolean,
  ) {
    const typed = parseQuery(line).map(({ word }) => word);
    const searched = withoutAsking(typed).filter((word) => !isNumber(word));
    const own = searched.map(foldPlural);
    const names = new Set(namesOf(first).flatMap(termsOf));
    const telling = own.filter((term) => !isAround(term) && !isPerson(term));
    const shared = telling.filter((term) => names.has(term));
    const isJudged = first.score >= JUDGED && first.matched !== 'title';
    const title = termsOf(first.text.title);
    // A misspelt line, and one in other words, is what it was found by, unless it tells more than that: `asma inhaler`.
    const isOther = first.matched === 'spelling' || (!isJudged && shared.length === 0);
    const isRead = isOther && telling.length <= title.length;
    const meant = meaning === undefined ? [] : [termsOf(meaning)];
    this.#texts = [...(telling.length > 0 ? [own] : []), ...meant, ...(isRead ? [title] : [])];
    const judged = hits.filter((hit) => hit === first || hit.score >= JUDGED);
    this.#known = new Set([
      ...this.#texts.flat(),
      ...typed.map(foldPlural),
      ...judged.flatMap(namesOf).flatMap(termsOf),
    ]);
    this.#found = isJudged ? [] : shared;
    this.#others = isJudged ? [] : telling.filter((term) => !names.has(term));
    this.#title = title;
    this.#isStated = STATED.test(line);
    this.#isPart = isPart;
    this.#isOfEating = typed.some((word) => EATING.test(word));
    this.#parts = [...own, ...names].filter(isPart);
    const places = telling.filter((term) => isPart(term) || PLACES.has(term));
    this.#places = places.length < telling.length ? places : [];
  }

  /** Whether a name has no word that is news behind the line. */
  readonly #isNoNews = (name: readonly string[]): boolean =>
    name.every((term) => this.#known.has(term) || isAround(term));

  #isOtherCode(hit: SearchHit): boolean {
    if (hit.kind === 'article') return false;
    const { title } = hit.concept;
    if (hit.score < LEAST_OF_A_CODE || (STATED.test(title) && !this.#isStated)) return true;
    return [...title.matchAll(DENIED)].some(([, word = '']) => termsOf(word).some((term) => this.#known.has(term)));
  }

  /** Whether a title is on another part of the body than the line, or on nothing but the line's: `Elbow sprain`, `Breast Diseases`. */
  #isOnPart(title: readonly string[]): boolean {
    const parts = title.filter(this.#isPart);
    const isOther = parts.length > 0 && this.#parts.length > 0 && !parts.some((part) => this.#parts.includes(part));
    if (isOther || title.length > MOST_OF_A_PART) return isOther;
    return (
      title.some((term) => this.#places.includes(term)) &&
      title.every((term) => this.#places.includes(term) || isAround(term))
    );
  }

  /** Whether a hit is on the line's subject as far as its names tell. */
  readonly suits = (hit: SearchHit): boolean => {
    if (hit.score >= JUDGED || (hit.kind === 'article' && hit.article.kind === 'local')) return true;
    if (this.#isOtherCode(hit) || (this.#isOfEating && isOfLaboratory(hit))) return false;
    const shown = termsOf(hit.kind === 'article' ? hit.text.title : hit.concept.title);
    if (hit.kind === 'article' && this.#isOnPart(shown)) return false;
    if (this.#texts.some((text) => holds(shown, text))) return true;
    const names = namesOf(hit).map(termsOf);
    if (this.#texts.some((text) => names.some((name) => holds(name, text) && this.#isNoNews(name)))) return true;
    if (this.#others.some((term) => shown.includes(term))) return true;
    if (!this.#isNoNews(shown)) return false;
    const isSameTitle = shown.every((term) => this.#title.includes(term) || isAround(term));
    return isSameTitle || this.#found.every((term) => names.some((name) => name.includes(term)));
  };
}

/**
 * Hits without those behind the first that are on a further thing: a title that lacks a word of the line and has one that neither the line nor the
 * first page has. Behind `keto diet`, judged to be Diets, is no page on calcium in the diet; behind `asthma` stand asthma in children and by exercise.
 * Another name than the title counts where it has no further word: a reader sees the title. Pages on discharge, tests or care of the same thing stay.
 * Nor is a page for the young behind or before others where the line is about adults, or the other way round.
 * @param line as typed
 */
export function withoutFurtherThings(
  hits: readonly SearchHit[],
  line: string,
  language: Language,
  known: KnownWords,
): readonly SearchHit[] {
  const isForOthers = createOthersTest(termsOf(line));
  const suitingAge = hits.filter((hit) => hit.kind !== 'article' || !isForOthers(termsOf(hit.text.title)));
  const [first] = suitingAge;
  if (first?.kind !== 'article' || suitingAge.length < 2) return suitingAge;
  // One word in other words is the same; several may name less than they mean: `night sweats`.
  const word = /\s/.test(line) ? known.findAbbreviation(line, language) : known.find(line, language);
  const meaning = word && !isAmbiguous(word) ? word.meanings[0]?.means : undefined;
  const isPart = (term: string): boolean => known.isPart(term, language);
  const typed = new TypedLine(line, meaning || undefined, suitingAge, first, isPart);
  return suitingAge.filter((hit, at) => at === 0 || typed.suits(hit));
}
