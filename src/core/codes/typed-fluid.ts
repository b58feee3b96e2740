/** Share of dextrose in a fluid, and its solvent: water, saline, Ringer's lactate. `D50W`, `D5 1/2NS`, `D5LR`. */
const DEXTROSE =
  /^d ?\d{1,2}(?:\.\d{1,2})?(?: ?%)? ?(?:w|[ -]?(?:(?:1\/[234]|½|¼|0?\.\d{1,3} ?%?)[ -]?)?(?:nss?|nacl|lr))$/i;
/** The same in words, whatever it is in and for: `dextrose 50 % in water (D50W) prn hypoglycemia`. */
const WRITTEN = /^(?:dextrose|dextrosa) \d[\d.]* ?%/i;
/** Amount of a fluid, and the way in which it runs. */
const AMOUNT = /(?: \d[\d.,]* ?(?:ml|l|cc|gm?|amps?)| (?:iv|ivp|ivpb|push|bolus|bag|amps?|once|stat|x ?\d|prn))+$/i;
/** A longer line is about more than a fluid. */
const MAX_LENGTH = 80;
/** No ICD code has a W behind its first letter. */
const NO_ICD = /^[a-z]\d[\d.]*w$/i;

/** Whether a line is a dextrose solution, perhaps with how much of it: `D10W`, `D50W 25 g IV push`. */
export function isDextrose(line: string): boolean {
  if (line.length > MAX_LENGTH) return false;
  const typed = line.trim().replace(/\s+/g, ' ');
  return WRITTEN.test(typed) || DEXTROSE.test(typed.replace(AMOUNT, ''));
}

/** Whether a word that a person types looks like an ICD code and is none: `D50W` is a fluid, no anemia. */
export const isNoIcdCode = (word: string): boolean => isDextrose(word) || NO_ICD.test(word.trim());
