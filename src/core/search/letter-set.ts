const A = 'a'.charCodeAt(0);

/** Bit set of a word's letters. */
export function toLetterSet(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index += 1) letters |= 1 << (word.charCodeAt(index) - A);
  return letters;
}

/** Letters that only one of two words has: words one edit apart differ in two at most. */
export function countDifferent(letters: number, others: number): number {
  // The bits of a number, added by twos, by fours and by eights.
  let bits = letters ^ others;
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
