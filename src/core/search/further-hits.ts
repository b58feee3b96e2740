import type { Article } from '../model/article.js';
import type { Language } from '../model/language.js';
import { readDataFile } from '../read-data-file.js';
import { createOthersTest, isForYoung } from '../words/reading/populations.js';
import { isPerson, isQualifier, withoutQualifiers } from '../words/word-weights.js';
import type { SearchHit } from './search-hit.js';
import { parseQuery } from './text-query.js';
import { namesOfText, type RankedName } from './text-rank.js';
import { isFiller } from './text-score.js';
import { foldPlural } from './text-tokens.js';

/** From these scores on the first hit is what a line names: by one of its names, and by a corrected one. */
const LEAST_OF_A_NAME = 0.88;
const LEAST_OF_A_CORRECTED_NAME = 0.7;
/** Below this a hit behind it has only a part of the line's words. */
const LEAST_BEHIND_A_NAME = 0.5;

/** A list of words, beginnings (`cancer-`) and ends (`-ectomy`) as one pattern of folded words. */
function toPattern(list: string): RegExp {
  const patterns = list.split(' ').map((word) => {
    if (word.endsWith('-')) return `^${word.slice(0, -1)}`;
    return word.startsWith('-') ? `${word.slice(1)}$` : `^${foldPlural(word)}$`;
  });
  return new RegExp(patterns.join('|'));
}

type Lists = Readonly<Record<string, string>>;

/** Words whose kinds are stored: those of the titles that are found often. */
const MOST_STORED = 20_000;

/** Kinds of frightening titles, by their words. */
class FrighteningWords {
  readonly #kinds: readonly (readonly [kind: string, pattern: RegExp])[];
  readonly #known = new Map<string, readonly string[]>();

  constructor(lists: Lists) {
    this.#kinds = Object.entries(lists).map(([kind, list]) => [kind, toPattern(list)]);
  }

  #findKinds(term: string): readonly string[] {
    return this.#kinds.flatMap(([kind, pattern]) => (pattern.test(term) ? [kind] : []));
  }

  /** The kinds of words that a person typed. */
  ofLine(terms: readonly string[]): string[] {
    return terms.flatMap((term) => this.#findKinds(term));
  }

  /** Whether one of the words of a title is of a kind that a line does not mean. */
  isOfOther(terms: Iterable<string>, meant: ReadonlySet<string>): boolean {
    for (const term of terms) {
      const kinds = this.#known.get(term) ?? this.#findKinds(term);
      if (this.#known.size < MOST_STORED) this.#known.set(term, kinds);
      if (!kinds.every((kind) => meant.has(kind))) return true;
    }
    return false;
  }
}

let frightening: { readonly ofArticles: FrighteningWords; readonly ofCodes: FrighteningWords } | undefined;

/** Reads the words with the first search that needs them. */
function readFrighteningWords(): NonNullable<typeof frightening> {
  if (frightening) return frightening;
  const { ofArticles, ofCodes } = readDataFile('search/frightening-words.yaml') as Record<string, Lists>;
  frightening = {
    ofArticles: new FrighteningWords({ ...ofArticles }),
    ofCodes: new FrighteningWords({ ...ofArticles, ...ofCodes }),
  };
  return frightening;
}

const termsOf = (text: string): string[] => parseQuery(text).map(({ term }) => term);

/** The terms of a text that tell what it is about: whom it concerns and how does not matter. */
const listCore = (text: string): string[] =>
  withoutQualifiers(parseQuery(text).map(({ word }) => word))
    .map(foldPlural)
    .filter((term) => !isFiller(term) && !isPerson(term));

const isCore = (term: string): boolean => !isFiller(term) && !isQualifier(term) && !isPerson(term);

const termsOfName = ({ name }: RankedName): string[] =>
  name.terms.flatMap(({ term, from, to }) => (from === to ? [term] : []));

const namesOfArticle = ({ texts }: Article): RankedName[] => Object.values(texts).flatMap(namesOfText);

const titlesOf = (article: Article): string[][] =>
  namesOfArticle(article).flatMap((name) => (name.isTitle ? [termsOfName(name)] : []));

/** Whether an article's title is of a kind that frightens and that a line has no word of: `testicular lump` is no cancer. */
export const isFrighteningBeside = (line: string, article: Article): boolean => {
  const { ofArticles } = readFrighteningWords();
  return ofArticles.isOfOther(titlesOf(article).flat(), new Set(ofArticles.ofLine(termsOf(line))));
};

/** Whether an article is on what is inherited. */
const isOnInherited = ({ kind, sensitivity }: Article): boolean => kind === 'genetics' || sensitivity === 'GDIS';

const isDrug = ({ kind }: Article): boolean => kind === 'drug';

const buildKey = (terms: readonly string[]): string => [...new Set(terms)].sort().join(' ');

/** Words of which a subject has one alone: behind an acute leukemia stands no chronic one. */
const OPPOSITES = [
  ['acute', 'agudo', 'aguda'],
  ['chronic', 'cronico', 'cronica'],
].map((words) => words.map(foldPlural));

/** Which of the opposites some terms have: a bit for each. */
const listOpposites = (terms: readonly string[]): number =>
  OPPOSITES.reduce((bits, words, at) => (words.some((word) => terms.includes(word)) ? bits | (1 << at) : bits), 0);

/** Subject that a line names: the words of the line, of its meaning, and of the titles that lead. */
class NamedSubject {
  readonly #keys: ReadonlySet<string>;
  readonly #cores: readonly (readonly string[])[];
  readonly #terms: ReadonlySet<string>;
  readonly #opposites: number;
  readonly #kinds: ReadonlySet<string>;
  readonly #isInherited: boolean;
  readonly #isDrug: boolean;
  /** Whether a title is for others than the line: behind `UTI in men` is no page on children. */
  readonly #isForOthers: (title: readonly string[]) => boolean;

  constructor(texts: readonly string[], leading: readonly Article[]) {
    const titles = leading.flatMap(titlesOf);
    const lines = texts.map(termsOf);
    this.#keys = new Set(lines.map(buildKey));
    this.#cores = [...texts.map(listCore), ...titles.map((title) => title.filter(isCore))].filter(
      ({ length }) => length > 0,
    );
    this.#terms = new Set([...lines, ...titles].flat());
    this.#opposites = listOpposites([...this.#terms]);
    this.#kinds = new Set(readFrighteningWords().ofCodes.ofLine([...this.#terms]));
    this.#isInherited = leading.some(isOnInherited);
    this.#isDrug = leading.some(isDrug);
    this.#isForOthers = createOthersTest(lines[0] ?? []);
  }

  /** Whether a name is what the line names, word for word. */
  readonly #isWhole = (terms: readonly string[]): boolean => this.#keys.has(buildKey(terms));

  /** Whether a title names the same subject and perhaps more, or a part of it: `Diarrhea in infants`, of `diabetic diet` diabetes. */
  #isSameSubject(title: readonly string[]): boolean {
    const opposites = listOpposites(title);
    if (opposites !== 0 && this.#opposites !== 0 && (opposites & this.#opposites) === 0) return false;
    const core = title.filter(isCore);
    if (core.length > 0 && core.every((term) => this.#terms.has(term))) return true;
    return this.#cores.some((named) => named.every((term) => title.includes(term)));
  }

  #suitsArticle(article: Article): boolean {
    const titles = titlesOf(article);
    const { ofArticles } = readFrighteningWords();
    const isFrightening =
      (isOnInherited(article) && !this.#isInherited) || ofArticles.isOfOther(titles.flat(), this.#kinds);
    if (this.#isForOthers(titles.flat())) return false;
    const isOwn = article.kind === 'local';
    // Of a class or a nutrient none of its drugs is meant: behind Sodium is no sodium oxybate.
    const isOtherDrug = isDrug(article) && !this.#isDrug;
    if (!isFrightening && !isOtherDrug && (isOwn || titles.some((title) => this.#isSameSubject(title)))) return true;
    return namesOfArticle(article).some((name) => this.#isWhole(termsOfName(name)));
  }

  /** Whether a hit may stand behind those that lead. */
  readonly suits = (hit: SearchHit): boolean => {
    if (hit.kind === 'article')
      return (hit.score >= LEAST_BEHIND_A_NAME || hit.article.kind === 'local') && this.#suitsArticle(hit.article);
    if (hit.score < LEAST_BEHIND_A_NAME) return false;
    const { title, names } = hit.concept;
    const terms = termsOf(title);
    if (this.#isWhole(terms)) return true;
    const isFrightening = readFrighteningWords().ofCodes.isOfOther(terms, this.#kinds);
    return !isFrightening && [terms, ...names.map(termsOf)].some((name) => this.#isSameSubject(name));
  };
}

/** Whether a hit has the line without its qualifiers as a name: `BLE edema` is Edema. */
function isNamedByCore(hit: SearchHit | undefined, line = ''): boolean {
  const core = listCore(line);
  if (hit?.kind !== 'article' || core.length === 0) return false;
  return namesOfArticle(hit.article).some((name) => buildKey(termsOfName(name)) === buildKey(core));
}

const isNamedBy = (hit: SearchHit | undefined): boolean =>
  hit?.kind === 'article' && hit.score >= (hit.matched === 'spelling' ? LEAST_OF_A_CORRECTED_NAME : LEAST_OF_A_NAME);

/** Hits without those for the young that have a part of a line without a person: `chest pain after flying` is no `Traveling with children`. */
function withoutYoung(hits: readonly SearchHit[], line: string): SearchHit[] {
  if (parseQuery(line).some(({ word, term }) => isPerson(word) || isPerson(term))) return [...hits];
  const isOfYoung = (hit: SearchHit): boolean =>
    hit.kind === 'article' && hit.score < LEAST_BEHIND_A_NAME && titlesOf(hit.article).some(isForYoung);
  return hits.filter((hit) => !isOfYoung(hit));
}

/**
 * Hits without those of another subject, where the first is what a line names: behind Fever is no page on hemorrhagic fevers, behind Menopause
 * none on D and C, which has it in another of its names. A title that frightens (a cancer, an operation, what is inherited) stays where the
 * line has a word of that kind, or is a name of it. Where no hit is certain, several subjects may be meant, and all stay but those for the young
 * that have a part of a line that names no person.
 * @param texts the line, and what it means
 * @param language of the reader
 * @param judged how many hits were judged right for it; they stay
 */
export function withoutOtherSubjects(
  hits: readonly SearchHit[],
  texts: readonly string[],
  language: Language,
  judged = 0,
): SearchHit[] {
  const leads = Math.max(judged, isNamedBy(hits[0]) || isNamedByCore(hits[0], texts[0]) ? 1 : 0);
  if (leads === 0) return withoutYoung(hits, texts[0] ?? '');
  if (hits.length === leads) return [...hits];
  const leading = hits.slice(0, leads).flatMap((hit) => (hit.kind === 'article' ? [hit.article] : []));
  const subject = new NamedSubject(texts, leading);
  // A code's name is English, and may be the same in several systems.
  const named = new Set<string>();
  const isNew = (hit: SearchHit): boolean => {
    if (hit.kind === 'article') return true;
    const key = buildKey(termsOf(hit.concept.title));
    if (language !== 'en' || named.has(key)) return false;
    named.add(key);
    return true;
  };
  return [...hits.slice(0, leads), ...hits.slice(leads).filter((hit) => subject.suits(hit) && isNew(hit))];
}
