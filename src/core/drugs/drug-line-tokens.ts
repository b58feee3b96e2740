import { APPROVALS, BIOLOGICAL_SUFFIX } from './drug-terms.js';
import {
  AFTER_FOR,
  CONNECTORS,
  FORM_WORDS,
  PER_UNITS,
  REASONS,
  RELEASES,
  SALT_WORDS,
  TIMES,
  UNITS,
  isNumber,
  isSig,
} from './drug-line-words.js';
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

/** What a drug is mixed with to be infused; how much of it is no strength. */
const IN_A_BAG =
  /\bin (?:\d[\d.]* ?ml )?(?:ns|nss|d5w?|lr|swfi|dextrose|sodium chloride|normal saline|sterile water)\b.*$/;

/** Shorthand of charts, in words that the tables have. Applied to lower case without accents and quotation marks. */
const SHORTHAND: readonly (readonly [RegExp, string])[] = [
  [IN_A_BAG, ' iv '],
  // A fluid that runs with something in it.
  [
    /^(?=.*(?:ml ?\/ ?(?:hr?|hora)\b|@))(?:(?:d\d+w?|ns|lr|\d\/\d ?ns|0?\.\d+ ?%? ?(?:ns|nacl))\s+)+(?:with|w\/|\+)/,
    ' iv ',
  ],
  // Before a dose it is no inhalation.
  [/^inh(?= (?:\d{2,3}(?: ?mg)?|po|tabs?)\b)/, 'isoniazid'],
  [/\b(?:d\/cd?|dcd?)(?=\s)/g, ' stop '],
  [/\b(?:rinse|swish) (?:the |your )?mouth\b|\benjuag\w+ (?:la )?boca\b/g, ' '],
  [/\bc\/ ?(?=\d)/g, ' cada '],
  [/\bq(\d+(?:-\d+)?)h?prn\b/g, ' q$1h prn '],
  [/\b(\d) ?p(?=\s|$)/g, '$1 puffs '],
  [/\/ ?24 ?h\b/g, ' / 24 hr'],
  // Of drops these are eyes and ears.
  [/\bgtts?\b(?=.*\bo[dsu]\b)/g, 'drops eye'],
  [/\bgtts?\b(?=.*\ba[dsu]\b)/g, 'drops ear'],
  // Without a count they are no drops: `heparin gtt`.
  [/(?<!\d ?-? ?)\b(?:iv )?gtts?\b(?!.*\b(?:eyes?|ears?|[oa][dsu]|po|oral|nasal)\b)/g, ' drip '],
];

/** Splits a line into words, lower case without accents: `25mg/5ml` → `25 mg / 5 ml`, `a-b` → `a - b`. */
function splitWords(line: string): string[] {
  const plain = line
    .slice(0, MAX_LINE_LENGTH)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/µ|μ/g, 'u')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(BIOLOGICAL_SUFFIX, '')
    .replace(APPROVALS, ' ')
    .replace(/[®™'’`*"]/g, '');
  const folded = SHORTHAND.reduce((text, [short, words]) => text.replace(short, words), plain)
    .replace(/\b([a-z])\.(?=[a-z]\.)/g, '$1')
    .replace(/[()[\]{},;:|=]|\.(?=\s|$)|\s-+\s/g, ' ')
    .replace(/(\d)(?=(mg|mcg|ug|g|gm|ml|l|meq|iu|u|unt|units?|hr|hour|%)(?![a-z]))/g, '$1 ')
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

function findKind(word: string): Exclude<Piece['kind'], 'name'> {
  if (CONNECTORS.has(word)) return 'connector';
  if (isNumber(word)) return 'number';
  if (RELEASES.has(word)) return 'release';
  if (SALT_WORDS.has(word)) return 'salt';
  if (FORM_WORDS.has(word)) return 'form';
  return isSig(word) || UNITS.has(word) ? 'sig' : 'unknown';
}

/** Index at which the reason for taking the drug begins; the end if none is stated. */
function findEnd(words: readonly string[]): number {
  const at = words.findIndex((word, index) => {
    const next = words[index + 1] ?? '';
    if (index === 0 || isNumber(next)) return false;
    return word === 'prn' ? findKind(next) === 'unknown' && next !== '' : REASONS.has(word) && !AFTER_FOR.has(next);
  });
  return at < 0 ? words.length : at;
}

/** Splits a medication line into pieces and the words of the reason. */
export function readPieces(line: string, names: DrugNames): { pieces: Piece[]; reason: string[] } {
  const words = splitWords(line);
  const end = findEnd(words);
  const pieces: Piece[] = [];
  let at = 0;
  while (at < end) {
    const { length, named } = measureName(words.slice(0, end), at, names);
    const isFormWord = length === 1 && named?.isWord === true && findKind(words[at] ?? '') !== 'unknown';
    if (named && !(isFormWord && findKind(words[at] ?? '') !== 'salt')) {
      const isTime = TIMES.has(words[at - 1] ?? '') && pieces.some(({ kind }) => kind === 'name');
      if (isTime) return { pieces, reason: words.slice(at) };
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
