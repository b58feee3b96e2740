import { isName, readPieces } from '../../drugs/drug-line-tokens.js';
import type { DrugNames } from '../../drugs/drug-names.js';
import { listNames } from '../../model/article.js';
import { parseQuery } from '../../search/text-query.js';
import type { SearchHit } from '../../search/search-hit.js';
import { foldPlural, foldText, tokensOf } from '../../search/text-tokens.js';
import { isProductPage, isVaccinePage, sharesWord } from '../product-line.js';
import type { Understanding } from '../understanding.js';

/** Words of the longest name that a line is tested to begin with. */
const MOST_WORDS_OF_A_NAME = 4;

/** Whether a line begins with a drug's name of several words. */
export function beginsWithName(line: string, names: DrugNames): boolean {
  const words = line.split(/\s+/, MOST_WORDS_OF_A_NAME);
  return words.some((_, at) => at > 0 && names.find(words.slice(0, at + 1).join(' ')) !== undefined);
}

/** A mass or a count of units, as a tablet has it; a laboratory's results are measured by the decilitre. */
const MASS = /^[\d.,/-]+ (?:mgs?|mcgs?|ug|gm?|meq|units?|unt|iu|%)(?: \/ (?!dl\b|l\b).*)?$/;

/** A mass as a tablet has it: a line with one may name a brand that no table has. */
const TABLET = /^[\d.,/-]+ (?:mgs?|mcgs?|ug)(?: \/ (?!dl\b|l\b).*)?$/;

/** Whether a line measures a tablet's mass: no word of it is a misspelt one, `Somac 40 mg` no sumac. */
export const hasTabletMass = (line: string, names: DrugNames): boolean =>
  readPieces(line, names).pieces.some(({ kind, text }) => kind === 'strength' && TABLET.test(text));

/** Whether a line has a strength and a form: it is a medication, whatever it names. */
export function isMedication(line: string, names: DrugNames): boolean {
  const { pieces } = readPieces(line, names);
  const isStrong = pieces.some(({ kind, text }) => kind === 'strength' && MASS.test(text));
  return isStrong && pieces.some((piece) => !isName(piece) && piece.kind === 'form');
}

/** RxNorm's names of what allergies are tested with. */
const ALLERGENIC = /\b(?:allergenic|pollen|venom|dander|mite|feather|fur|hair) extracts?\b/i;
/** RxNorm's names of what vaccines are made of. */
const ANTIGEN =
  /\bcapsular (?:antigen|polysaccharide)\b|\bconjugate vaccine\b|\bvirus (?:live )?vaccine\b|\bvirus live antigen\b|\b(?:toxoid|subunit) vaccine\b|\bvaccine,? (?:live|inactivated)\b|\binfluenza [ab] virus (?:\(\w+\) )?antigen\b|\bantigen, inactivated$|\bvaccine, (?:subunit|mrna)\b|\btype \d+ vaccine$|\btoxoid conjugate$|\bvirus glycoprotein\b/i;

const OF_ANY_GERM: ReadonlySet<string> = new Set(['human', 'protein', 'sars', 'virus']);

/** Whether a page on a vaccine is on the germ that an official name begins with: measles, but no diphtheria of a conjugate. */
function isAgainst(line: string, hit: SearchHit): boolean {
  const [germ = ''] = (foldText(line).match(/[a-z]{4,}/g) ?? []).filter((word) => !OF_ANY_GERM.has(word));
  if (hit.kind !== 'article' || !isVaccinePage(hit)) return false;
  const words = foldText(hit.article.texts.en?.title ?? '').match(/[a-z]{4,}/g) ?? [];
  return words.some((word) => word.startsWith(germ) || germ.startsWith(word));
}

/** Hits of an official name of an allergen or of a part of a vaccine; undefined for any other line. */
function readImmune(line: string, found: Understanding): Understanding | undefined {
  if (ALLERGENIC.test(line)) return { kind: 'drug', hits: [] };
  if (!ANTIGEN.test(line) || found.kind === 'drug') return undefined;
  return { kind: 'drug', hits: found.hits.filter((hit) => isAgainst(line, hit)) };
}

/** Least score of a whole name. */
const WHOLE_NAME = 0.9;

/** Whether a page on a product has a name that a line holds as a whole, or on a vaccine shares a word with it. */
function isProductOf(line: string, hit: SearchHit): boolean {
  if (hit.kind !== 'article' || !isProductPage(hit)) return false;
  const words = parseQuery(line).map(({ word }) => word);
  if (isVaccinePage(hit)) return sharesWord(words, hit);
  const terms = new Set(words.map(foldPlural));
  const isHeld = (name: string): boolean => tokensOf(name).every(({ word }) => terms.has(foldPlural(word)));
  return hit.score >= WHOLE_NAME || listNames(hit.article).some(isHeld);
}

/** Whether a hit is a code, a guess at a word, or on the overdose of a drug that has no page. */
const isBesideDrug = (hit: SearchHit): boolean =>
  hit.kind !== 'article' || hit.matched === 'spelling' || /overdose|poisoning/i.test(hit.article.texts.en?.title ?? '');

/**
 * Result of a line with a strength and a form: the drug, or pages on drugs, supplements and vaccines that have a word of it; never other
 * words' pages, and no guess at what it may have been. Nor is a line with a tablet's mass guessed at.
 */
export function asMedication(line: string, found: Understanding, names: DrugNames): Understanding {
  const immune = found.kind === 'code' || found.kind === 'held' ? undefined : readImmune(line, found);
  if (immune) return immune;
  if (found.kind !== 'words') return found;
  const isOrdered = isMedication(line, names);
  if (!isOrdered && !hasTabletMass(line, names)) return found;
  const hits = found.hits.filter((hit) => (isOrdered ? isProductOf(line, hit) : !isBesideDrug(hit)));
  return hits.length > 0 ? { ...found, hits } : { kind: 'drug', hits: [] };
}
