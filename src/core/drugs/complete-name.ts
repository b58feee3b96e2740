import { readRoute } from './drug-line-route.js';
import { isJoined, isName, type Piece } from './drug-line-tokens.js';
import { AGE_WORDS, FORM_WORDS, isFrequency } from './drug-line-words.js';
import { isSpelling, type DrugNames, type NamedDrug } from './drug-names.js';

/** A misspelt word and what it was read as. */
interface Correction {
  readonly from: string;
  readonly to: string;
}

/** Facts of a name that no table has. */
export const NOTHING_KNOWN = { isWord: false, routes: undefined, page: undefined, strengths: [] };

/** A dose without its unit, right behind a word: `carvedilol 6.25`, but not `ibuprofen 6 month old`. */
export const isBareDose = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]?.kind === 'number' && !AGE_WORDS.has(pieces[at + 1]?.text ?? '');

/** A word that is read as a misspelt name without a unit has as many letters. */
const LEAST_CERTAIN = 6;

/** Whether a line tells how often, or how much behind the one word of it that is in no table. */
function statesDose(pieces: readonly Piece[], at: number): boolean {
  if (pieces.some(({ kind, text }, other) => kind === 'unknown' && (other !== at || text.length < LEAST_CERTAIN)))
    return false;
  return isBareDose(pieces, at + 1) || pieces.some(({ text }) => isFrequency(text));
}

/** Forms of what is no liquid, as `FORM_WORDS` has them. */
const SOLID: ReadonlySet<string> = new Set(['tablet', 'capsule']);
/** A number of tablets' masses and pens' units. */
const DOSE = /^\d+(?:\.\d+)?$/;

/** The dose without a unit that stands behind a word, in each unit of tablets and pens. */
function listBareDoses(pieces: readonly Piece[], at: number): readonly string[] {
  const number = pieces[at + 1]?.text ?? '';
  const isDose = isBareDose(pieces, at + 1) && DOSE.test(number);
  return isDose ? ['mg', 'mcg', 'units'].map((unit) => `${number} ${unit}`) : [];
}

/** Numbers that may count tablets: `alieve 1`. */
const COUNT = /^[1-3] /;

/** Whether the drug that a word may be, misspelt, is sold in the strengths of its line; of a brand a bare number counts no units. */
function fitsDose(named: NamedDrug, pieces: readonly Piece[], at: number, names: DrugNames): boolean {
  const { name, drugs } = named;
  const own = drugs.length > 0 ? drugs : [name];
  const stated = pieces.flatMap((piece) => (piece.kind === 'strength' ? piece.text : []));
  const bare = listBareDoses(pieces, at).filter((dose) => !COUNT.test(dose));
  // A number alone is no amount of a liquid.
  const isSolid =
    stated.length === 0 || pieces.some((piece) => piece.kind === 'form' && SOLID.has(FORM_WORDS.get(piece.text) ?? ''));
  if (isSpelling(named)) return names.strengths.fits(own, stated.length > 0 ? stated : bare, isSolid);
  const doses = stated.length > 0 ? stated : bare.filter((dose) => !dose.endsWith('units'));
  return names.strengths.fitsBrand(own, doses, isSolid);
}

/** Forms that leave open which of several routes they are for. */
const OPEN: ReadonlySet<string> = new Set(['drops', 'spray']);

/** Whether the drug that a word may be, misspelt, is sold for the route that the line's form tells, as far as both are known. */
function fitsRoute(named: NamedDrug, pieces: readonly Piece[], names: DrugNames): boolean {
  const { route } = readRoute(pieces, [named]);
  const sold = [named, ...named.drugs.flatMap((drug) => names.find(drug) ?? [])].flatMap(
    (one) => one.routes ?? one.page ?? [],
  );
  return route === undefined || OPEN.has(route) || sold.length === 0 || sold.includes(route);
}

/** Reads a misspelt word where the line has no other drug's name but measures one, or where it is joined to a name. */
export function correctOne(
  pieces: readonly Piece[],
  names: DrugNames,
): { pieces: readonly Piece[]; corrected: Correction | undefined } {
  const isMeasured = pieces.some(({ kind }) => kind === 'strength' || kind === 'form');
  const hasName = pieces.some(isName);
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'strength' && !hasName) break;
    const isRead =
      piece.kind === 'unknown' && (hasName ? isJoined(pieces, index) : isMeasured || statesDose(pieces, index));
    const named = isRead ? names.correct(piece.text) : undefined;
    if (!named || !fitsDose(named, pieces, index, names) || !fitsRoute(named, pieces, names)) continue;
    const corrected: Piece = { kind: 'name', text: piece.text, named };
    return { pieces: pieces.with(index, corrected), corrected: { from: piece.text, to: named.name } };
  }
  return { pieces, corrected: undefined };
}

/** The most drugs that a word which begins their names is offered as. */
const MOST_BEGUN = 12;
/** A word that selects the one drug which it begins has as many letters: `los 50` is offered as losartan. */
const LEAST_SHARE = 1 / 3;
const LEAST_BEGUN = 4;

/** Doses of a line whose first word is in no table and whose other words are all known: as they stand, else in either unit of a mass. */
function listDosesBehind([first, ...others]: readonly Piece[]): readonly (readonly string[])[] {
  // `los` is a word for directions as well.
  const isFirstCut = first?.kind === 'unknown' || (first?.kind === 'sig' && others.length === 1);
  if (!first || !isFirstCut || others.some((piece) => isName(piece) || piece.kind === 'unknown')) return [];
  const strengths = others.flatMap(({ kind, text }) => (kind === 'strength' ? text : []));
  if (strengths.length > 0) return [strengths];
  return listBareDoses([first, ...others], 0).map((dose) => [dose]);
}

/** Completes the first word of a line that only begins a drug's name: the one that is sold in the dose, or each of several, none selected. */
export function completeFirst(
  pieces: readonly Piece[],
  names: DrugNames,
): { readonly pieces: readonly Piece[]; readonly cut: string | undefined } {
  const unread = { pieces, cut: undefined };
  const [first] = pieces;
  for (const doses of listDosesBehind(pieces)) {
    const begun = names.findBegun(first?.text ?? '', doses);
    const [only, ...others] = begun;
    if (!first || !only) continue;
    if (begun.length > MOST_BEGUN) return unread;
    const text = first.text;
    const drugs = begun.map(({ name }) => name);
    const isLong = text.length >= Math.max(LEAST_BEGUN, only.name.length * LEAST_SHARE);
    const named: NamedDrug =
      others.length === 0 && isLong ? only : { ...NOTHING_KNOWN, name: text, kind: 'refused', drugs };
    return { pieces: [{ kind: 'name', text, named }, ...pieces.slice(1)], cut: text };
  }
  return unread;
}

/** Whether a name that is a word as well stands before a dose in which that drug is sold: `gaba 300`, `estradiol 1`, but not `dig 1.2`. */
export function isSoldDose(pieces: readonly Piece[], { strengths }: DrugNames): boolean {
  const [first, ...behind] = pieces.filter(({ kind }) => kind !== 'salt');
  const [next, ...others] = behind;
  if (!isName(first) || next?.kind !== 'number' || !DOSE.test(next.text)) return false;
  const { name, kind, drugs } = first.named;
  const [drug = kind === 'ingredient' ? name : '', ...more] = drugs;
  const isAlone = others.every((piece) => !isName(piece) && piece.kind !== 'unknown');
  return (
    isAlone &&
    more.length === 0 &&
    isBareDose(behind, 0) &&
    strengths.isSoldIn(drug, [`${next.text} mg`, `${next.text} mcg`])
  );
}
