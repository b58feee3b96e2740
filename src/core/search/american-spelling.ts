import { readDataFile } from '../read-data-file.js';

const RULES = (readDataFile('search/british-spelling.yaml') as readonly (readonly [pattern: string, is: string])[]).map(
  ([pattern, is]) => [new RegExp(pattern, 'g'), is] as const,
);

/** A folded word in American spelling, which pages and names of codes have: `oesophageal` → `esophageal`. */
export const toAmericanSpelling = (word: string): string =>
  RULES.reduce((spelt, [pattern, is]) => spelt.replace(pattern, is), word);
