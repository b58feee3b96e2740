import { foldText } from '../search/text-tokens.js';
import type { DrugFacts } from './drug-facts.js';
import { readDrugLine } from './drug-line.js';
import { findDrugRoute, normalizeIngredients } from './drug-name.js';
import { drugNameKey, type DrugNames, type NamedDrug } from './drug-names.js';
import { FORMS, SALTS } from './drug-terms.js';
import { toWordSet } from '../read-data-file.js';

/** The sets of ingredients that a text may name; of a brand of several products each of them. */
interface Reading {
  readonly sets: readonly (readonly string[])[];
  /** Whether the sets are a brand's products, of which a title may name a part. */
  readonly isFamily: boolean;
}

const NOT_READ: Reading = { sets: [], isFamily: false };

const split = (whole: string): string[] => whole.split(' / ');

/** Substances that a name of the tables stands for; an ingredient stands for itself. */
function readNamed({ name, kind, drugs }: NamedDrug): Reading {
  const sets = drugs.length > 0 ? drugs : kind === 'ingredient' ? [name] : [];
  return { sets: sets.map(split), isFamily: sets.length > 1 };
}

/** The ingredients of an official name, where the tables have each of them; everyday words and nutrients are read as well. */
function readOfficial(text: string, names: DrugNames): Reading {
  const whole = normalizeIngredients(text);
  const named = names.find(whole);
  if (named) return readNamed(named);
  const parts = split(whole).map((part) => names.find(part));
  const sets = parts.flatMap((part) => (part ? readNamed(part).sets : []));
  return parts.every((part) => part !== undefined) && sets.length === parts.length
    ? { sets: [sets.flat()], isFamily: false }
    : NOT_READ;
}

/** A name without what RxNorm adds to it: `Valproate (Injectable)`, `dl-alpha tocopheryl acetate 30 UNT`. */
const withoutForm = (text: string): string =>
  text.replace(/(?<!\s)\s*\([^()]*\)$/, '').replace(/ \d[\d.]* [A-Z%][^ ]*$/, '');

/** The drugs that a text may name, read as a line, as a name, and as an official name. */
function readDrugs(text: string, { names, sameDrugs }: DrugFacts): Reading {
  const line = readDrugLine(text, names);
  const named = names.find(line?.brand ?? text);
  const ofLine = line && line.ingredients.length > 0 ? [line.ingredients] : [];
  const readings = [named ? readNamed(named) : NOT_READ, readOfficial(text, names)];
  const sets = [...ofLine, ...readings.flatMap((one) => one.sets)];
  if (sets.length > 0) return { sets, isFamily: ofLine.length === 0 && readings.some(({ isFamily }) => isFamily) };
  const same = [line?.brand ?? text, withoutForm(text)].flatMap((one) => sameDrugs.get(drugNameKey(one)) ?? [])[0];
  return same === undefined ? NOT_READ : { sets: [split(same)], isFamily: true };
}

/** An ingredient as it is compared: `vitamin B12` and `cyanocobalamin` are one. */
const toCompared = (ingredient: string, { sameDrugs }: DrugFacts): string =>
  normalizeIngredients(sameDrugs.get(drugNameKey(ingredient)) ?? ingredient);

/** Whether the tables tell which drug a name is. */
export const isKnownDrug = (text: string, facts: DrugFacts): boolean => readDrugs(text, facts).sets.length > 0;

/** The sets of two readings as they are compared. */
function compareSets({ sets }: Reading, facts: DrugFacts): string[][] {
  return sets.map((set) => [...new Set(set.map((ingredient) => toCompared(ingredient, facts)))].sort());
}

/** Whether two readings have an ingredient in common. */
function isOverlapping(one: Reading, other: Reading, facts: DrugFacts): boolean {
  const all = new Set(compareSets(one, facts).flat());
  return compareSets(other, facts)
    .flat()
    .some((ingredient) => all.has(ingredient));
}

/** A name with the ingredients that it is read as. */
const describe = (name: string, { sets }: Reading): string => [name, ...sets.flat()].join(' ');

/** Whether two readings have a set in common, or of a brand's products an ingredient. */
function isAlike(one: Reading, other: Reading, facts: DrugFacts): boolean {
  if (one.isFamily || other.isFamily) return isOverlapping(one, other, facts);
  const those = compareSets(other, facts).map((set) => set.join());
  return compareSets(one, facts).some((set) => those.includes(set.join()));
}

/** Whether a text names the drug that another name of the tables is, whatever words it does so by: `Zestril` and lisinopril. */
export function namesSameDrug(text: string, own: string, facts: DrugFacts): boolean {
  const [stated, known] = [readDrugs(text, facts), readDrugs(own, facts)];
  return stated.sets.length > 0 && known.sets.length > 0 && isAlike(stated, known, facts);
}

/** Whether a text names, as a drug of the tables, ingredients none of which another name of the tables has. */
export function sharesNoIngredient(text: string, own: string, facts: DrugFacts): boolean {
  if (sharesTellingWord(text, own)) return false;
  const [stated, known] = [readDrugs(text, facts), readDrugs(own, facts)];
  if (stated.sets.length === 0 || known.sets.length === 0) return false;
  const [all, ownAll] = [describe(text, stated), describe(own, known)];
  // A vaccine has other names each season.
  if (IMMUNE.test(all) && IMMUNE.test(ownAll)) return false;
  return !sharesTellingWord(all, ownAll) && !isOverlapping(stated, known, facts);
}

/** Words that names of different substances have in common. */
const COMMON = toWordSet(
  'acid acids extract extracts whole root leaf leaves seed fruit flower flowering flowers bark top herb wood oil oils water ' +
    'preparation concentrate human bovine porcine recombinant synthetic natural purified vitamin insulin with plus and for ' +
    'strength extra type free base complex product products injectable pill topical ointment cream lotion medicated soap ' +
    'methyl ethyl propyl butyl hydroxy hydroxide oxide glycol polyethylene propylene alpha beta gamma interferon amino ' +
    'virus viral vaccine antigen toxoid live inactivated strain protein conjugate capsular serotype surface',
);
const LEAST_LETTERS = 4;
/** Letters of a word that is a part of another one: `menthol` and `levomenthol`. */
const LEAST_PART = 6;

/** The words that tell a substance from another. */
const listTelling = (text: string): string[] =>
  foldText(text)
    .split(/[^a-z]+/)
    .filter((word) => word.length >= LEAST_LETTERS && !COMMON.has(word) && !SALTS.has(word) && !FORMS.has(word));

/** Whether two words name the same: equal, or one is the beginning or the end of the other. */
function isLikeWord(word: string, other: string): boolean {
  const [short, long] = word.length <= other.length ? [word, other] : [other, word];
  return short === long || (short.length >= LEAST_PART && (long.startsWith(short) || long.endsWith(short)));
}

/** Whether a text is a name, or has it before or within parentheses: `amikacin (ARIKAYCE)`. */
function hasName(text: string, name: string): boolean {
  const key = drugNameKey(withoutForm(name));
  const [, before = '', within = ''] = /^([^()]*)\(([^()]*)\)/.exec(text) ?? [];
  return [text, before, within].some((one) => drugNameKey(one) === key || drugNameKey(one) === drugNameKey(name));
}

/** Letters of a text in which a form is looked for. */
const MOST_OF_FORM = 600;

/** Whether a text tells a drug's form or route. */
export function tellsForm(text: string): boolean {
  const read = text.slice(0, MOST_OF_FORM);
  const words = foldText(read).split(/[^a-z]+/);
  return findDrugRoute(read).route !== undefined || words.some((word) => FORMS.has(word));
}

/** Whether two texts have a word in common that tells a substance: then they name the same one, or a combination with it. */
export function sharesTellingWord(text: string, other: string): boolean {
  const words = listTelling(other);
  return listTelling(text).some((one) => words.some((word) => isLikeWord(one, word)));
}

/**
 * Words of substances that immunise. They have more names than words tell: only the germ that they are against counts, by its beginning.
 */
const IMMUNE = /vaccin|antigen|toxoid|virus|serotype|capsular/i;
const begin = (word: string): string => word.slice(0, LEAST_PART);

/**
 * Whether a text names, as a drug of the tables, other ingredients than a code's own name. An own name that is in no table (an extract, a
 * dye, a brand that was sold once) is compared by its words.
 */
export function namesOtherDrug(text: string, own: string, facts: DrugFacts): boolean {
  const stated = readDrugs(text, facts);
  if (stated.sets.length === 0 || hasName(text, own)) return false;
  const all = describe(text, stated);
  const [words, ownWords] = [listTelling(all), listTelling(own)];
  if (IMMUNE.test(own) && IMMUNE.test(all)) {
    return !ownWords.some((word) => words.some((other) => begin(other) === begin(word)));
  }
  const known = readDrugs(own, facts);
  if (known.sets.length > 0) return !isAlike(stated, known, facts);
  return !ownWords.some((word) => words.some((other) => isLikeWord(word, other)));
}
