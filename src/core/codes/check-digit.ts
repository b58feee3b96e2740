/** Check digits: Verhoeff for SNOMED CT identifiers (RF2 specification, annex), modulus 10 for LOINC codes. */

/** Multiplies two digits as Verhoeff does, in the symmetries of a pentagon: 0 to 4 turn it, 5 to 9 turn it over. */
function multiply(a: number, b: number): number {
  const turned = (a < 5 ? a + b : a - b + 5) % 5;
  return a < 5 === b < 5 ? turned : 5 + turned;
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
/** Permutations of each digit at each of eight places: one more at each place than at the place before. */
const PERMUTED = [PERMUTATION.map((_, digit) => digit)];
while (PERMUTED.length < 8) PERMUTED.push((PERMUTED.at(-1) ?? []).map((digit) => PERMUTATION[digit] ?? 0));

/** Whether a string of digits ends in its Verhoeff check digit. */
export function hasVerhoeffCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    sum = multiply(sum, PERMUTED[place % 8]?.[digit] ?? 0);
  }
  return sum === 0;
}

/** Whether `number-check` (two strings of digits) carries its modulus 10 check digit, every second digit doubled. */
export function hasMod10CheckDigit(number: string, check: string): boolean {
  let sum = 0;
  for (let place = 0; place < number.length; place += 1) {
    const digit = Number(number[number.length - 1 - place]);
    const weighted = place % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return (10 - (sum % 10)) % 10 === Number(check);
}
