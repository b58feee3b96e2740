import { readDataFile, toWordSet } from '../read-data-file.js';
import { toAmericanSpelling } from '../search/american-spelling.js';
import { foldPlural, foldText } from '../search/text-tokens.js';

/** A longer title is cut. */
const MAX_CHARS = 300;
/** Terms of a longer name are not compared. */
export const MOST_CANONICAL_TERMS = 6;

const DATA = readDataFile('titles/canonical.yaml') as {
  readonly rewrites: readonly (readonly [pattern: string, replacement: string])[];
  readonly weightless: string;
  readonly expansions: Readonly<Record<string, string>>;
  readonly synonyms: Readonly<Record<string, string>>;
  readonly telling: string;
  readonly narrowing: string;
  readonly ambiguous: string;
};
const REWRITES = DATA.rewrites.map(([pattern, replacement]) => [new RegExp(pattern, 'g'), replacement] as const);
const WEIGHTLESS = toWordSet(DATA.weightless);
const EXPANSIONS = new Map(Object.entries(DATA.expansions).map(([word, terms]) => [word, terms.split(' ')] as const));
const SYNONYMS = new Map(
  Object.entries(DATA.synonyms).flatMap(([term, words]) =>
    [term, ...words.split(' ')].map((word) => [word, term] as const),
  ),
);

/** The term of names of any kind of disease; a name may have it or not. */
const DISORDER = 'disorder';

/** `Keratoses`. */
const PLURAL_OF_OSIS = /([a-z]{4}os)es$/;

/** The term of a word: that of its synonyms, else the word without its plural's ending. */
const toTerm = (word: string): string => {
  const singular = foldPlural(word.replace(PLURAL_OF_OSIS, '$1is'));
  return SYNONYMS.get(word) ?? SYNONYMS.get(`${singular}e`) ?? SYNONYMS.get(singular) ?? singular;
};

const TELLING: ReadonlySet<string> = new Set([...toWordSet(DATA.telling)].map(toTerm));

/** Words that narrow a name, and those of which the page depends on the place, besides what names of codes tell: for the tables of words. */
export const NARROWING: ReadonlySet<string> = new Set([...toWordSet(DATA.narrowing)].map(toTerm));
export const AMBIGUOUS = toWordSet(DATA.ambiguous);

/** True if a name without the term is another thing: a statement, a stage of life, a kind of growth. Numbers and letters are. */
export const isTellingTerm = (term: string): boolean => TELLING.has(term) || /\d|^[a-z]$/.test(term);

/** A name in lower case, in American spelling, without tags and what official titles add. */
export const plainName = (title: string): string =>
  REWRITES.reduce(
    (name, [pattern, replacement]) => name.replace(pattern, replacement),
    foldText(title.slice(0, MAX_CHARS)).replace(/[a-z]{5,}/g, toAmericanSpelling),
  )
    .replace(/\s+/g, ' ')
    .trim();

/** The terms of a plain name in their order, words of one meaning as one term; none of those that distinguish nothing. */
export const termsInOrder = (plain: string): string[] =>
  (plain.match(/[a-z0-9]+/g) ?? [])
    .filter((word) => !WEIGHTLESS.has(word))
    .flatMap((word) => EXPANSIONS.get(word) ?? toTerm(word));

/** The key of terms: each once, in alphabetical order. */
const toCanonicalKey = (terms: readonly string[]): string => [...new Set(terms)].sort().join(' ');

/** The key under which the names of a thing are compared, whatever their order of words: `Disorder of kidney` and `Renal disease`. */
export const canonicalKey = (title: string): string => toCanonicalKey(termsInOrder(plainName(title)));

/** A name of a disease may have it or not, if it has two other terms: `Renal failure syndrome`. */
const SYNDROME = 'syndrome';
const LEAST_BESIDE_SYNDROME = 2;

/** Keys of terms as they are, and with or without the words for a disease. */
export function listKeys(terms: readonly string[]): string[] {
  if (terms.length === 0) return [];
  const others = terms.filter((term) => term !== DISORDER);
  const plain = others.filter((term) => term !== SYNDROME);
  const second = others.length < terms.length ? others : [...terms, DISORDER];
  const third = plain.length < others.length && plain.length >= LEAST_BESIDE_SYNDROME ? plain : [];
  return [terms, second, third].filter(({ length }) => length > 0).map(toCanonicalKey);
}

/** Terms of how, where in a part and how much of it: whatever they are, the page on the thing is true. */
export const OF_DEGREE: ReadonlySet<string> = new Set(
  termsInOrder(
    'mild moderate severe recurrent relapsing persistent intermittent episodic acute chronic subacute symptomatic asymptomatic generalized localized ' +
      'diffuse focal closed open upper lower anterior posterior medial lateral distal proximal internal external superficial deep single simple ' +
      'spontaneous total partial diagnostic elective flexible shaft body end base neck head surface wall joint bone muscle skin tissue area',
  ),
);
/** Growths, and what is wherever it is another thing. */
export const NO_PLAIN_CASE = /neoplas|tumou?r|\bmass|lesion|lump|polyp|cyst|borderline|due to|secondary|sequela/;
