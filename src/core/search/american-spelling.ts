import { readDataFile } from '../read-data-file.js';

const DATA = readDataFile('search/british-spelling.yaml') as readonly (readonly [pattern: string, is: string])[];
const RULES = DATA.map(([pattern, is]) => [new RegExp(pattern, 'g'), is] as const);
/** Whether any of the rules applies: few words have a British spelling. */
const ANY = new RegExp(DATA.map(([pattern]) => pattern).join('|'));

/** A folded word in American spelling, which pages and names of codes have: `oesophageal` → `esophageal`. */
export const toAmericanSpelling = (word: string): string =>
  ANY.test(word) ? RULES.reduce((spelt, [pattern, is]) => spelt.replace(pattern, is), word) : word;
