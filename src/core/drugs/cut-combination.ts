import { isJoint, isName, type Piece } from './drug-line-tokens.js';
import type { DrugNames, NamedDrug } from './drug-names.js';

/** Letters of the shortest beginning of an ingredient, and of two where neither is a name. */
const [LEAST_CUT, LEAST_ALONE] = [3, 4];
/** A longer list is no label's. */
const MOST_PARTS = 4;
/** Two letters that stand for one ingredient of a combination. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['hc', 'hydrocortisone'],
  ['ee', 'ethinyl estradiol'],
]);

/** A part of a combination as a label writes it: a piece, and where it ends with its salts. */
interface Part {
  readonly piece: Piece;
  readonly end: number;
}

/** Of a word for directions as well: `los/hctz`. */
const isPart = (piece: Piece | undefined): piece is Piece =>
  isName(piece) || piece?.kind === 'unknown' || piece?.kind === 'sig';

/** The parts that are joined from here on: `carbidopa / levo`, `amlodipine besy - benaz`. */
function listParts(pieces: readonly Piece[], from: number): Part[] {
  const parts: Part[] = [];
  let at = from;
  for (;;) {
    const piece = pieces[at];
    if (!isPart(piece)) return parts;
    let end = at + 1;
    while (pieces[end]?.kind === 'salt' || pieces[end]?.kind === 'release') end += 1;
    parts.push({ piece, end });
    if (!isJoint(pieces[end])) return parts;
    at = end + 1;
  }
}

/** The ingredients that a part may be: those of a name, else what it begins. */
function toTest(piece: Piece): ((ingredient: string) => boolean) | undefined {
  const { text } = piece;
  if (isName(piece) && piece.named.kind !== 'refused') {
    const { name, drugs } = piece.named;
    return drugs.length > 1 || drugs[0]?.includes(' / ')
      ? undefined
      : (one) => one === (drugs[0] ?? name) || one === name;
  }
  const short = SHORT.get(text);
  if (short !== undefined) return (one) => one === short;
  return text.length < LEAST_CUT || /[^a-z]/.test(text) ? undefined : (one) => one.startsWith(text);
}

/** Whether each ingredient of a combination is one of the parts, in any order. */
function isMatch(tests: readonly ((ingredient: string) => boolean)[], ingredients: readonly string[]): boolean {
  const [test, ...others] = tests;
  if (!test) return ingredients.length === 0;
  return ingredients.some((one, at) => test(one) && isMatch(others, ingredients.toSpliced(at, 1)));
}

/** Whether only one ingredient of combinations begins so: `iprat`, but not `hydro`. */
function isCertain(text: string, names: DrugNames): boolean {
  const begun = names.listCombinations(2).flatMap((ingredients) => ingredients.filter((one) => one.startsWith(text)));
  return text.length >= LEAST_ALONE && new Set(begun).size === 1;
}

/** The one combination that parts of a label stand for. */
function findCombination(parts: readonly Part[], names: DrugNames): NamedDrug | undefined {
  const isCut = ({ piece }: Part): boolean => !isName(piece) || piece.named.kind === 'refused';
  if (!parts.some(isCut)) return undefined;
  if (parts.length === 2 && parts.every(isCut) && !parts.every(({ piece }) => isCertain(piece.text, names)))
    return undefined;
  const tests = parts.map(({ piece }) => toTest(piece)).filter((test) => test !== undefined);
  if (tests.length < parts.length) return undefined;
  const [only, ...others] = names.listCombinations(parts.length).filter((ingredients) => isMatch(tests, ingredients));
  if (!only || others.length > 0) return undefined;
  const name = only.join(' / ');
  return { name, kind: 'other', drugs: [name], isWord: false, routes: undefined, page: undefined, strengths: [] };
}

/**
 * Reads the ingredients of a combination that a label cuts off: `carbidopa/levo`, `but/apap/caf`, `neo/poly/hc`. Only where one known
 * combination begins so; what is cut off is then no abbreviation of anything else.
 */
export function completeCombinations(pieces: readonly Piece[], names: DrugNames): Piece[] {
  const completed: Piece[] = [];
  let at = 0;
  while (at < pieces.length) {
    const piece = pieces[at] as Piece;
    const parts = isPart(piece) ? listParts(pieces, at) : [];
    const named = parts.length > 1 && parts.length <= MOST_PARTS ? findCombination(parts, names) : undefined;
    completed.push(named ? { kind: 'name', text: named.name, named } : piece);
    at = named ? (parts.at(-1)?.end ?? at + 1) : at + 1;
  }
  return completed;
}
