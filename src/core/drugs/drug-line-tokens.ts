import { APPROVALS, BIOLOGICAL_SUFFIX } from './drug-terms.js';
import {
  AFTER_FOR,
  BETWEEN_TIMES,
  CONNECTORS,
  DROPPED,
  FORM_WORDS,
  MAKERS,
  PER_UNITS,
  REASONS,
  RELEASES,
  SALT_WORDS,
  SITES,
  TAKEN_WITH,
  TIMES,
  UNITS,
  WITH,
  isNumber,
  isSig,
} from './drug-line-words.js';
import { writeOutShorthand } from './drug-line-shorthand.js';
import type { DrugNames, NamedDrug } from './drug-names.js';

/** Longer lines are cut here. */
const MAX_LINE_LENGTH = 600;
const MOST_WORDS_OF_A_NAME = 8;

/** One piece of a medication line. */
export type Piece =
  | { readonly kind: 'name'; readonly text: string; readonly named: NamedDrug }
  | {
      readonly kind: 'strength' | 'number' | 'form' | 'release' | 'salt' | 'sig' | 'connector' | 'unknown';
      readonly text: string;
    };

export type NamePiece = Extract<Piece, { kind: 'name' }>;

export const isName = (piece: Piece | undefined): piece is NamePiece => piece?.kind === 'name';

/** True if a piece joins two ingredients of one product. */
export const isJoint = (piece: Piece | undefined): boolean =>
  piece?.kind === 'connector' && /^[-/+&]$/.test(piece.text);

/** Whether what stands before a place is a name, perhaps with its salt or release: `amox tr-`. */
const isBehindName = (pieces: readonly Piece[], at: number): boolean =>
  isName(pieces.slice(0, at).findLast(({ kind }) => kind !== 'salt' && kind !== 'release'));

/** Whether a word is joined to a drug's name: an unknown ingredient makes another drug. */
export const isJoined = (pieces: readonly Piece[], at: number): boolean =>
  (isJoint(pieces[at - 1]) && isBehindName(pieces, at - 1)) || (isJoint(pieces[at + 1]) && isName(pieces[at + 2]));

/** Comma of a number before its unit, and behind a nought: `47,5 mg`, `0,125`; a thousand has three figures behind it. */
const DECIMAL_COMMA = /(?<=\d),(?=\d{1,2}\s?(?:mg|mcg|ug|g|ml|%))|(?<=(?<!\d)0),(?=\d)/g;

/** Splits a line into words, lower case without accents: `25mg/5ml` → `25 mg / 5 ml`, `a-b` → `a - b`. */
function splitWords(line: string): string[] {
  const plain = line
    .slice(0, MAX_LINE_LENGTH)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/µ|μ/g, 'u')
    .replace(DECIMAL_COMMA, '.')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(BIOLOGICAL_SUFFIX, '')
    .replace(APPROVALS, ' ')
    .replace(/[®™'’`*"]/g, '');
  const folded = writeOutShorthand(plain)
    .replace(/\b([a-z])\.(?=[a-z]\.)/g, '$1')
    .replace(/(?<=[a-z]{2})\.(?=[a-z]{3})/g, ' ')
    .replace(/[()[\]{},;:|=]|\.(?=\s|$)|\s-+\s/g, ' ')
    .replace(
      /(\d)(?=(mg|mcg|micrograms?|milligrams?|ug|g|gm|ml|l|cc|meq|iu|u|unt|units?|hr|hours?|%|tabs?|caps?|gtts?|puffs?)(?![a-z]))/g,
      '$1 ',
    )
    .replace(/(?<=[a-z%])\s*\/\s*(?=[a-z\d])|(?<=\d)\s*\/\s*(?=[a-z])|(?<=\d)\s+\/\s+(?=\d)/g, ' / ')
    .replace(/(?<=\d)-(?=[a-z])/g, ' ')
    .replace(/[+&]|(?<=[a-z])-(?=[a-z\d])/g, ' $& ');
  return folded.split(/\s+/).filter((word) => word === '-' || word === '/' || /[^-/.]/.test(word));
}

/** A name of the line and its length in words. */
interface FoundName {
  readonly length: number;
  readonly named?: NamedDrug | undefined;
}

/**
 * Length in words of the name that begins here; 0 if none does. A number followed by a unit is a strength, not part of
 * the name.
 */
function measureName(words: readonly string[], from: number, names: DrugNames): FoundName {
  for (let length = Math.min(names.longest, MOST_WORDS_OF_A_NAME, words.length - from); length > 0; length -= 1) {
    const last = words[from + length - 1] ?? '';
    if (last === '-' || (isNumber(last) && UNITS.has(words[from + length] ?? ''))) continue;
    const name = words.slice(from, from + length).filter((word) => word !== '-');
    const named = words[from] === '-' ? undefined : names.find(name.join(' '));
    if (named) return extendName(words, from, { length, named }, names);
  }
  return { length: 0 };
}

/** Length in words of the strength that begins here: `500 mg`, `10 mg / 5 ml`, `20 mcg / kg / min`. 0 if none does. */
function measureStrength(words: readonly string[], from: number): number {
  if (!isNumber(words[from] ?? '') || !UNITS.has(words[from + 1] ?? '')) return 0;
  if (words[from + 2] !== '/') return 2;
  const behind = words[from + 3] ?? '';
  if (PER_UNITS.has(behind)) return words[from + 4] === '/' && PER_UNITS.has(words[from + 5] ?? '') ? 6 : 4;
  return isNumber(behind) && PER_UNITS.has(words[from + 4] ?? '') ? 5 : 2;
}

/** Another name of a drug with words behind it that make another drug of it: `pen g benzathine`. */
function extendName(words: readonly string[], from: number, { length, named }: FoundName, names: DrugNames): FoundName {
  const [drug, ...others] = named?.kind === 'other' ? named.drugs : [];
  const longer =
    drug === undefined || others.length > 0 ? undefined : names.find(`${drug} ${words[from + length] ?? ''}`);
  return longer && longer !== names.find(drug ?? '') ? { length: length + 1, named: longer } : { length, named };
}

/** Digits that a scanner reads for letters. */
const MISREAD: readonly (readonly [digit: string, letter: string])[] = [
  ['0', 'o'],
  ['1', 'l'],
  ['5', 's'],
];
const [LEAST_MISREAD, MOST_MISREAD] = [6, 30];

/** A word of a scanned line with its digits as letters, where that makes it a drug's name: `metoprolo1`, `lev0thyroxine`. */
function readScanned(word: string, names: DrugNames): string {
  const isLong = word.length >= LEAST_MISREAD && word.length <= MOST_MISREAD;
  if (!isLong || !/[015]/.test(word) || !/[a-z]{3}/.test(word) || /[^a-z015]/.test(word)) return word;
  const read = MISREAD.reduce((text, [digit, letter]) => text.replaceAll(digit, letter), word);
  return !names.find(word) && names.find(read) ? read : word;
}

function findKind(word: string): Exclude<Piece['kind'], 'name'> {
  if (CONNECTORS.has(word)) return 'connector';
  if (isNumber(word)) return 'number';
  if (RELEASES.has(word)) return 'release';
  if (SALT_WORDS.has(word)) return 'salt';
  if (FORM_WORDS.has(word)) return 'form';
  return isSig(word) || UNITS.has(word) ? 'sig' : 'unknown';
}

/** Whether a complaint begins here: `nausea`, `ear pressure`; of `prn ear drops` it does not. */
const isComplaint = (word: string, next: string): boolean =>
  word !== '' && (findKind(word) === 'unknown' || (SITES.has(word) && next !== '' && findKind(next) === 'unknown'));

/** Index at which the reason for taking the drug begins; the end if none is stated. */
function findEnd(words: readonly string[]): number {
  const isDropped = words.some((word) => DROPPED.has(word));
  const at = words.findIndex((word, index) => {
    const [next = '', afterNext = ''] = words.slice(index + 1, index + 3);
    if (index === 0 || isNumber(next)) return false;
    if (word === 'prn') return isComplaint(next, isDropped ? '' : afterNext);
    return REASONS.has(word) && !AFTER_FOR.has(next);
  });
  return at < 0 ? words.length : at;
}

/**
 * Whether a drug named here only tells when to take another: `30 min before lasix`, `daily with lasix`, `while on lasix`; but not
 * `tablet with codeine`.
 */
function isNamedForTime(words: readonly string[], at: number): boolean {
  let before = at - 1;
  while (before > 0 && BETWEEN_TIMES.has(words[before] ?? '')) before -= 1;
  const word = words[before] ?? '';
  return TIMES.has(word) || (WITH.has(word) && TAKEN_WITH.has(words[before - 1] ?? ''));
}

/** A line's words without makers that a hyphen joins to an ingredient: `apo - metformin`, `bisoprolol - ratiopharm`. */
function withoutMakers(words: readonly string[], names: DrugNames): string[] {
  const isIngredient = (word = ''): boolean => ['ingredient', 'other'].includes(names.find(word)?.kind ?? '');
  const isMaker = (at: number): boolean => {
    if (!MAKERS.has(words[at] ?? '')) return false;
    const isBefore = words[at + 1] === '-' && isIngredient(words[at + 2]);
    return isBefore || (words[at - 1] === '-' && isIngredient(words[at - 2]));
  };
  return words.filter((word, at) => !isMaker(at) && !(word === '-' && (isMaker(at - 1) || isMaker(at + 1))));
}

/** Splits a medication line into pieces and the words of the reason. */
export function readPieces(line: string, names: DrugNames): { pieces: Piece[]; reason: string[] } {
  const words = withoutMakers(splitWords(line), names).map((word) => readScanned(word, names));
  const end = findEnd(words);
  const pieces: Piece[] = [];
  let at = 0;
  while (at < end) {
    const { length, named } = measureName(words.slice(0, end), at, names);
    const isFormWord = length === 1 && named?.isWord === true && findKind(words[at] ?? '') !== 'unknown';
    if (named && !(isFormWord && findKind(words[at] ?? '') !== 'salt')) {
      if (isNamedForTime(words, at) && pieces.some(({ kind }) => kind === 'name'))
        return { pieces, reason: words.slice(at) };
      pieces.push({ kind: 'name', text: words.slice(at, at + length).join(' '), named });
      at += length;
      continue;
    }
    const ofStrength = measureStrength(words, at);
    if (ofStrength > 0) {
      pieces.push({ kind: 'strength', text: words.slice(at, at + ofStrength).join(' ') });
      at += ofStrength;
      continue;
    }
    const text = words[at] ?? '';
    pieces.push({ kind: findKind(text), text });
    at += 1;
  }
  return { pieces, reason: words.slice(end) };
}
