import { LANGUAGES } from '../model/language.js';
import { firstPlace } from '../first-place.js';
import { editDistance, isExchanged } from '../search/edit-distance.js';
import { countDifferent, toLetterSet } from '../search/letter-set.js';
import { computeMostCost, measureMisspelling } from '../search/misspelling.js';
import { printableLine } from '../client-text.js';
import { isSyllableSkipped, toInternational, toSound } from './drug-name.js';
import { NO_STRENGTHS, type DrugStrengths } from './drug-strengths.js';
import type { WordSet } from '../sorted-lines.js';

/** A known drug name. */
export interface NamedDrug {
  /** As `drug-name` rows write it. */
  readonly name: string;
  /**
   * `ingredient`, `brand`, or another name of either (`other`: an abbreviation, a Spanish or an older name). `refused`:
   * an abbreviation on ISMP's or the Joint Commission's lists, which selects nothing.
   */
  readonly kind: 'ingredient' | 'brand' | 'other' | 'refused';
  /**
   * The complete combinations of ingredients, spelt as in `drug-name` rows. Several for a brand of several products;
   * empty if the ingredients are unknown.
   */
  readonly drugs: readonly string[];
  /** The name is also an everyday word, a nutrient or a laboratory value: only a strength or a form makes it a drug. */
  readonly isWord: boolean;
  /** The routes by which people take it, in the terms of `drug-terms.ts`; undefined if unknown. */
  readonly routes: readonly string[] | undefined;
  /** The routes covered by the page of its bare name; undefined if unknown. */
  readonly page: readonly string[] | undefined;
  /** Strengths that have their own rows, because they are for another use: `0.35 mg`. */
  readonly strengths: readonly string[];
}

/** Minimum length of a word that is misspelt or spelt as in another language: shorter ones have too many neighbours. */
const MIN_MISSPELT_LENGTH = 5;
/** From this length on, two letters may differ. */
const LONG_NAME_LENGTH = 8;
/** A shorter word is the beginning of too many names. */
const MIN_CUT_LENGTH = 6;
/** A still shorter one is the beginning of a name only beside a strength in which that is sold. */
const MIN_BEGUN_LENGTH = 3;
/** Words of a name within which a word is known. */
const MOST_WORDS_AROUND = 3;
/** Difference by which the slips of a name must cost less than those of any other drug's, where as many letters differ. */
const LEAST_CHEAPER = 0.5;
/** Slips that cost more make another name: tiaprida is no cisapride. */
const MOST_COST = 1.8;
/** The same of an ingredient, and of a brand: one vowel, a doubled letter, a sound or the key beside, since any other letter makes another brand. */
const [MOST_OF_INGREDIENT, MOST_OF_BRAND] = [1.2, 0.8];
/** A word that was cut off has this share of the name's letters: `medrox` is no medroxyprogesterone. */
const LEAST_SHARE = 0.5;

/** The key of a name: lower case, without accents, marks and hyphens. */
export function drugNameKey(text: string): string {
  return printableLine(text)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[®™'’`.*]/g, '')
    .replace(/[-,_]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([/+&]) ?/g, '$1')
    .trim();
}

/** The combinations that names stand for, by the number of their ingredients, each once. */
function groupBySize(names: Iterable<NamedDrug>): Map<number, string[][]> {
  const found = new Set<string>();
  for (const { name, drugs } of names) for (const one of [name, ...drugs]) if (one.includes(' / ')) found.add(one);
  const bySize = new Map<number, string[][]>();
  for (const one of found) {
    const ingredients = one.split(' / ');
    const ofSize = bySize.get(ingredients.length) ?? [];
    if (ofSize.length === 0) bySize.set(ingredients.length, ofSize);
    ofSize.push(ingredients);
  }
  return bySize;
}

/** True if two words have the same letters in another order: `metropolol`. */
const hasSameLetters = (word: string, name: string): boolean =>
  word.length >= LONG_NAME_LENGTH && sortLetters(word) === sortLetters(name);
const sortLetters = (word: string): string => Array.from(word).sort().join('');

/** True if letters of a name have changed places in a word, or one of two like syllables is missing. */
const isMoved = (word: string, name: string): boolean =>
  isExchanged(word, name) || hasSameLetters(word, name) || isSyllableSkipped(word, name);

/** True if a word is a name with slips of the ear or the finger that nothing else has to confirm. */
function isLikelySlip(word: string, name: string, named: NamedDrug | undefined): boolean {
  // A brand is another one where it begins with another sound: `Caladryl` is no `Siladryl`.
  if (named?.kind === 'brand' && !toSound(word).startsWith(toSound(name).charAt(0))) return false;
  const isOwnName = named !== undefined && isSpelling(named);
  // Letters of a brand that are not neighbours and have changed places make another brand: `Focalin` is no `Folacin`.
  if (isOwnName && isMoved(word, name)) return true;
  const most = Math.min(computeMostCost(word.length), isOwnName ? MOST_OF_INGREDIENT : MOST_OF_BRAND);
  return LANGUAGES.some((language) => measureMisspelling(word, name, language, MOST_COST) <= most);
}

/** First letters that a drug's name shares with its other spellings, and seldom with its brands. */
const SPELLING_LETTERS = 4;

/** True if a name is an ingredient's, or that in another spelling, and no brand of another country: `cromolin`, but not `cefzol`. */
export function isSpelling({ name, kind, drugs: [drug = ''] }: NamedDrug): boolean {
  const key = drugNameKey(name);
  return kind === 'ingredient' || (kind === 'other' && drug.startsWith(key.slice(0, SPELLING_LETTERS)));
}

/** True if a brand is one of other countries or sold no longer: it is known by its own spelling alone. */
const isSeldom = ({ kind, routes, page }: NamedDrug): boolean => kind === 'brand' && !routes && !page;

/** True if a name is the beginning of its drug's: `rosuva`, but not `insulin isophane`. */
const isCutOff = ({ name, kind, drugs: [drug = ''] }: NamedDrug): boolean =>
  kind === 'other' && drugNameKey(drug) !== drugNameKey(name) && drug.startsWith(drugNameKey(name));

/** The drugs that a name stands for, as one text. */
const buildDrugKey = ({ name, drugs }: NamedDrug): string => (drugs.length > 0 ? drugs.join('|') : name);

/** Drug names, keyed by the words that people type. Built once, read only. */
export class DrugNames {
  readonly #byKey = new Map<string, NamedDrug>();
  /** Names of one word in the order of their letters; undefined until a word that was cut off is completed. */
  #sorted: readonly string[] | undefined;
  /** Names of one word that a misspelt word may be corrected to, by length. */
  readonly #words = new Map<number, { readonly key: string; readonly letters: number }[]>();
  /** The same names by their sound, between blanks where they are several: most are alone. */
  readonly #bySound = new Map<string, string>();
  /** Ingredients by their international names; undefined: several drugs have it. */
  readonly #international = new Map<string, NamedDrug | undefined>();
  #longest = 1;

  /** Combinations by the number of their ingredients; undefined until one was cut off. */
  #combinations: ReadonlyMap<number, readonly (readonly string[])[]> | undefined;
  readonly #plainWords: WordSet;

  /**
   * @param names of equal keys the earlier one counts
   * @param plainWords words that are near a drug's name but never a misspelling of it: `diabetes`
   */
  constructor(
    names: Iterable<NamedDrug>,
    plainWords: WordSet = new Set(),
    readonly strengths: DrugStrengths = NO_STRENGTHS,
  ) {
    this.#plainWords = plainWords;
    for (const named of names) this.#add(named);
  }

  #add(named: NamedDrug): void {
    const key = drugNameKey(named.name);
    if (key === '' || this.#byKey.has(key)) return;
    this.#byKey.set(key, named);
    const words = key.split(' ').length;
    this.#longest = Math.max(this.#longest, words);
    if (words > 1 || named.kind === 'refused' || key.length < MIN_MISSPELT_LENGTH || /[^a-z]/.test(key)) return;
    if (named.kind !== 'brand' && isSpelling(named)) this.#addInternational(key, named);
    if (named.isWord || isCutOff(named) || isSeldom(named)) return;
    const ofLength = this.#words.get(key.length) ?? [];
    if (ofLength.length === 0) this.#words.set(key.length, ofLength);
    ofLength.push({ key, letters: toLetterSet(key) });
    const sound = toSound(key);
    const alike = this.#bySound.get(sound);
    this.#bySound.set(sound, alike === undefined ? key : `${alike} ${key}`);
  }

  #addInternational(key: string, named: NamedDrug): void {
    const shared = toInternational(key);
    const other = this.#international.has(shared) ? this.#international.get(shared) : named;
    this.#international.set(shared, other && buildDrugKey(other) === buildDrugKey(named) ? other : undefined);
  }

  /** Word count of the longest name. */
  get longest(): number {
    return this.#longest;
  }

  /** Finds a name, or an ingredient's in the spelling of another language; undefined if unknown. */
  find(name: string): NamedDrug | undefined {
    const key = drugNameKey(name);
    const isKnown = this.#byKey.has(key) || key.length < MIN_MISSPELT_LENGTH || this.#plainWords.has(key);
    if (isKnown) return this.#byKey.get(key);
    const spelt = this.#international.get(toInternational(key));
    return spelt && this.#isSold(spelt) ? spelt : undefined;
  }

  /** True for a drug that is sold; of others a spelling may be a brand's: `leukine` is no leucine. */
  #isSold({ routes, drugs }: NamedDrug): boolean {
    return [routes, ...drugs.map((drug) => this.#byKey.get(drugNameKey(drug))?.routes)].some(
      (one) => one !== undefined,
    );
  }

  /** The ingredients of each known combination of so many. */
  listCombinations(count: number): readonly (readonly string[])[] {
    this.#combinations ??= groupBySize(this.#byKey.values());
    return this.#combinations.get(count) ?? [];
  }

  /** Whether a word of a line is a name or belongs to one of two or three words: `clodronic acid`. */
  isWithinName(words: readonly string[], at: number): boolean {
    for (let length = 1; length <= MOST_WORDS_AROUND; length += 1) {
      for (let from = Math.max(0, at - length + 1); from <= at && from + length <= words.length; from += 1) {
        if (this.find(words.slice(from, from + length).join(' '))) return true;
      }
    }
    return false;
  }

  /**
   * The drug of a misspelt word: the name one edit away, else the one that
   * it begins, else the nearest, two edits away, else one that sounds alike. Undefined if the word is itself a drug's
   * name, if no name is near, or if the nearest names are of different drugs.
   * @param isBySlips of names that are as many edits away the one whose slips cost least counts: not within a line
   */
  correct(word: string, isBySlips = false): NamedDrug | undefined {
    const named = this.#findNearest(word, isBySlips);
    return named && this.#isGuessed(named) ? named : undefined;
  }

  /** True if a name may be guessed at: a brand with a page of its own, or a drug that is sold; all others are known by their own spelling alone. */
  #isGuessed({ kind, page, routes, drugs }: NamedDrug): boolean {
    if (kind === 'brand') return page !== undefined;
    const ofDrugs = drugs.flatMap((drug) => this.#byKey.get(drugNameKey(drug)) ?? []);
    return [{ page, routes }, ...ofDrugs].some((one) => one.page !== undefined || one.routes !== undefined);
  }

  #findNearest(word: string, isBySlips: boolean): NamedDrug | undefined {
    const key = drugNameKey(word);
    if (key.length < MIN_MISSPELT_LENGTH || /[^a-z]/.test(key) || this.#byKey.has(key) || this.#plainWords.has(key))
      return undefined;
    const letters = toLetterSet(key);
    let most = key.length < LONG_NAME_LENGTH ? 1 : 2;
    let nearest: string[] = [];
    for (let length = key.length - most; length <= key.length + most; length += 1) {
      for (const { key: name, letters: others } of this.#words.get(length) ?? []) {
        if (countDifferent(letters, others) > 2 * most) continue;
        const distance = isExchanged(key, name) ? 1 : editDistance(key, name, most);
        if (distance > most) continue;
        if (distance < most) nearest = [];
        most = distance;
        nearest.push(name);
      }
    }
    const isLikely = nearest.some((name) => isLikelySlip(key, name, this.#byKey.get(name)));
    const near = isLikely ? this.#findCheapest(key, nearest, isBySlips) : undefined;
    if (near && most === 1) return near;
    // A word that was cut off begins the names of one drug, or of no certain one: `predniso`.
    const begun =
      key.length < MIN_CUT_LENGTH ? [] : this.#complete(key).filter((name) => this.#byKey.get(name)?.kind !== 'other');
    const isMost = begun.some((name) => key.length >= LEAST_SHARE * name.length);
    if (begun.length > 0) return isMost ? this.#findOnlyDrug(begun) : undefined;
    return nearest.length > 0 ? near : this.#findOnlyDrug(this.#bySound.get(toSound(key))?.split(' ') ?? []);
  }

  /**
   * The ingredients that begin with a word and are sold in one of some strengths: `trazo` 50 mg. A brand is any word's beginning.
   * @returns empty where the word is itself a name, or is too short
   */
  findBegun(word: string, strengths: readonly string[]): readonly NamedDrug[] {
    const key = drugNameKey(word);
    if (key.length < MIN_BEGUN_LENGTH || /[^a-z]/.test(key) || this.#byKey.has(key)) return [];
    return this.#complete(key)
      .flatMap((name) => this.#byKey.get(name) ?? [])
      .filter(({ name, kind }) => kind === 'ingredient' && this.strengths.isSoldIn(name, strengths));
  }

  /** The names that begin with a word: `spironolact`. */
  #complete(word: string): string[] {
    this.#sorted ??= [...this.#words.values()].flatMap((words) => words.map(({ key }) => key)).sort();
    const sorted = this.#sorted;
    const from = firstPlace(sorted, (name) => name >= word);
    let end = from;
    while (sorted[end]?.startsWith(word)) end += 1;
    return sorted.slice(from, end);
  }

  /**
   * Of names that are as many edits away the drug that all of them stand for, else that of those whose slips cost least, if
   * no other drug's cost nearly as little.
   */
  #findCheapest(word: string, names: readonly string[], isBySlips: boolean): NamedDrug | undefined {
    const costs = names.flatMap((name) => {
      const slips = LANGUAGES.map((language) => measureMisspelling(word, name, language, MOST_COST));
      const cost = Math.min(...slips, isMoved(word, name) ? MOST_COST : Infinity);
      return cost === Infinity ? [] : [{ name, cost }];
    });
    const most = Math.min(...costs.map(({ cost }) => cost)) + LEAST_CHEAPER;
    const cheapest = costs.filter(({ cost }) => cost <= most);
    const only = costs.length > 0 ? this.#findOnlyDrug(names) : undefined;
    return only ?? (isBySlips ? this.#findOnlyDrug(cheapest.map(({ name }) => name)) : undefined);
  }

  /** The drug that all of the names stand for, if there is only one. */
  #findOnlyDrug(names: readonly string[]): NamedDrug | undefined {
    const found = names.flatMap((name) => this.#byKey.get(name) ?? []);
    const [first] = found;
    return first && found.every((named) => buildDrugKey(named) === buildDrugKey(first)) ? first : undefined;
  }
}
