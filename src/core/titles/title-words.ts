import { findLine } from '../sorted-lines.js';
import { toAmericanSpelling } from '../search/american-spelling.js';
import { foldPlural, tokensOf } from '../search/text-tokens.js';

/** A longer title is truncated; official ones are well below. */
const MAX_TITLE_CHARS = 400;
const MAX_TITLE_TERMS = 24;
/** Shorter terms may be anything: a letter, an abbreviation, a part of a name. */
export const LEAST_LETTERS = 3;

/** Words folded as the terms below. */
const toTerms = (words: string): ReadonlySet<string> => new Set(words.split(' ').map(foldPlural));

/** Words that do not distinguish subjects: units and forms of drugs; sides, and how a result is reported. */
const OF_FORMS = toTerms(
  'mg ml mcg unt hr tablet capsule solution suspension injection injectable product pill extended release delayed ' +
    'prefilled syringe cartridge pen cream ointment lotion gel foam spray inhalant inhaler powder chewable ' +
    'disintegrating film patch suppository drops actuat metered dose pack kit lozenge',
);
const OF_RESULTS = toTerms(
  'day serum plasma blood mass volume time presence units moles enzymatic activity method point number left right ' +
    'unspecified disorder finding procedure situation event note see',
);
/** Routes, which are parts of the body where no form of a drug is beside them. */
const ROUTES = toTerms('oral topical nasal transdermal vaginal rectal ophthalmic otic');
/** Words that official titles add to their subject: `Type 2 diabetes mellitus without complications`. */
const FILLERS = new RegExp(
  [
    'mellitus|without complications?|uncomplicated|site (?:not specified|unspecified)|nos|sequelae?',
    '(?:initial|subsequent) encounter|for (?:closed |open )?fracture|type (?:i or ii|iiia, iiib, or iiic)',
    'with (?:routine|delayed) healing|with (?:nonunion|malunion)',
    '(?:first|second|third|unspecified) trimester|(?:other )?fetus(?: \\d)?|not applicable or unspecified',
  ]
    .map((some) => `\\b(?:${some})\\b`)
    .join('|'),
  'gi',
);

/** Remarks for billing, which say nothing of the subject: `A-fib (CMS/HCC)`. */
const REMARKS = /[([](?:cms[/-])?hcc[)\]]/gi;

/** Shorter words have no British spelling. */
const LEAST_BRITISH = 5;

/** The term of a folded word: in American spelling, without the ending of its plural. */
const toTerm = (word: string): string => foldPlural(word.length < LEAST_BRITISH ? word : toAmericanSpelling(word));

/** The distinct terms of a title: folded words in American spelling without plurals and stop words; a compound as its parts. */
function splitTerms(title: string): string[] {
  const parts = tokensOf(title.slice(0, MAX_TITLE_CHARS).replace(REMARKS, ' ')).filter(({ from, to }) => from === to);
  return [...new Set(parts.slice(0, MAX_TITLE_TERMS).map(({ word }) => toTerm(word)))];
}

/** True of a term that distinguishes subjects. */
const hasWeight = (term: string, _at: number, terms: readonly string[]): boolean =>
  !OF_FORMS.has(term) &&
  !OF_RESULTS.has(term) &&
  !(ROUTES.has(term) && terms.some((other) => OF_FORMS.has(other) || /^\d/.test(other)));

/** The terms of a title that identify its subject, without numbers and words that any title may have. */
export const titleTerms = (title: string): string[] =>
  splitTerms(title)
    .filter(hasWeight)
    .filter((term) => !/^[\d.]+$/.test(term));

/** The key of a name: its terms in alphabetical order, including numbers. */
export const nameKey = (name: string): string => splitTerms(name).sort().join(' ');

/** The keys of a title as it stands, and without the words that official titles add: `Gout, unspecified` is gout. */
export function titleKeys(title: string): string[] {
  const plain = splitTerms(title.slice(0, MAX_TITLE_CHARS).replace(FILLERS, ' ')).filter(hasWeight);
  return [...new Set([nameKey(title), plain.sort().join(' ')])];
}

/** True if all words are among others; false of no words. */
export const isWithin = (words: readonly string[], others: readonly string[]): boolean =>
  words.length > 0 && words.every((word) => others.includes(word));

/** An article whose titles are known (resources/titles/articles.csv). */
export interface TitledArticle {
  readonly article: string;
  /** Keys of other articles' names that are titles of codes for this one, divided by `|`: broader, narrower, or about the same. */
  readonly kin: string;
}

const readPlaces = (cell: string | undefined): Uint16Array | undefined =>
  cell === undefined ? undefined : Uint16Array.from(cell.split(' '), Number);

/** The share of a title's weight covered by articles' words, 0 to 1. */
export interface Coverage {
  /** By the code's own articles together. */
  readonly own: number;
  /** By the one other article that covers most. */
  readonly other: number;
  /** Number of the title's terms known from any article, without terms of one or two letters. */
  readonly terms: number;
  /** The article and those that cover as much, a few at most. */
  readonly others: readonly string[];
}

/** Maximum other articles of one title to score. */
const MOST_OTHERS = 8;

/**
 * The words of articles, weighted by rarity. Immutable and synchronous: a chart of a thousand titles is compared in
 * some tens of milliseconds.
 */
export class TitleWords {
  /** The ids of articles, by their places. */
  readonly #articles: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #kin: ReadonlyMap<string, string>;
  readonly #terms: string;
  readonly #names: string;
  /** The places of terms that were looked up before. */
  readonly #known = new Map<string, Uint16Array>();
  /** Reused between calls, and cleared by each. */
  readonly #scores: Float64Array;

  /**
   * @param terms of each term the places of the articles in whose names it is, or in titles of codes that lead to them
   * @param names of each key of a name the places of its articles; places are divided by blanks and count from 0
   */
  constructor(articles: readonly TitledArticle[], terms: string, names: string) {
    this.#articles = articles.map(({ article }) => article);
    this.#places = new Map(this.#articles.map((article, place) => [article, place]));
    this.#kin = new Map(articles.flatMap(({ article, kin }) => (kin === '' ? [] : [[article, kin] as const])));
    this.#terms = terms;
    this.#names = names;
    this.#scores = new Float64Array(articles.length);
  }

  #findPlaces(term: string): Uint16Array | undefined {
    const known = this.#known.get(term) ?? readPlaces(findLine(this.#terms, term));
    if (known) this.#known.set(term, known);
    return known;
  }

  /** Whether titles for an article are known: a site's own handout has none. */
  has(article: string): boolean {
    return this.#places.has(article);
  }

  /** True of a word in a name of any article, or in a title of a code that leads to one. */
  hasTerm(word: string): boolean {
    return this.#findPlaces(toTerm(word)) !== undefined;
  }

  /** The articles that have the title, word for word, as one of their names. */
  named(title: string): readonly string[] {
    return this.#findNamed(nameKey(title));
  }

  /** The same of a title, or else of what is left of it without the words that official titles add. */
  namedByTitle(title: string): readonly string[] {
    return (
      titleKeys(title)
        .map((key) => this.#findNamed(key))
        .find(({ length }) => length > 0) ?? []
    );
  }

  #findNamed(key: string): readonly string[] {
    return Array.from(readPlaces(findLine(this.#names, key)) ?? [], (place) => this.#articles[place] ?? '');
  }

  /** Whether a title that is another article's name is also a title of codes for this one. */
  leadsTo(title: string, article: string): boolean {
    const kin = this.#kin.get(article)?.split('|') ?? [];
    return titleKeys(title).some((key) => kin.includes(key));
  }

  /**
   * Compares a title with the articles of its code. Terms of no article are ignored; a title with only such terms is
   * fully covered.
   * @param further additional terms of the code's own
   * @param beside articles that are no others, and cover nothing
   */
  cover(
    terms: readonly string[],
    own: readonly string[],
    further: ReadonlySet<string> = new Set(),
    beside: readonly string[] = [],
  ): Coverage {
    const toPlaces = (ids: readonly string[]): number[] => ids.flatMap((id) => this.#places.get(id) ?? []);
    const ownPlaces = new Set(toPlaces(own));
    const touched: number[] = [];
    let [whole, covered, known] = [0, 0, 0];
    for (const term of terms) {
      const places = this.#findPlaces(term);
      if (!places) continue;
      const weight = this.#computeWeight(places.length);
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
    const best = this.#takeBest(touched, new Set([...ownPlaces, ...toPlaces(beside)]));
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

  #computeWeight(articles: number): number {
    const all = Math.log(this.#articles.length + 1);
    return all === 0 ? 0 : 1 - Math.log(articles) / all;
  }
}
