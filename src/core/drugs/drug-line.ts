import { completeFirst, correctOne, isBareDose, isSoldDose, NOTHING_KNOWN } from './complete-name.js';
import { completeCombinations } from './cut-combination.js';
import { isJoined, isJoint, isName, readPieces, type NamePiece, type Piece } from './drug-line-tokens.js';
import { buildCandidates } from './drug-candidates.js';
import { BRAND_SUFFIXES, NAME_SUFFIXES, SALT_WORDS, SUFFIX_INGREDIENTS, isFrequency } from './drug-line-words.js';
import type { DrugRoute } from './drug-name.js';
import type { DrugNames, NamedDrug } from './drug-names.js';
import { asBrand, ofName, readDrug } from './told-drug.js';
import { getOrAdd, rememberSome } from '../remember.js';

/** A line of text that names a drug, as a nurse types it. */
export interface DrugLine {
  /** Names to look up in the system `drug-name`, the most telling first; empty where none may be: the line selects nothing. */
  readonly candidates: readonly string[];
  /** The whole set of ingredients, as `drug-name` rows call them; empty where it is not known. */
  readonly ingredients: readonly string[];
  /** The same as `candidates` for each name by itself, where the line has several: `ondansetron (Zofran)` may name one drug twice. */
  readonly names: readonly (readonly string[])[];
  /** Each name of a line of several, beside all others together: `norgestimate-ethinyl estradiol (Sprintec)` may name one drug twice. */
  readonly splits: readonly DrugLine['names'][];
  readonly brand: string | undefined;
  readonly salt: string | undefined;
  /** `500 mg`, `10 mg / 5 ml`. */
  readonly strengths: readonly string[];
  /** The same, or where the line has none the dose without a unit, as milligrams. */
  readonly doses: readonly string[];
  /** The words that tell the form, as they stand. */
  readonly forms: readonly string[];
  readonly route: DrugRoute;
  /** Meanings of a dangerous abbreviation; empty for all others. */
  readonly readings: readonly string[];
  /** The dangerous abbreviation, as it stands. */
  readonly errorProne: string | undefined;
  /** Whether the names are each measured by itself: `lisinopril 10 mg, metformin 500 mg` are two drugs. */
  readonly isSeveral: boolean;
  /** A misspelt word and what it was read as. */
  readonly corrected: { readonly from: string; readonly to: string } | undefined;
  /** A word of which the drug's name, or each of the readings, is a longer form: `gaba 300 tid`. */
  readonly cut: string | undefined;
  /** Words that are neither the drug nor its measure: how it is taken, and for which purpose. */
  readonly rest: readonly string[];
}

const NO_ROUTE: DrugRoute = { route: undefined, isByMouth: false };
const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter((text) => text !== ''))];

/** The name that a word stands right behind, but for a hyphen and its salts: `loratadine-d`, `doxorubicin hcl liposome`. */
function nameBefore(pieces: readonly Piece[]): { name: NamePiece; at: number } | undefined {
  const at = pieces.findLastIndex(({ kind, text }) => kind !== 'salt' && text !== '-');
  const piece = pieces[at];
  return isName(piece) ? { name: piece, at } : undefined;
}

/** Whether a brand's name has such a word already, and another one is added: `advil cold and sinus`. */
function isAddedSuffix(pieces: readonly Piece[]): boolean {
  const [last, before] = [pieces.at(-1), pieces.at(-2)];
  return last?.kind === 'connector' && isName(before) && BRAND_SUFFIXES.has(before.text.split(' ').at(-1) ?? '');
}

/** The known combination that a suffix makes of a brand of one product: `Mucinex DM`. Undefined for any other. */
function addIngredient({ drugs }: NamedDrug, suffix: string, names: DrugNames): string | undefined {
  const added = SUFFIX_INGREDIENTS.get(suffix);
  const [drug, ...others] = drugs;
  if (added === undefined || drug === undefined || others.length > 0) return undefined;
  const ingredients = [...new Set([...drug.split(' / '), added])].sort();
  const isKnown = names.listCombinations(ingredients.length).some((one) => one.join() === ingredients.join());
  return isKnown ? ingredients.join(' / ') : undefined;
}

/** Takes the words behind a name that make another product of it into the name: `tylenol pm`. */
function joinSuffixes(pieces: readonly Piece[], names: DrugNames): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = nameBefore(BRAND_SUFFIXES.has(piece.text) && isAddedSuffix(joined) ? joined.slice(0, -1) : joined);
    const isBrand = last?.name.named.kind === 'brand';
    const isSuffix = NAME_SUFFIXES.has(piece.text) || (isBrand && BRAND_SUFFIXES.has(piece.text));
    if (!last || piece.kind === 'name' || !isSuffix) {
      joined.push(piece);
      continue;
    }
    const text = `${last.name.text} ${piece.text}`;
    const drug = addIngredient(last.name.named, piece.text, names) ?? text;
    const named: NamedDrug = names.find(text) ?? { name: text, kind: 'brand', drugs: [drug], ...NOTHING_KNOWN };
    joined.splice(last.at, joined.length, { kind: 'name', text, named });
  }
  return joined;
}

/** A nutrient or everyday word beside a drug's name belongs to it only where both are joined. */
function dropLooseWords(pieces: readonly Piece[]): Piece[] {
  const hasDrug = pieces.some((piece) => isName(piece) && !piece.named.isWord);
  return pieces.map((piece, index) => {
    if (!isName(piece)) return piece;
    const before = pieces[index - 1];
    if (SALT_WORDS.has(piece.text) && (isName(before) || before?.kind === 'salt'))
      return { kind: 'salt', text: piece.text };
    if (!piece.named.isWord || !hasDrug) return piece;
    const isBefore = pieces[index + 1]?.kind === 'connector' && isName(pieces[index + 2]);
    const isBehind = before?.kind === 'connector' && pieces.slice(0, index).some(isName);
    // `estradiol 1 mg / norethindrone 0.5 mg`
    const behind = pieces.slice(index + 1).findIndex(({ kind }) => kind !== 'strength' && kind !== 'salt');
    const isMeasuredBefore = behind > 0 && isJoint(pieces[index + 1 + behind]) && isName(pieces[index + 2 + behind]);
    return isBefore || isBehind || isMeasuredBefore ? piece : { kind: 'unknown', text: piece.text };
  });
}

/** The strengths of a combination without their unit: `5-325`, `50/325/40`. */
const isStrengthOfSeveral = ({ kind, text }: Piece): boolean =>
  kind === 'number' && /^\d[\d.]*([-/]\d[\d.]*)+$/.test(text);

/** Whether the pieces are a drug line: all of them belong to a drug, or a strength, form, dose or frequency indicates one. */
function isDrugLine(pieces: readonly Piece[], names: DrugNames): boolean {
  const named = pieces.filter(isName);
  if (named.length === 0) return false;
  const has = (...kinds: readonly Piece['kind'][]): boolean => pieces.some(({ kind }) => kinds.includes(kind));
  const isMeasured = has('strength', 'form') || (has('release') && has('number')) || pieces.some(isStrengthOfSeveral);
  const isDosed = pieces.some((_, at) => isName(pieces[at - 1]) && isBareDose(pieces, at));
  const isOrdered = isMeasured || isDosed || pieces.some(({ text }) => isFrequency(text));
  if (named.every(({ named: { isWord, kind } }) => isWord || kind === 'refused')) {
    return named.every(({ named: { isWord } }) => !isWord)
      ? isMeasured || !has('unknown')
      : (isMeasured && !has('unknown')) || isSoldDose(pieces, names);
  }
  // `warfarin and vitamin k` asks about both.
  const hasWord = named.some(({ named: { isWord } }) => isWord);
  return isOrdered || !(hasWord || has('unknown')) || isOneHyphened(pieces);
}

/** Whether a line is nothing but names that hyphens make one: `acetaminophen-caffeine-dihydrocodeine`. */
const isOneHyphened = (pieces: readonly Piece[]): boolean =>
  pieces.length > 2 && pieces.every((piece, at) => (at % 2 === 0 ? isName(piece) : piece.text === '-'));

/** Whether several names that are no known combination have each a strength or dose of their own, and nothing joins them. */
function isEachMeasured(pieces: readonly Piece[], names: DrugNames): boolean {
  const at = pieces.flatMap((piece, index) => (isName(piece) ? [index] : []));
  if (at.length < 2) return false;
  const parts = at.map((from, index) => pieces.slice(from + 1, at[index + 1]));
  const isApart = parts.every(
    (part, index) =>
      part.some(({ kind }) => kind === 'strength' || kind === 'number') &&
      (index === parts.length - 1 || part.every(({ kind }) => kind !== 'connector')),
  );
  const generic = pieces.flatMap((piece) => (isName(piece) ? [ofName(piece.named).whole ?? piece.named.name] : []));
  return isApart && !names.listCombinations(at.length).some((one) => generic.every((name) => one.includes(name)));
}

/** The fewest names of which some may be the parts of one drug and another that drug. */
const LEAST_SPLIT = 3;

/** The candidates of each name of a line, and those of all others together. */
function buildSplits(
  pieces: readonly Piece[],
  named: readonly NamedDrug[],
  each: DrugLine['names'],
  names: DrugNames,
): DrugLine['splits'] {
  if (named.length < LEAST_SPLIT) return [];
  return each.flatMap((ofOne, at) => {
    const others = readDrug(named.toSpliced(at, 1));
    return others ? [[ofOne, buildCandidates(pieces, others, names).candidates]] : [];
  });
}

/**
 * Reads a text as a medication line: ingredients or brand, salt, strength, form, route. `metformin 500 mg tablet`,
 * `Lantus 100 units/mL`, `HCTZ 25 mg`, `amox-clav 875`, `insulina glargina`.
 * @returns undefined where it is none; else its facts. Without a row for any of its candidates there is no page for the drug:
 *   a drug line never becomes words.
 */
export const readDrugLine = (text: string, names: DrugNames): DrugLine | undefined =>
  getOrAdd(readers, names, () => rememberSome(MOST_REMEMBERED, (one: string) => readLine(one, names)))(text);

/** Reads a text that is a known name and nothing else, even where it is an everyday word as well: `gold`. Undefined for any other. */
export const readNamedDrug = (text: string, names: DrugNames): DrugLine | undefined =>
  names.find(text) ? readLine(text, names, true) : undefined;

/** Readers that remember the last lines: one is read for several ends. */
const readers = new WeakMap<DrugNames, (text: string) => DrugLine | undefined>();
const MOST_REMEMBERED = 100;

/** @param isDrug an everyday word is a drug as well */
function readLine(text: string, names: DrugNames, isDrug = false): DrugLine | undefined {
  const whole = names.find(text);
  const read = whole
    ? { pieces: [{ kind: 'name', text: text.trim().toLowerCase(), named: whole } as const], reason: [] }
    : readPieces(text, names);
  const joined = joinSuffixes(completeCombinations(read.pieces, names), names);
  const { pieces: corrections, corrected } = correctOne(dropLooseWords(joined), names);
  const { pieces: spelt, cut } = completeFirst(corrections, names);
  if (!isDrug && !isDrugLine(spelt, names)) return undefined;
  const named = spelt.filter(isName).map((piece) => asBrand(piece.named, names));
  const listTexts = (...kinds: readonly Piece['kind'][]): string[] =>
    spelt.filter(({ kind }) => kinds.includes(kind)).map((piece) => piece.text);
  const strengths = listTexts('strength');
  const bareDose = spelt.find((_, at) => isName(spelt[at - 1]) && isBareDose(spelt, at));
  const facts = {
    salt: listTexts('salt').map((salt) => SALT_WORDS.get(salt) ?? salt)[0],
    strengths,
    doses: strengths.length > 0 || !bareDose ? strengths : [`${bareDose.text} mg`],
    forms: listTexts('form', 'release'),
    corrected,
    cut,
    errorProne: spelt.find((piece) => isName(piece) && piece.named.kind === 'refused')?.text,
    isSeveral: false,
    rest: [...listTexts('sig', 'unknown'), ...read.reason],
  };
  const refused = named.filter(({ kind }) => kind === 'refused');
  const isKnown = refused.length === 0 && !hasUnknownPart(spelt);
  const drug = isKnown ? readDrug(named) : undefined;
  const ofEach = isKnown && named.length > 1 ? named.map((one) => buildCandidates(spelt, ofName(one), names)) : [];
  const each = ofEach.map(({ candidates }) => candidates);
  if (!drug) {
    const readings = unique(refused.flatMap(({ drugs }) => drugs));
    const isOne = spelt.some((piece, at) => isJoint(piece) && isName(spelt[at - 1]) && isName(spelt[at + 1]));
    const ofEachName = isOne ? [] : each;
    return {
      ...facts,
      candidates: [],
      ingredients: [],
      names: ofEachName,
      splits: [],
      brand: undefined,
      route: NO_ROUTE,
      readings,
    };
  }
  const ingredients = drug.whole === undefined || drug.whole === '' ? [] : drug.whole.split(' / ');
  const common = { ...buildCandidates(spelt, drug, names), ingredients, brand: drug.brand?.name };
  const splits = drug.brand ? [] : buildSplits(spelt, named, each, names);
  const isSeveral = drug.brand === undefined && isEachMeasured(spelt, names);
  return { ...facts, ...common, isSeveral, names: each, splits, readings: [] };
}

const hasUnknownPart = (pieces: readonly Piece[]): boolean =>
  pieces.some(({ kind }, at) => kind === 'unknown' && isJoined(pieces, at));
