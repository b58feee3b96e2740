import type { DrugNames } from '../../drugs/drug-names.js';
import { drugNameKey } from '../../drugs/drug-names.js';
import type { Language } from '../../model/language.js';
import { LANGUAGES } from '../../model/language.js';
import type { SimilarTerm } from '../../search/search-index.js';
import { computeMostCost, measureMisspelling } from '../../search/misspelling.js';
import type { WordStock } from './word-stock.js';
import { LEAST_LETTERS } from './word-stock.js';
import { getOrAdd } from '../../remember.js';

/** Word that a word of a line may have been, and the cost of its slips. */
export interface SpellingOption {
  readonly text: string;
  readonly cost: number;
  /** True if it is likely enough where the rest of the line does not confirm it. */
  readonly isLikely: boolean;
}

/** Additional cost of a word of the other language. */
const OTHER_LANGUAGE = 0.3;
/** Additional cost of a word that only names have. */
const ONLY_IN_NAMES = 0.3;
/** Reduction of the cost of a word that many phrases or names have, for each time as many. */
const FREQUENT = 0.04;
const MOST_FREQUENT = 0.2;
/** Costs of a missing space, and of one too many. */
const MISSING_SPACE = 0.45;
export const EXTRA_SPACE = 0.35;
/** Letters of the shortest word that is two without their space. */
const LEAST_JOINED = 6;
/** Letters of the shortest half of a word that only names have. */
const LEAST_HALF = 3;
/** Additional cost at which a misspelling still counts that the rest of a line confirms. */
const CONFIRMED = 0.45;
/** The same in place of a known word. */
const DOUBTED = 0.25;
/** Largest difference of a word's cost from the likeliest one. */
const MOST_APART = 0.6;
const MOST_OPTIONS = 6;
/** A drug's name that is this much nearer than any word is meant; where it is no farther than this, neither is certain. */
const DRUG_NEARER = 0.15;
/** Largest additional cost of a drug's name: of two names that are nearly as near neither is meant. */
const DRUG_FARTHER = 0.5;
/** A word of names alone that is no farther from a drug's name is another spelling of it. */
const SAME_DRUG = 0.65;
/** Small words of two letters and one that are written together with the next: only frequent ones. */
const LEAST_COUNT_OF_SMALL = 8;

/** Words that typed ones are compared with. */
export interface SpellingSources {
  readonly language: Language;
  readonly stocks: Readonly<Record<Language, WordStock>>;
  readonly drugNames: DrugNames;
}

const reward = (count: number): number => Math.min(MOST_FREQUENT, FREQUENT * Math.log2(1 + count));

const measureNearest = (word: string, other: string, most: number): number =>
  Math.min(...LANGUAGES.map((one) => measureMisspelling(word, other, one, most)));

/** Words of what is known that are near, with their costs. */
function listKnownNear(word: string, { language, stocks }: SpellingSources, most: number): [string, number][] {
  return LANGUAGES.flatMap((one) => {
    const extra = one === language ? 0 : OTHER_LANGUAGE;
    return stocks[one].listNear(word).map((near): [string, number] => {
      const cost = measureMisspelling(word, near, one, most);
      return [near, cost + extra - reward(stocks[one].count(near))];
    });
  });
}

/** Words of names that are near, with their costs. */
function listNamesNear(
  word: string,
  similar: readonly SimilarTerm[],
  { language }: SpellingSources,
  most: number,
): [string, number][] {
  // Several indexes have the same word.
  const measured = new Map<string, number>();
  return similar.flatMap(({ word: near, documents }): [string, number][] => {
    if (near.length < LEAST_LETTERS) return [];
    const cost = getOrAdd(measured, near, () => measureMisspelling(word, near, language, most));
    return [[near, cost + ONLY_IN_NAMES - reward(documents)]];
  });
}

/** The two words that a word is without their space. */
export function listSplits(word: string, { language, stocks }: SpellingSources): SpellingOption[] {
  if (word.length < LEAST_JOINED) return [];
  const stock = stocks[language];
  const isPart = (part: string): boolean =>
    part.length < LEAST_LETTERS - 1 ? stock.count(part) >= LEAST_COUNT_OF_SMALL : stock.count(part) > 0;
  const options: SpellingOption[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const [first, second] = [word.slice(0, at), word.slice(at)];
    if (!isPart(first) || !isPart(second)) continue;
    const cost = MISSING_SPACE - (reward(stock.count(first)) + reward(stock.count(second))) / 2;
    options.push({
      text: `${first} ${second}`,
      cost,
      isLikely: Math.max(first.length, second.length) >= LEAST_LETTERS,
    });
  }
  return options;
}

/** The two words that a word is without their space, where only names have them. */
export function listSplitsOfNames(word: string, isNamed: (part: string) => boolean): SpellingOption[] {
  return listHalves(word).flatMap(([first, second]) =>
    isNamed(first) && isNamed(second)
      ? [{ text: `${first} ${second}`, cost: MISSING_SPACE + ONLY_IN_NAMES, isLikely: false }]
      : [],
  );
}

/** The ways to part a word in two of three letters or more. */
export const listHalves = (word: string): [string, string][] =>
  Array.from({ length: Math.max(0, word.length - 2 * LEAST_HALF + 1) }, (_, at) => [
    word.slice(0, at + LEAST_HALF),
    word.slice(at + LEAST_HALF),
  ]);

/** Spellings that a word may have been that is in no table, the likeliest first. Empty where it may be a drug but which is not certain. */
export function listSpellings(
  word: string,
  similar: readonly SimilarTerm[],
  sources: SpellingSources,
): SpellingOption[] {
  const { drugNames } = sources;
  const likely = computeMostCost(word.length);
  const most = likely + CONFIRMED;
  const costs = new Map<string, number>();
  const isDrug = (name: string): boolean => drugNames.find(name)?.isWord === false;
  for (const [near, cost] of [...listKnownNear(word, sources, most), ...listNamesNear(word, similar, sources, most)]) {
    if (cost !== Infinity && !isDrug(near)) costs.set(near, Math.min(cost, costs.get(near) ?? Infinity));
  }
  const words = [...costs].map(([text, cost]) => ({ text, cost, isLikely: cost <= likely }));
  const options = [...words, ...listSplits(word, sources)].sort((a, b) => a.cost - b.cost);
  const drug = drugNames.correct(word, true);
  const [best] = options;
  if (drug) {
    const name = drugNameKey(drug.name);
    const cost = measureNearest(word, name, likely + DRUG_FARTHER);
    const isSame =
      best !== undefined &&
      !LANGUAGES.some((one) => sources.stocks[one].has(best.text)) &&
      measureNearest(best.text, name, SAME_DRUG) <= SAME_DRUG;
    const isNearer = cost < (best?.cost ?? Infinity) - DRUG_NEARER;
    if (isNearer || (isSame && cost !== Infinity)) return [{ text: drug.name, cost, isLikely: true }];
    if (best && cost < best.cost + DRUG_NEARER) return options.map((option) => ({ ...option, isLikely: false }));
  }
  return options.filter(({ cost }) => cost <= (best?.cost ?? 0) + MOST_APART).slice(0, MOST_OPTIONS);
}

/** Spellings that a known word may have been which finds nothing with the rest of its line. */
export function listDoubtful(word: string, sources: SpellingSources): SpellingOption[] {
  const most = computeMostCost(word.length) + DOUBTED;
  const options = listKnownNear(word, sources, most).flatMap(([text, cost]) =>
    cost === Infinity || text === word ? [] : [{ text, cost, isLikely: false }],
  );
  return [...options, ...listSplits(word, sources)].sort((a, b) => a.cost - b.cost).slice(0, MOST_OPTIONS);
}
