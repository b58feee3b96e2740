import { readDataFile, toWordSet } from '../read-data-file.js';
import { SALTS } from './drug-terms.js';

type ListName =
  'units' | 'perUnits' | 'releaseTypes' | 'howTaken' | 'frequencies' | 'orders' | 'ageUnits' | 'swallowing';
type TimeName = 'times' | 'betweenTimes' | 'with' | 'takenWith';
type OtherName =
  | 'aboutSubstances'
  | 'reasons'
  | 'sites'
  | 'dropped'
  | 'afterFor'
  | 'nameSuffixes'
  | 'brandSuffixes'
  | 'makers'
  | 'connectors';

const { forms, salts, suffixIngredients, injectedSalts, ...lists } = readDataFile('drugs/line-words.yaml') as Readonly<
  Record<'forms' | 'salts' | 'suffixIngredients', Readonly<Record<string, string>>> &
    Record<ListName | TimeName | OtherName, string> &
    Record<'injectedSalts', readonly string[]>
>;

/** The word that each of its spellings stands for. */
const bySpelling = (spellings: Readonly<Record<string, string>>): [spelling: string, word: string][] =>
  Object.entries(spellings).flatMap(([word, text]) => text.split(' ').map((one): [string, string] => [one, word]));

export const UNITS = toWordSet(lists.units);
/** Units behind the slash of a strength: `10 mg/5 ml`, `90 mcg/actuation`. */
export const PER_UNITS = toWordSet(lists.perUnits);
/** Names of forms and routes, and the word that states their route in resources/drugs/name-words.yaml. */
export const FORM_WORDS: ReadonlyMap<string, string> = new Map(bySpelling(forms));
/** Release types for which some drugs have their own pages or rows. */
export const RELEASES = toWordSet(lists.releaseTypes);
/** Abbreviated and Spanish names of salts, and the salts. */
export const SALT_WORDS: ReadonlyMap<string, string> = new Map([
  ...[...SALTS].map((salt): [string, string] => [salt, salt]),
  ...bySpelling(salts),
]);
/** Salts of which a drug is injected, whatever other salts of it are taken by mouth. */
export const INJECTED_SALTS = injectedSalts;
/** A number before one of these is an age, not a dose. */
export const AGE_WORDS = toWordSet(lists.ageUnits);
/** Words for how a drug is swallowed. */
export const SWALLOWING = toWordSet(lists.swallowing);
/** Words that begin the reason; nothing after them names the drug. */
export const REASONS = toWordSet(lists.reasons);
/** A drug named after one of these only states when: `30 min before lasix`. */
export const TIMES = toWordSet(lists.times);
/** Words that may stand between such a word and the drug: `while on lasix`. */
export const BETWEEN_TIMES = toWordSet(lists.betweenTimes);
/** Behind one of `TAKEN_WITH` a drug named after one of these only states when: `daily with lasix`. */
export const WITH = toWordSet(lists.with);
export const TAKEN_WITH = toWordSet(lists.takenWith);
/** Parts of the body that tell a route, and before a complaint what a drug is for: `prn ear pressure`. */
export const SITES = toWordSet(lists.sites);
/** Forms of which the part of the body tells the route even there: `drops prn ear pain`. */
export const DROPPED = toWordSet(lists.dropped);
/** Words after `for` that are still about the drug: `powder for oral suspension`. */
export const AFTER_FOR = toWordSet(lists.afterFor);
/** Suffixes that make a name another product and belong to it (`Tylenol PM`). */
export const NAME_SUFFIXES = toWordSet(lists.nameSuffixes);
/** The same, after a brand only. */
export const BRAND_SUFFIXES = toWordSet(lists.brandSuffixes);
/** Ingredient that a suffix adds to a brand's. */
export const SUFFIX_INGREDIENTS: ReadonlyMap<string, string> = new Map(Object.entries(suffixIngredients));
/** Makers that a hyphen joins to an ingredient. */
export const MAKERS = toWordSet(lists.makers);
/** Words and marks that separate or join ingredients. */
export const CONNECTORS = toWordSet(lists.connectors);

/** Words that titles of pages on a substance have beside its name: `Copper in diet`. */
export const ABOUT_SUBSTANCES = toWordSet(lists.aboutSubstances);

const SIG_WORDS = toWordSet(lists.howTaken);
const FREQUENCIES = toWordSet(lists.frequencies);
const EVERY = /^q\d+(-\d+)?(h|hr|hrs|d|w|wk|min)?$|^\d+x$|^x\d+$|^#\d{2,}$/;
const NUMBER = /^[.,/x×-]*\d[\d.,/x×-]*$/;

/** Whether a word is for how often: with one, a drug's name is a drug line. */
export const isFrequency = (word: string): boolean =>
  FREQUENCIES.has(word) || (EVERY.test(word) && word.startsWith('q'));

const ORDERS = toWordSet(lists.orders);

/** Whether a word is about the dose or the pack of a drug, and names no other thing beside it. */
export const isOrder = (word: string): boolean => ORDERS.has(word) || isFrequency(word);

/** Whether a word is a number: `500`, `0.5`, `5-325`, `70/30`. */
export const isNumber = (word: string): boolean => NUMBER.test(word);

/** Whether a word is about how a drug is taken, not which drug it is. */
export const isSig = (word: string): boolean => SIG_WORDS.has(word) || EVERY.test(word);
