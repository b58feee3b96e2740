import { foldPlural, tokensOf } from './text-tokens.js';

/** A longer title is not read to its end: official ones stay well below. */
const MAX_TITLE_CHARS = 400;
const MAX_TITLE_TERMS = 24;
/** Shorter terms may be anything: a letter, an abbreviation, a part of a name. */
export const LEAST_LETTERS = 3;

/** Words that tell no two subjects apart: units, forms of drugs, sides, how a result is reported. Folded as terms below. */
const WEIGHTLESS_WORDS =
  'mg ml mcg unt hr oral tablet capsule solution suspension injection injectable product pill extended release delayed ' +
  'prefilled syringe cartridge pen cream ointment lotion gel foam topical nasal spray inhalant inhaler powder chewable ' +
  'disintegrating film patch transdermal vaginal rectal suppository ophthalmic otic drops actuat metered dose pack kit ' +
  'day lozenge serum plasma blood mass volume time presence units moles enzymatic activity method point number left ' +
  'right unspecified disorder finding procedure situation event';
const WEIGHTLESS: ReadonlySet<string> = new Set(WEIGHTLESS_WORDS.split(' ').map(foldPlural));

/** All terms of a title, each once: folded words without plurals; stop words left out; of a compound its parts. */
function allTerms(title: string): string[] {
  const parts = tokensOf(title.slice(0, MAX_TITLE_CHARS)).filter(({ from, to }) => from === to);
  return [...new Set(parts.slice(0, MAX_TITLE_TERMS).map(({ word }) => foldPlural(word)))];
}

/** The terms of a title that tell what it is about: numbers and words that every title may have are left out. */
export const titleTerms = (title: string): string[] =>
  allTerms(title).filter((term) => !WEIGHTLESS.has(term) && !/^[\d.]+$/.test(term));

/** A name as it is compared with another one: its terms in alphabetical order, numbers among them. */
export const nameKey = (name: string): string => allTerms(name).sort().join(' ');

/** What is known of the titles that lead to an article (resources/titles/words.csv). */
export interface ArticleWords {
  readonly article: string;
  /** Terms of its names, and of the titles of codes that lead to it. */
  readonly words: readonly string[];
  /** The keys of its own names. */
  readonly names: readonly string[];
  /** Keys of other articles' names that are titles of codes that lead to this one: broader or narrower than it, or about the same. */
  readonly kin: readonly string[];
}

/** How much of a title's weight the words of articles cover, 0 to 1. */
export interface Coverage {
  /** Of the code's own articles together. */
  readonly own: number;
  /** Of the one other article that covers most. */
  readonly other: number;
  /** How many of the title's terms are known of any article; those of a letter or two, which may be anything, aside. */
  readonly terms: number;
  /** That article and the ones that cover as much, a few at most. */
  readonly others: readonly string[];
}

/** Other articles of one title that are looked at closely. */
const MOST_OTHERS = 8;

/**
 * The words by which articles are known. A word weighs the more the fewer articles have it. Immutable, and synchronous: a chart of
 * a thousand titles is compared in some tens of milliseconds.
 */
export class TitleWords {
  /** The ids of articles, by their places. */
  readonly #articles: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #kin: ReadonlyMap<string, readonly string[]>;
  readonly #byTerm: ReadonlyMap<string, readonly number[]>;
  readonly #byName: ReadonlyMap<string, readonly string[]>;
  /** Kept between calls, and cleared by each. */
  readonly #scores: Float64Array;

  constructor(articles: readonly ArticleWords[]) {
    this.#articles = articles.map(({ article }) => article);
    this.#places = new Map(this.#articles.map((article, place) => [article, place]));
    this.#kin = new Map(articles.flatMap(({ article, kin }) => (kin.length > 0 ? [[article, kin] as const] : [])));
    this.#scores = new Float64Array(articles.length);
    const byTerm = new Map<string, number[]>();
    const byName = new Map<string, string[]>();
    for (const [place, { article, words, names }] of articles.entries()) {
      for (const word of words) append(byTerm, word, place);
      for (const name of names) append(byName, name, article);
    }
    this.#byTerm = exact(byTerm);
    this.#byName = exact(byName);
  }

  /** Whether anything is known of the titles that lead to an article: a site's own handout has none. */
  has(article: string): boolean {
    return this.#places.has(article);
  }

  /** The articles of which a title is, word for word, one of the names. */
  named(title: string): readonly string[] {
    return this.#byName.get(nameKey(title)) ?? [];
  }

  /** Whether a title that is the name of another article is known as a title of codes that lead to this one. */
  leadsTo(title: string, article: string): boolean {
    return this.#kin.get(article)?.includes(nameKey(title)) ?? false;
  }

  /**
   * Compares a title with the articles that its code leads to. Terms that no article has say nothing; of a title of such terms alone
   * everything is covered.
   * @param further terms that are the code's own as well
   */
  cover(terms: readonly string[], own: readonly string[], further: ReadonlySet<string> = new Set()): Coverage {
    const ownPlaces = new Set(own.flatMap((id) => this.#places.get(id) ?? []));
    const touched: number[] = [];
    let [whole, covered, known] = [0, 0, 0];
    for (const term of terms) {
      const places = this.#byTerm.get(term);
      if (!places) continue;
      const weight = this.#weightOf(places.length);
      whole += weight;
      if (term.length >= LEAST_LETTERS) known += 1;
      let isOwn = further.has(term);
      for (const place of places) {
        if (ownPlaces.has(place)) isOwn = true;
        if (this.#scores[place] === 0) touched.push(place);
        this.#scores[place] = (this.#scores[place] ?? 0) + weight;
      }
      if (isOwn) covered += weight;
    }
    const best = this.#takeBest(touched, ownPlaces);
    if (whole === 0) return { own: 1, other: 0, terms: 0, others: [] };
    return { own: covered / whole, other: best.score / whole, terms: known, others: best.articles };
  }

  /** The best of the touched places that are not the code's own; clears the scores. */
  #takeBest(touched: readonly number[], own: ReadonlySet<number>): { score: number; articles: string[] } {
    let score = 0;
    for (const place of touched) if (!own.has(place)) score = Math.max(score, this.#scores[place] ?? 0);
    const articles: string[] = [];
    for (const place of touched) {
      const isBest = (this.#scores[place] ?? 0) >= score && !own.has(place);
      if (isBest && articles.length < MOST_OTHERS) articles.push(this.#articles[place] ?? '');
      this.#scores[place] = 0;
    }
    return { score, articles };
  }

  #weightOf(articles: number): number {
    const all = Math.log(this.#articles.length + 1);
    return all === 0 ? 0 : 1 - Math.log(articles) / all;
  }
}

/** The same lists without the room for more that a list keeps which grew. */
function exact<Value>(lists: ReadonlyMap<string, readonly Value[]>): ReadonlyMap<string, readonly Value[]> {
  return new Map([...lists].map(([key, list]) => [key, [...list]]));
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
