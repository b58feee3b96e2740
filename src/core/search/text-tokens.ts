/** Words without information about a text's subject, in both languages. Single letters stay: hepatitis A, vitamin D. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'an and at by for from in into is of on or per the to with without your ' +
    'al con de del el en la las lo los para por que se sin su sus un una'
  ).split(' '),
);

/** Names that end like a plural, and plurals that are another thing than one of them: fingers that are blue have no blues. */
const NO_PLURALS: ReadonlySet<string> = new Set(['aids', 'blues', 'crabs', 'glasses', 'lens', 'mers', 'sars', 'sids']);

/** A plural loses its ending only if this much of the word is left. */
const LEAST_STEM = 4;

/** Longer parts are not words. */
const MAX_WORD_CHARS = 40;

/** Texts without marks and ligatures: most texts, in a tenth of the time. */
const ASCII = /^[\t\n\r\x20-\x7e]*$/;
const MARKS = /\p{M}+/gu;
const POSSESSIVE = /['’ʼ`]s?(?![\p{L}\p{N}])|['’ʼ`]/gu;
const QUOTE = /['’ʼ`]/;
/** A word, or several joined by a hyphen or a dot. */
const COMPOUNDS = /[\p{L}\p{N}]+(?:[-.‐‑][\p{L}\p{N}]+)*/gu;
/** The same of a folded text without marks. */
const ASCII_COMPOUNDS = /[a-z\d]+(?:[-.][a-z\d]+)*/g;
const NUMBER = /^\d+(?:\.\d+)+$/;
const JOINTS = /[-.‐‑]/;

/** A text without case, accents and ligatures: `Riñón` → `rinon`. Idempotent. */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const lower = text.normalize('NFKD').toLowerCase();
  return lower.normalize('NFKD').replace(MARKS, '');
}

/**
 * A folded word without its English or Spanish plural ending, so that both numbers are one term: `stones` and `stone` →
 * `ston`, `allergies` → `allergy`, `riñones` and `riñón` → `rinon`. The result is a key, not a word.
 */
export function foldPlural(word: string): string {
  if (word.length < LEAST_STEM || !/[sez]$/.test(word) || NO_PLURALS.has(word) || /\d|[sui]s$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > LEAST_STEM) return `${word.slice(0, -3)}y`;
  if (word.endsWith('es') && word.length - 2 >= LEAST_STEM) return word.slice(0, -2);
  if (word.endsWith('s')) return word.slice(0, -1);
  if (word.endsWith('e') && word.length - 1 >= LEAST_STEM) return word.slice(0, -1);
  // cicatriz, cicatrices
  return word.endsWith('z') ? `${word.slice(0, -1)}c` : word;
}

/** The Spanish for a nail, folded, would be an article: its plural stands for it. */
const NAIL = /(?<!\p{L})uña(?!\p{L})/giu;

/** A word of a text, as indexed. */
export interface Token {
  /** Folded. */
  readonly word: string;
  /** Its first and last position among the text's words without stop words; the whole of a compound takes several. */
  readonly from: number;
  readonly to: number;
}

/** The words of a text, folded; those joined by a hyphen or a dot as one. */
function listCompounds(text: string): readonly string[] {
  const isAscii = ASCII.test(text);
  const folded = isAscii ? text.toLowerCase() : foldText(text.normalize('NFC').replace(NAIL, 'uñas'));
  const plain = QUOTE.test(folded) ? folded.replace(POSSESSIVE, '') : folded;
  return plain.match(isAscii ? ASCII_COMPOUNDS : COMPOUNDS) ?? [];
}

/** The parts of a compound; a number with dots is one part. */
const splitCompound = (compound: string): string[] =>
  !JOINTS.test(compound) || NUMBER.test(compound) ? [compound] : compound.split(JOINTS);

/**
 * The words of a text in order, without stop words. A compound yields its parts and the whole: `X-ray` → x, ray, xray.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let place = 0;
  for (const compound of listCompounds(text)) {
    const parts = splitCompound(compound);
    const from = place;
    for (const word of parts) {
      if (STOP_WORDS.has(word)) continue;
      tokens.push({ word: word.slice(0, MAX_WORD_CHARS), from: place, to: place });
      place += 1;
    }
    if (parts.length > 1 && place - from > 1) {
      tokens.push({ word: parts.join('').slice(0, MAX_WORD_CHARS), from, to: place - 1 });
    }
  }
  return tokens;
}

/** Letters that sound alike to readers of English or Spanish, in order of replacement. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/^pn/, 'n'],
  [/^ps/, 's'],
  [/ph/g, 'f'],
  [/h/g, ''],
  [/[ao]e/g, 'e'],
  [/c(?=[eiy])|z/g, 's'],
  [/[kq]u?/g, 'c'],
  [/y/g, 'i'],
  [/v/g, 'b'],
  [/(.)\1+/g, '$1'],
];

/**
 * The sound key of a folded word: those of `diarrhoea` and `diarea` differ in one letter, those of `tilenol` and
 * `tylenol` are equal.
 */
export function toSound(word: string): string {
  return SOUNDS.reduce((sound, [letters, replacement]) => sound.replace(letters, replacement), word);
}

/** The distinct trigrams of a word, its beginning and end marked by a space. */
export function trigramsOf(word: string): string[] {
  const padded = ` ${word} `;
  const grams = new Set<string>();
  for (let start = 0; start + 3 <= padded.length; start += 1) grams.add(padded.slice(start, start + 3));
  return [...grams];
}
