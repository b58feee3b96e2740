import { countDifferent, toLetterSet } from './letter-set.js';
import type { Language } from '../model/language.js';
import { rememberLast } from '../remember.js';

/** Costs of slips; 1 is any other letter more, less or instead. */
const DOUBLED = 0.25;
const MUTE_H = 0.3;
const FINAL_S = 0.3;
const VOWEL_MORE = 0.6;
const LETTER_MORE = 0.8;
const TRANSPOSED = 0.55;
const VOWEL_FOR_VOWEL = 0.5;
const KEY_BESIDE = 0.75;
/** Additional cost of a slip at the first letter: a beginning is seldom misspelt. */
const AT_BEGINNING = 0.35;
/** Cost of a word that only sounds like the other. */
const ONLY_HEARD = 0.15;

const VOWELS = 'aeiouy';

/** Letters that are confused, by language, and what one instead of the other costs. */
const CONFUSED: Readonly<Record<Language, readonly (readonly [letters: string, cost: number])[]>> = {
  en: [
    ['csz', 0.3],
    ['ckq', 0.3],
    ['iy', 0.3],
    ['gj', 0.4],
    ['sx', 0.5],
    ['xz', 0.3],
    ['fv', 0.5],
    ['mn', 0.5],
    ['dt', 0.6],
    ['bp', 0.6],
    ['bv', 0.6],
    ['lr', 0.7],
    ['uw', 0.6],
  ],
  es: [
    ['csz', 0.2],
    ['bv', 0.2],
    ['ckq', 0.2],
    ['iy', 0.3],
    ['gj', 0.3],
    ['mn', 0.4],
    ['sx', 0.4],
    ['xz', 0.3],
    ['lr', 0.5],
    ['dt', 0.7],
    ['bp', 0.6],
    ['gw', 0.5],
    ['uw', 0.4],
  ],
};

const KEY_ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const;
/** Distance of each row of keys to the right, in keys. */
const ROW_OFFSETS = [0, 0.25, 0.75] as const;

/** Whether two letters are side by side on the keyboard. */
function areKeysBeside(one: string, other: string): boolean {
  const [first, second] = [one, other].map((letter) => {
    const row = KEY_ROWS.findIndex((keys) => keys.includes(letter));
    return { row, place: (KEY_ROWS[row]?.indexOf(letter) ?? 0) + (ROW_OFFSETS[row] ?? 0) };
  });
  if (!first || !second || first.row < 0 || second.row < 0) return false;
  return Math.abs(first.row - second.row) <= 1 && Math.abs(first.place - second.place) <= 1;
}

function computeReplacement(one: string, other: string, language: Language): number {
  if (one === other) return 0;
  const costs = CONFUSED[language].flatMap(([letters, cost]) =>
    letters.includes(one) && letters.includes(other) ? [cost] : [],
  );
  if (VOWELS.includes(one) && VOWELS.includes(other)) costs.push(VOWEL_FOR_VOWEL);
  if (areKeysBeside(one, other)) costs.push(KEY_BESIDE);
  return Math.min(1, ...costs);
}

const A = 'a'.charCodeAt(0);
const LETTERS = 26;

function buildReplacements(language: Language): Float64Array {
  const letters = Array.from({ length: LETTERS }, (_, at) => String.fromCharCode(A + at));
  return Float64Array.from(letters.flatMap((one) => letters.map((other) => computeReplacement(one, other, language))));
}

/** The costs of each letter for each other. */
const REPLACEMENTS: Readonly<Record<Language, Float64Array>> = {
  en: buildReplacements('en'),
  es: buildReplacements('es'),
};

const isLetter = (code: number): boolean => code >= 0 && code < LETTERS;
const H = 'h'.charCodeAt(0) - A;
const S = 's'.charCodeAt(0) - A;

function toCodes(word: string, codes = new Int16Array(word.length)): Int16Array {
  for (let at = 0; at < word.length; at += 1) codes[at] = word.charCodeAt(at) - A;
  return codes;
}

const VOWEL_CODES = new Set(toCodes(VOWELS));

/** Cost of a letter more or less at its place. */
function costOfOne(codes: Int16Array, at: number, length: number): number {
  const code = codes[at] ?? 0;
  let cost = VOWEL_CODES.has(code) ? VOWEL_MORE : LETTER_MORE;
  if (code === H) cost = MUTE_H;
  else if ((at > 0 && code === codes[at - 1]) || (at + 1 < length && code === codes[at + 1])) cost = DOUBLED;
  else if (code === S && at === length - 1) cost = FINAL_S;
  return at === 0 && code !== H ? cost + AT_BEGINNING : cost;
}

/** Table in which two words are compared, used again by every comparison: a word is compared with hundreds. */
function createTable(letters: number) {
  const createRow = (): Float64Array => new Float64Array(letters + 1);
  return {
    letters,
    typed: new Int16Array(letters),
    meant: new Int16Array(letters),
    lessOfMeant: createRow(),
    rows: [createRow(), createRow(), createRow()] as [Float64Array, Float64Array, Float64Array],
  };
}

let table = createTable(1);

/** The cheapest slips that make one word of the other; more than `most` where they cost more. */
function alignLetters(typed: string, meant: string, language: Language, most: number): number {
  const letters = Math.max(typed.length, meant.length);
  if (Math.abs(typed.length - meant.length) * DOUBLED > most) return Infinity;
  if (table.letters < letters) table = createTable(2 * letters);
  const replacements = REPLACEMENTS[language];
  const [a, b, lessOfB] = [toCodes(typed, table.typed), toCodes(meant, table.meant), table.lessOfMeant];
  let [before, above, current] = table.rows;
  above[0] = 0;
  for (let column = 1; column <= meant.length; column += 1) {
    const less = (lessOfB[column - 1] = costOfOne(b, column - 1, meant.length));
    above[column] = (above[column - 1] ?? 0) + less;
  }
  for (let row = 1; row <= typed.length; row += 1) {
    const code = a[row - 1] ?? -1;
    const last = row > 1 ? (a[row - 2] ?? -1) : -1;
    const more = costOfOne(a, row - 1, typed.length);
    let least = (current[0] = (above[0] ?? 0) + more);
    for (let column = 1; column <= meant.length; column += 1) {
      const other = b[column - 1] ?? -1;
      let change = 0;
      if (code !== other) {
        change = isLetter(code) && isLetter(other) ? (replacements[code * LETTERS + other] ?? 1) : 1;
        if (row === 1 && column === 1 && change > MUTE_H) change += AT_BEGINNING;
      }
      let cost = Math.min(
        (above[column - 1] ?? 0) + change,
        (above[column] ?? 0) + more,
        (current[column - 1] ?? 0) + (lessOfB[column - 1] ?? 0),
      );
      if (row > 1 && column > 1 && last === other && code === b[column - 2] && code !== last)
        cost = Math.min(cost, (before[column - 2] ?? 0) + TRANSPOSED);
      current[column] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return least;
    [before, above, current] = [above, current, before];
  }
  return above[meant.length] ?? 0;
}

/** Sounds of letters, by language, in order of replacement. */
const HEARD: Readonly<Record<Language, readonly (readonly [RegExp, string])[]>> = {
  en: [
    [/^(?:kn|pn|gn)/, 'n'],
    [/^ps/, 's'],
    [/^wr|^rh/, 'r'],
    [/ph|gh(?=$|t)/g, 'f'],
    [/(?:[tsc]i|sh)[oeu]n(?=s?$|al)/g, 'xn'],
    [/sc(?=[eiy])/g, 's'],
    [/ch(?=[lrt])|ck|cc?h(?=[oe])/g, 'k'],
    [/c(?=[eiy])/g, 's'],
    [/c(?!h)|qu?/g, 'k'],
    [/x/g, 'ks'],
    [/ea|ee|ie|ei|y/g, 'i'],
    [/ae|oe/g, 'e'],
    [/ou/g, 'u'],
    [/au|aw/g, 'o'],
    [/(.)\1+/g, '$1'],
  ],
  es: [
    [/^ps/, 's'],
    [/ph/g, 'f'],
    [/(?:g[uü]|h[uü]|[uü])(?=a)|hu(?=e)/g, 'w'],
    [/ll/g, 'y'],
    [/cc/g, 'ks'],
    [/qu|k/g, 'k'],
    [/c(?=[eiy])|z/g, 's'],
    [/c(?!h)/g, 'k'],
    [/gu(?=[ei])/g, 'g'],
    [/g(?=[ei])/g, 'j'],
    [/x/g, 'ks'],
    [/h/g, ''],
    [/v/g, 'b'],
    [/m(?=[bpvf])/g, 'n'],
    [/(.)\1+/g, '$1'],
  ],
};

/** A folded word as it is heard in a language: two spellings of one sound are equal. */
const toHeard = (word: string, language: Language): string =>
  HEARD[language].reduce((heard, [written, sound]) => heard.replace(written, sound), word);

/** The same of a typed word, which is compared with many in turn. */
const hearTyped: Readonly<Record<Language, (typed: string) => string>> = {
  en: rememberLast((typed) => toHeard(typed, 'en')),
  es: rememberLast((typed) => toHeard(typed, 'es')),
};

/** Letters that only one of two spellings has: `shun` for `tion`. */
const MOST_DIFFERENT = 6;

/**
 * Returns the cost of the slips that make `typed` of `meant`, both folded: those of the ear (`ph` for `f`, in Spanish `v` for `b`) and the
 * finger little, any other letter 1. Larger costs than `most` are not measured and returned as Infinity.
 */
export function measureMisspelling(typed: string, meant: string, language: Language, most: number): number {
  if (countDifferent(toLetterSet(typed), toLetterSet(meant)) > MOST_DIFFERENT) return Infinity;
  const byLetters = alignLetters(typed, meant, language, most);
  const [heard, other] = [hearTyped[language](typed), toHeard(meant, language)];
  // Of one letter again and again no sound is left.
  const isHeard = 2 * heard.length >= typed.length;
  const leastSo = Math.min(most, byLetters);
  const bySound = isHeard ? alignLetters(heard, other, language, leastSo - ONLY_HEARD) + ONLY_HEARD : Infinity;
  const cost = Math.min(byLetters, bySound);
  return cost > most ? Infinity : cost;
}

/** Most that a misspelling of a word costs, by its letters: nine of ten cost less than one letter, and a short word has many neighbours. */
const MOST_COSTS = [0, 0, 0, 0, 0.5, 0.75, 0.9, 0.9, 1.05, 1.2, 1.5] as const;

/** Most that a misspelling of a word costs that nothing else confirms, by its letters. */
export const computeMostCost = (letters: number): number => MOST_COSTS[Math.min(letters, MOST_COSTS.length - 1)] ?? 0;
