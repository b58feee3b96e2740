import type { Numbering } from './rich-text.js';

const ROMAN = [
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
] as const;
const LETTERS = 26;

/** Roman numbers up to 39; longer lists of a leaflet have figures. */
function toRoman(number: number): string {
  let [left, written] = [number, ''];
  for (const [value, letters] of ROMAN) {
    while (left >= value) {
      written += letters;
      left -= value;
    }
  }
  return written;
}

const MOST_ROMAN = 39;

/** Writes the number of a list's item, from 1, in the list's way; beyond letters and short roman numbers in figures. */
export function numberItem(number: number, numbering: Numbering | undefined): string {
  const isRoman = numbering === 'i' || numbering === 'I';
  if (numbering === undefined || number > (isRoman ? MOST_ROMAN : LETTERS)) return String(number);
  const text = isRoman ? toRoman(number) : String.fromCharCode('a'.charCodeAt(0) + number - 1);
  return numbering === 'A' || numbering === 'I' ? text.toUpperCase() : text;
}
