const A = 'a'.charCodeAt(0);

/** Bit set of a word's letters. */
export function toLetterSet(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index += 1) letters |= 1 << (word.charCodeAt(index) - A);
  return letters;
}

/** Letters that only one of two words has: words one edit apart differ in two at most. */
export function countDifferent(letters: number, others: number): number {
  let count = 0;
  for (let left = letters ^ others; left !== 0; left &= left - 1) count += 1;
  return count;
}
